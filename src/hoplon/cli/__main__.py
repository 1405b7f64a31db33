"""``python -m hoplon.cli`` is the command ``hoplon``."""

import sys

from hoplon.cli import main

sys.exit(main())
