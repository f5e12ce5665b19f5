"""Random names and proofs: keys for addresses, secrets for links, signatures."""

import hashlib
import hmac
import secrets

# Crockford's base 32 without vowels: nothing to misread, no word to laugh at.
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"


def new_key(length: int = 12) -> str:
    """A random public id: it names a thing and proves nothing (4.8 bits a character)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_reference() -> str:
    """A booking reference that can be read out on the phone, e.g. ``7KQ4-X9PD-M2``."""
    letters = new_key(10).upper()
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def new_token() -> str:
    """A secret of 256 bits, base64url without padding (43 characters)."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Six digits, for a person to type."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_token(token: str) -> str:
    """What the database keeps of a secret: SHA-256, hexadecimal. Fit for random secrets only."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(secret: str, purpose: str, *parts: object) -> str:
    """HMAC-SHA-256 over a purpose and its parts, base64url-like hexadecimal of 128 bits."""
    text = "\x1f".join([purpose, *map(str, parts)])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def verify(secret: str, signature: str, purpose: str, *parts: object) -> bool:
    return hmac.compare_digest(sign(secret, purpose, *parts).encode(), signature.encode())
