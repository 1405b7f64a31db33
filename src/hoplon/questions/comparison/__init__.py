"""How architectures compare on the same threats, how sensitive they are to disputed inputs, which statements hold."""

NUMBER = "Q3"
TITLE = "How do the architectures compare on the same threats?"
SHORT_TITLE = "Comparison"
