"""Words in addresses."""

import re
import unicodedata

MAX_LENGTH = 80


def slugify(text: str) -> str:
    """``Working With Chaos: part 2`` becomes ``working-with-chaos-part-2``; never empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")
    return slug[:MAX_LENGTH].rstrip("-") or "event"
