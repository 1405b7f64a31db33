"""A study is a list of questions; each is one folder."""
