"""What architectures cost: standing cost, roll-out by year, sampled intervals, cost per defended person."""
