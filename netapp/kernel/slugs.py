"""Words in addresses."""

import re
import unicodedata

MAX_LENGTH = 80


def slugify(text: str, *, fallback: str = "event") -> str:
    """``Working With Chaos: part 2`` becomes ``working-with-chaos-part-2``; ``fallback`` where
    nothing of it can stand in an address."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return slug[:MAX_LENGTH].rstrip("-") or fallback
