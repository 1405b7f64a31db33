"""What national contributions add to the architectures that they are added to."""

NUMBER = "Q9"
TITLE = "What do Allies add, at the level of coverage?"
SHORT_TITLE = "Allied contributions"
