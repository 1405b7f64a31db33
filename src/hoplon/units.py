"""Edge conversions: kilometres, degrees and seconds outside, SI and radians inside."""

import math
from typing import Final

KILOMETRE: Final = 1000.0  # [m]
DEGREE: Final = math.pi / 180.0  # [rad]
MILLIRADIAN: Final = 1e-3  # [rad]
