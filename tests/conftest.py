"""What every test shares: no study prints a PDF unless its test says so, for a browser takes seconds.

Tests of an extra that is not installed are left out, as those of a browser are; on the build server they fail.
"""

import os
from importlib.util import find_spec

os.environ["HOPLON_BROWSER"] = ""
_OF_EXTRAS = {"SALib": "unit/test_indices_by_salib.py", "geopandas": "unit/test_read_back_by_geopandas.py"}
collect_ignore = [file for extra, file in _OF_EXTRAS.items() if not (find_spec(extra) or os.environ.get("CI"))]
