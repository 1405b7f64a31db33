"""What waiting with a plan costs, and what can be moved how fast when the threat comes otherwise."""

NUMBER = "Q15"
TITLE = "Is it adaptive: what does waiting cost, and what can be moved how fast?"
SHORT_TITLE = "Adaptivity"
