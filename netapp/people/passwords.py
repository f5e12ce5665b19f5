"""Passwords: Argon2id, 12 to 128 characters of any kind, none that is easy to guess.

Lengths and rules: NIST SP 800-63B, section 3.1.1.2 (no composition rules, no rotation, a list of
what is refused). Parameters: the 19 MiB profile of the OWASP password storage cheat sheet.
"""

import threading
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from netapp.people.common_passwords import is_easy_to_guess
from netapp.people.errors import PasswordRefused

SHORTEST = 12
LONGEST = 128  # Characters, after NFC.

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# Each takes 19 MiB for a moment: under a rush of sign-ins the process must stay small.
_two_at_once = threading.BoundedSemaphore(2)

# What an unknown account is measured against, so that it takes as long as a known one. No
# password fits: the one it was made from was random and is forgotten.
_NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "4BR4MkH2Uyvm3TiJeqX1mg$GuqM6RTnRmVZaBcThMjsL9+ACeNDR1rRyd/3o9vynaQ"
)


def check(password: str, *, context: Iterable[str] = ()) -> None:
    """Raise ``PasswordRefused`` unless the password may be used.

    ``context`` are words that everybody can connect with this account: the name of the network,
    of the person, the parts of the address.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise PasswordRefused(
            f"Use {SHORTEST} characters or more. Three or four words with spaces are fine."
        )
    if len(text) > LONGEST:
        raise PasswordRefused(f"Use {LONGEST} characters or fewer. This has {len(text)}.")
    if is_easy_to_guess(text, context=context):
        raise PasswordRefused(
            "That password is easy to guess. Try three or four words that have nothing to do"
            " with each other, or with you."
        )


def hashed(password: str) -> str:
    """What the database keeps. Takes about 0.03 seconds: not while a row is locked."""
    with _two_at_once:
        return _hasher.hash(normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash the same work is done, for nothing."""
    text = normal(password)
    try:
        with _two_at_once:
            _hasher.verify(password_hash or _NOBODY, text[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with other parameters than today's, so that it is to be made again."""
    return _hasher.check_needs_rehash(password_hash)


def normal(password: str) -> str:
    """NFC and nothing else: nothing is trimmed, cut or folded."""
    return unicodedata.normalize("NFC", password)
