"""The web application: a server on this machine, and the page in ``static/``, which draws what the library answers."""
