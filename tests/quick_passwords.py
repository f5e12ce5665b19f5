"""Argon2 is slow on purpose; the tests hash and compare thousands of passwords, so here it is not.

What the true parameters are is tested in ``people/test_passwords.py``.
"""

import secrets

from argon2 import PasswordHasher, Type

from netapp.people import passwords

TRUE = {"_hasher": passwords._hasher, "_NOBODY": passwords._NOBODY}
_quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
QUICK = {"_hasher": _quick, "_NOBODY": _quick.hash(secrets.token_hex())}


def pytest_configure() -> None:
    """Before any module of tests is read: some hash a password once, for all their tests."""
    for name, value in QUICK.items():
        setattr(passwords, name, value)
