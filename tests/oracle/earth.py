"""Section 1: places on WGS 84, great circles on the mean sphere. SI and radians; arrays or scalars."""

import numpy as np

A = 6378137.0
FLATTENING = 1.0 / 298.257223563
E2 = FLATTENING * (2.0 - FLATTENING)
MU = 3.986004418e14
OMEGA = 7.292115e-5
R = 6371008.8


def ecef(latitude, longitude, altitude):
    """Return the ECEF position (..., 3) [m] of geodetic coordinates."""
    latitude, longitude, altitude = np.broadcast_arrays(latitude, longitude, altitude)
    normal = A / np.sqrt(1.0 - E2 * np.sin(latitude) ** 2)
    return np.stack(
        [
            (normal + altitude) * np.cos(latitude) * np.cos(longitude),
            (normal + altitude) * np.cos(latitude) * np.sin(longitude),
            (normal * (1.0 - E2) + altitude) * np.sin(latitude),
        ],
        axis=-1,
    )


def geodetic(position):
    """Return latitude, longitude, altitude of ECEF positions (..., 3): fixed point on the latitude."""
    x, y, z = np.moveaxis(np.asarray(position, dtype=float), -1, 0)
    equatorial = np.hypot(x, y)
    latitude = np.arctan2(z, equatorial * (1.0 - E2))
    for _ in range(12):  # each round gains more than two digits
        normal = A / np.sqrt(1.0 - E2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(z + E2 * normal * np.sin(latitude), equatorial)
    normal = A / np.sqrt(1.0 - E2 * np.sin(latitude) ** 2)
    # The projection on the local vertical: exact, and without trouble at the poles.
    altitude = equatorial * np.cos(latitude) + z * np.sin(latitude) - normal * (1.0 - E2 * np.sin(latitude) ** 2)
    return latitude, np.arctan2(y, x), altitude


def rotate_z(angle, position):
    """Turn positions (..., 3) by ``angle`` about the Earth's axis (Rz of the page)."""
    position = np.asarray(position, dtype=float)
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(position, -1, 0)
    return np.stack([c * x - s * y, s * x + c * y, z + 0.0 * c], axis=-1)


def unit_sphere(latitude, longitude):
    """Return unit vectors (..., 3) of geodetic latitudes used as if spherical."""
    return np.stack(
        np.broadcast_arrays(
            np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
        ),
        axis=-1,
    )


def ground_distance(latitude_1, longitude_1, latitude_2, longitude_2):
    """Return the great-circle distance on the mean sphere [m]: the angle between unit vectors, by its tangent."""
    u, v = unit_sphere(latitude_1, longitude_1), unit_sphere(latitude_2, longitude_2)
    return R * np.arctan2(np.linalg.norm(np.cross(u, v), axis=-1), np.sum(u * v, axis=-1))


def azimuth(latitude_1, longitude_1, latitude_2, longitude_2):
    """Return the azimuth at point 1 of the great circle to point 2, clockwise from north [rad], in [0, 2 pi)."""
    d = longitude_2 - longitude_1
    east = np.sin(d) * np.cos(latitude_2)
    north = np.cos(latitude_1) * np.sin(latitude_2) - np.sin(latitude_1) * np.cos(latitude_2) * np.cos(d)
    return np.arctan2(east, north) % (2.0 * np.pi)


def along(latitude, longitude, bearing, distance):
    """Return the point at a great-circle distance along an azimuth, built from vectors on the sphere."""
    up = unit_sphere(latitude, longitude)
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    north = np.cross(up, east)
    heading = np.cos(bearing) * north + np.sin(bearing) * east
    angle = np.asarray(distance, dtype=float)[..., None] / R
    point = np.cos(angle) * up + np.sin(angle) * heading
    return np.arctan2(point[..., 2], np.hypot(point[..., 0], point[..., 1])), np.arctan2(point[..., 1], point[..., 0])


def look_angles(latitude, longitude, altitude, positions):
    """Return slant range [m], elevation and azimuth [rad] of ECEF positions (n, 3) from a geodetic place."""
    line = np.asarray(positions) - ecef(latitude, longitude, altitude)
    up = unit_sphere(latitude, longitude)
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    north = np.array([-np.sin(latitude) * np.cos(longitude), -np.sin(latitude) * np.sin(longitude), np.cos(latitude)])
    e, n, u = line @ east, line @ north, line @ up
    return np.sqrt(e * e + n * n + u * u), np.arctan2(u, np.hypot(e, n)), np.arctan2(e, n) % (2.0 * np.pi)


def in_sight(latitude, longitude, altitude, positions):
    """Return whether ECEF positions (n, 3) are seen past the ellipsoid: by central angles, scaled to a unit sphere."""
    axes = np.array([A, A, A * (1.0 - FLATTENING)])
    site, others = ecef(latitude, longitude, altitude) / axes, np.asarray(positions) / axes
    near, far = np.linalg.norm(site), np.linalg.norm(others, axis=-1)
    apart = np.arctan2(np.linalg.norm(np.cross(site, others), axis=-1), others @ site)
    return apart <= np.arccos(1.0 / np.maximum(near, 1.0)) + np.arccos(1.0 / np.maximum(far, 1.0))
