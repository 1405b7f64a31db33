"""What national contributions add to the architectures that they are added to, nation by nation."""

NUMBER = "Q9"
TITLE = "What do national contributions (upgraded ships, lower-layer batteries) add, nation by nation?"
SHORT_TITLE = "National contributions"
