"""Places on the WGS 84 ellipsoid, great circles on the mean sphere, the rotating frame."""
