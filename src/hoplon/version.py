"""The version that every output carries."""

from typing import Final

VERSION: Final = "0.1.0"
