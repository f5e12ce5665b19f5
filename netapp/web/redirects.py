"""The one door for addresses that come from outside and are followed."""

import re

_PLAIN_PATH = re.compile(r"/(?![/\\])[A-Za-z0-9_\-./~%?=&+:,]*\Z")


def safe_path(target: str | None, *, fallback: str = "/") -> str:
    """``target`` if it is a path on this site, else ``fallback``.

    Decided by what it is allowed to be, not by what it must not be: one slash, then only the
    characters that our own addresses have. No host, scheme, backslash, control or second slash
    can follow, whatever a browser makes of it.
    """
    if target and len(target) <= 500 and _PLAIN_PATH.match(target) and "//" not in target:
        return target
    return fallback
