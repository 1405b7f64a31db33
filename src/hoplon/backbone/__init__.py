"""Command and control as an event simulation: pure handlers, integer time, a total order, keyed draws."""
