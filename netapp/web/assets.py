"""Addresses of static files. Each carries a hash of its content, so it may be cached for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"


def file_version(path: Path) -> str:
    """Ten hexadecimal digits that change when the file does."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=512)
def static_url(path: str) -> str:
    """Return the address of a file below static/; FileNotFoundError where there is none."""
    return f"/static/{path}?v={file_version(STATIC / path)}"
