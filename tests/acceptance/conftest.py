"""What commands under test inherit."""

import signal

# A shell that begins the tests in the background has them ignore SIGINT, and every command that they begin as well.
signal.signal(signal.SIGINT, signal.default_int_handler)
