"""How sure a choice between architectures is while inputs are uncertain: shares, regret, indices, switches."""
