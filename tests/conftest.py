"""What every test shares: no study prints a PDF unless its test says so, for a browser takes seconds.

Tests of an extra that is not installed are left out, as those of a browser are; on the build server they fail.
"""

import os
from importlib.util import find_spec

os.environ["HOPLON_BROWSER"] = ""
collect_ignore = [] if find_spec("SALib") or os.environ.get("CI") else ["unit/test_indices_by_salib.py"]
