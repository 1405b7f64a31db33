"""What-ifs: an open scenario changed over and over, each answer from what is known already, and exact."""
