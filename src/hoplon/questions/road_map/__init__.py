"""The compared architectures in time: decisions, sites and interceptors, command, threat, coverage."""

NUMBER = ""
TITLE = "The road map"
SHORT_TITLE = "Road map"
