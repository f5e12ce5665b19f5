"""The words of messages as the database keeps them: a stolen copy of it does not tell them."""

from netapp.kernel import crypto
from netapp.kernel.site import Site


def sealed_words(site: Site, key: str, text: str) -> bytes:
    return crypto.seal(site.secret, text.encode(), bound_to=_bound_to(key))


def words_of(site: Site, key: str, sealed: bytes) -> str:
    """Raises ``SealBroken``."""
    return crypto.unseal(site.secret, sealed, bound_to=_bound_to(key)).decode()


def _bound_to(key: str) -> str:
    return f"directory_messages.sealed:{key}"
