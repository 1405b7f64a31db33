"""What commands under test inherit."""

import signal

# A shell that begins the tests in the background has them ignore SIGINT, and the commands that are interrupted would too.
signal.signal(signal.SIGINT, signal.default_int_handler)
