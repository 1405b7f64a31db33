"""A certificate for one Dask cluster of this machine: who has not its key can neither speak to it nor listen."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from hoplon.errors import OutputError

_OPENSSL: Final = (
    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-nodes", "-sha256", "-days", "3650", "-subj", "/CN=hoplon"),
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
    with tempfile.TemporaryDirectory(prefix="hoplon-") as folder:  # its owner's alone
        key, certificate = Path(folder, "key"), Path(folder, "certificate")
        try:
            subprocess.run([*_OPENSSL, "-keyout", key, "-out", certificate], check=True, capture_output=True)
            made = {"key": key.read_text(encoding="ascii"), "cert": certificate.read_text(encoding="ascii")}
        except (OSError, subprocess.CalledProcessError):
            raise OutputError(
                "a Dask cluster of this machine needs a key of its own, or everybody on it could use the cluster: "
                "pip install cryptography, or take --executor process"
            ) from None
    shown = {f"tls_{role}_{part}": made[part] for role in ("client", "scheduler", "worker") for part in made}
    return security(require_encryption=True, tls_ca_file=made["cert"], **shown)
