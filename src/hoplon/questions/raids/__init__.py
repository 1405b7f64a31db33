"""How the defence holds under a raid: its size, losses of nodes and links, delays, errors."""

NUMBER = "Q14"
TITLE = "How does it hold under a raid?"
SHORT_TITLE = "Under a raid"
