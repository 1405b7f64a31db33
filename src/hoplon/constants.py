"""Physical constants, each with unit and source.

SI and radians throughout.
"""

from typing import Final

WGS84_SEMI_MAJOR_AXIS: Final = 6378137.0  # [m] NGA.STND.0036 (WGS 84), 2014, table 3.1
WGS84_INVERSE_FLATTENING: Final = 298.257223563  # [-] NGA.STND.0036, table 3.1
WGS84_FLATTENING: Final = 1.0 / WGS84_INVERSE_FLATTENING  # [-] derived
WGS84_ECCENTRICITY_SQUARED: Final = WGS84_FLATTENING * (2.0 - WGS84_FLATTENING)  # [-] derived
WGS84_SEMI_MINOR_AXIS: Final = WGS84_SEMI_MAJOR_AXIS * (1.0 - WGS84_FLATTENING)  # [m] derived
GRAVITATIONAL_PARAMETER: Final = 3.986004418e14  # [m3 s-2] NGA.STND.0036, table 3.1
ROTATION_RATE: Final = 7.292115e-5  # [rad s-1] NGA.STND.0036, table 3.1
MEAN_RADIUS: Final = 6371008.8  # [m] mean radius R1 = (2a + b) / 3 of GRS 80, Moritz 2000
