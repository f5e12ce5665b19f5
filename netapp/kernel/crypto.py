"""Sealed text: what the database holds but a stolen copy of it must not tell."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


class SealBroken(Exception):
    """The key is another one, or the bytes were moved or changed."""


def seal(secret: str, plain: bytes, *, bound_to: str) -> bytes:
    """AES-256-GCM. ``bound_to`` names table, column and row: moved elsewhere, it does not open."""
    nonce = os.urandom(12)
    return _VERSION + nonce + AESGCM(_key(secret)).encrypt(nonce, plain, bound_to.encode())


def unseal(secret: str, sealed: bytes, *, bound_to: str) -> bytes:
    """The plain bytes; raises ``SealBroken``."""
    if sealed[:1] != _VERSION:
        raise SealBroken
    try:
        return AESGCM(_key(secret)).decrypt(sealed[1:13], sealed[13:], bound_to.encode())
    except InvalidTag as error:
        raise SealBroken from error


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"netapp sealed columns\x00" + secret.encode()).digest()
