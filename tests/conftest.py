"""What every test shares: no study prints a PDF unless its test says so, for a browser takes seconds."""

import os

os.environ["HOPLON_BROWSER"] = ""
