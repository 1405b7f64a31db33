"""What each architecture still defends after losses of its sites, and whether a net survives better than one site."""

NUMBER = "Q6"
TITLE = "What is left after a blow? Does a net of sites survive better than one big site?"
SHORT_TITLE = "Survivability"
