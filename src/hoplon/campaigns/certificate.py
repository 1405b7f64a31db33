"""A certificate for one Dask cluster of this machine: who has not its key can neither speak to it nor listen."""

from __future__ import annotations

import re
import subprocess
from typing import Any, Final

from hoplon.errors import OutputError

_OPENSSL: Final = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-nodes", "-sha256", "-days", "3650", "-subj", "/CN=hoplon"),
    *("-keyout", "/dev/stdout", "-out", "/dev/stdout"),  # no file holds it
)


def temporary_security(security: Any) -> Any:
    """Return what the cluster's scheduler, workers and client show each other, made anew and kept in memory alone.

    Parameters
    ----------
    security : type
        ``distributed.Security``.

    Raises
    ------
    OutputError
        If neither the package cryptography nor OpenSSL is there to make a key.
    """
    try:
        return security.temporary()
    except ImportError:  # without the package cryptography
        pass
    try:
        told = subprocess.run(_OPENSSL, check=True, capture_output=True).stdout.decode("ascii")
        made = {"key": _part(told, "PRIVATE KEY"), "cert": _part(told, "CERTIFICATE")}
    except (OSError, subprocess.CalledProcessError, ValueError):
        raise OutputError(
            "a Dask cluster of this machine needs a key of its own, or everybody on it could use the cluster: "
            "pip install cryptography, or take --executor process"
        ) from None
    shown = {f"tls_{role}_{part}": made[part] for role in ("client", "scheduler", "worker") for part in made}
    return security(require_encryption=True, tls_ca_file=made["cert"], **shown)


def _part(told: str, name: str) -> str:
    """Return the part of a text in PEM with a name."""
    found = re.search(f"-----BEGIN {name}-----\n.+?-----END {name}-----\n", told, re.DOTALL)
    if found is None:
        raise ValueError(name)
    return found[0]
