"""Which elements carry an architecture: what is lost with each of them alone, and what turns a yes into a no."""

NUMBER = "Q10"
TITLE = "Which element matters most, and to whom? What would turn a yes into a no?"
SHORT_TITLE = "Elements"
