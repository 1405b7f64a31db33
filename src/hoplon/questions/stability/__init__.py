"""Which of a third party's strategic trajectories the architectures could engage, and at what burnout speed."""

NUMBER = "Q12"
TITLE = "Does it threaten a third party's strategic deterrent?"
SHORT_TITLE = "Stability"
