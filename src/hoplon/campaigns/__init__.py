"""Campaigns: many raids cut in chunks, on one worker or many, that stop and go on without a digit changing."""
