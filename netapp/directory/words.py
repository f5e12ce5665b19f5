"""Words as a search compares them."""

import unicodedata


def folded(text: str) -> str:
    """Without case and without marks: Zoë is found by zoe."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
