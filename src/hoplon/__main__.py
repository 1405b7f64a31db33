"""``python -m hoplon`` is the command ``hoplon``."""

import sys

from hoplon.cli import main

sys.exit(main())
