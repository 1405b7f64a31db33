"""The web application: a server on this machine for the pages of ``static/``, which draw what ``hoplon.api`` answers."""
