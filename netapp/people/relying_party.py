"""Who passkeys are made for: our host, as the base address names it (WebAuthn, section 5.4.2)."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from netapp.kernel.site import Site


@dataclass(frozen=True, slots=True)
class RelyingParty:
    id: str  # A host name; passkeys know no numbers.
    name: str
    origin: str  # Scheme, host and port of our pages.


def relying_party(site: Site) -> RelyingParty:
    """The demo runs at a number, 127.0.0.1; ``localhost`` is the same machine with a name."""
    parts = urlsplit(site.base_url)
    host = parts.hostname or ""
    if _is_number(host):
        host = "localhost"
    port = f":{parts.port}" if parts.port else ""
    return RelyingParty(id=host, name=site.name, origin=f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
