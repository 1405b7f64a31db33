"""Fuzzing: scenarios and argument lists that are nearly right; each is answered or refused, soon and in little memory.

``python -m tests.fuzz --scenarios 100000 --arguments 10000`` is the long run; ``test_fuzz.py`` a short one for the
checks, which also replays ``corpus``: every input that once failed.
"""
