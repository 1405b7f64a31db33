"""Keys of a run: ZeroMQ's CURVE, with a key pair for the time manager and one for every element, made anew each time.

CURVE encrypts and authenticates both ways, and a message that is sent again is none. Whoever does not know the
manager's public key is not answered; whose own key is not on the manager's list is refused; and the key of a connection
tells which element it is. There is no way round it: neither side speaks without.

References
----------
.. [1] ZeroMQ RFC 26 (CurveZMQ) and RFC 27 (ZAP), https://rfc.zeromq.org.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from hoplon.backbone.federation.records import MOST_BYTES
from hoplon.errors import InputError, OutputError
from hoplon.extras import extra

DOMAIN: Final = "hoplon"
_FORM: Final = re.compile(r"hoplon-federation-key ([0-9]{1,5}) ([0-9a-f]{64}) ([0-9a-f]{64})\Z")
_SHAKING_HANDS: Final = 10_000  # [ms] for one who connects to show its key


@dataclass(frozen=True)
class ElementKey:
    """What one element needs to take part in a run.

    Attributes
    ----------
    element : int
        Its number, which the key stands for.
    manager : bytes
        The time manager's public key, 32 bytes.
    secret : bytes
        The element's own secret key, 32 bytes; no ``repr`` shows it.
    """

    element: int
    manager: bytes = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """Return the key as one line, as a file or a variable of the environment holds it."""
        return f"hoplon-federation-key {self.element} {self.manager.hex()} {self.secret.hex()}"

    @classmethod
    def read(cls, text: str) -> ElementKey:
        """Return the key that a line holds.

        Raises
        ------
        InputError
            If it holds none; nothing of the line is quoted.
        """
        found = _FORM.match(text.strip())
        if found is None:
            raise InputError(
                "no key of a federation; the line that `federate --remote ELEMENT --keys DIR` wrote was expected"
            )
        return cls(int(found[1]), bytes.fromhex(found[2]), bytes.fromhex(found[3]))


def zmq_with_curve() -> Any:
    """Return the module zmq.

    Raises
    ------
    OutputError
        If pyzmq is not installed, or has no CURVE.
    """
    with extra("federation", "a federation"):
        import zmq
    if not zmq.has("curve"):
        raise OutputError(
            "pyzmq is built without CURVE (libsodium) here, and elements do not speak unencrypted: install it from a "
            "wheel (pip install --force-reinstall --only-binary :all: pyzmq)"
        )
    return zmq


def new_secret() -> bytes:
    """Return a new secret key, 32 bytes."""
    zmq = zmq_with_curve()
    from zmq.utils import z85

    return bytes(z85.decode(zmq.curve_keypair()[1]))


def public_of(secret: bytes) -> bytes:
    """Return the public key of a secret one, 32 bytes."""
    zmq = zmq_with_curve()
    from zmq.utils import z85

    return bytes(z85.decode(zmq.curve_public(z85.encode(secret))))


def be_manager(socket: Any, secret: bytes) -> None:
    """Let a socket take connections of those alone whom the ZAP handler of its context lets in."""
    socket.curve_secretkey = secret
    socket.curve_server = True
    socket.zap_domain = DOMAIN.encode()
    socket.setsockopt(zmq_with_curve().ZAP_ENFORCE_DOMAIN, 1)  # nobody is let in where nobody asks who it is
    _bound(socket)


def be_element(socket: Any, key: ElementKey) -> None:
    """Let a socket connect to the time manager of a run alone, under an element's key."""
    socket.curve_secretkey = key.secret
    socket.curve_publickey = public_of(key.secret)
    socket.curve_serverkey = key.manager
    _bound(socket)


def _bound(socket: Any) -> None:
    """Bound what a connection may send, and how long it may take to show its key."""
    zmq = zmq_with_curve()
    socket.setsockopt(zmq.MAXMSGSIZE, MOST_BYTES)
    socket.setsockopt(zmq.HANDSHAKE_IVL, _SHAKING_HANDS)
