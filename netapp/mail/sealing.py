"""A mail as the database keeps it: sealed, for it may hold a link or a code."""

from netapp.kernel import crypto
from netapp.kernel.site import Site


def seal(site: Site, key: str, plain: bytes) -> bytes:
    """For the row of this key alone."""
    return crypto.seal(site.secret, plain, bound_to=_row(key))


def unseal(site: Site, key: str, sealed: bytes) -> bytes:
    """Raises ``crypto.SealBroken``, e.g. after the secret was changed."""
    return crypto.unseal(site.secret, sealed, bound_to=_row(key))


def _row(key: str) -> str:
    return f"outbox_messages.sealed:{key}"
