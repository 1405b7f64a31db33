"""How the architectures compare on the same threats, which disputed input decides, which public statements hold."""

NUMBER = "Q3"
TITLE = "Phased approach against programme of record, on the same threats"
SHORT_TITLE = "Phases against programme"
