"""Whether an architecture could engage a third party's strategic missiles (question 12)."""
