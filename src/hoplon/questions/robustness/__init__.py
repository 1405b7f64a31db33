"""How sure the choice between architectures is while inputs are uncertain: best in how many samples, at what regret."""

NUMBER = "Q13"
TITLE = "How sure is the choice? Can one decide before the details are settled?"
SHORT_TITLE = "Robustness"
