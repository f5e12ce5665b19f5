"""A mail taken apart for a coordinator to read, without the secrets it carries."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from netapp.kernel.site import Site

SHOWN_HEADERS: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
HIDDEN: Final = "…"

_PUBLIC_PATH = re.compile(r"(/|/events(/[a-z0-9-]+)?|/calendar|/sign-in|/about|/privacy)?\Z")
_CODE = re.compile(r"(?<![#\w])\d{6}(?!\w)")
_LINK = re.compile(r"https?://[^\s\"'<>]+[^\s\"'<>.,;:)]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of the mail; with ``href`` a link of this site that may be followed."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class AttachedFile:
    name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Reading:
    headers: list[tuple[str, str]]
    text: list[Piece]
    html: str
    calendar: str  # The invitation, one property a line; "" without one.
    method: str  # Of the invitation, e.g. REQUEST.
    files: list[AttachedFile]


def read_mail(data: bytes, *, message: str, site: Site) -> Reading:
    """``message`` is its template: which says whether digits in it are a code.

    A link or a code would let the reader act as the person it was sent to. In the demo they are
    shown, and lead on, so that everything can be tried out.
    """
    mail = message_from_bytes(data, policy=SMTP)
    plain, html, calendar = (_part(mail, kind) for kind in ("plain", "html", "calendar"))
    bodies = [_content(part) for part in (plain, html, calendar)]
    bodies[2] = re.sub(r"\r?\n[ \t]", "", bodies[2])  # Folded lines, RFC 5545 section 3.1.
    if not site.demo:
        bodies = [hide_secrets(body, message=message, site=site) for body in bodies]
    return Reading(
        headers=[(name, str(mail[name])) for name in SHOWN_HEADERS if name in mail],
        text=pieces(bodies[0], site),
        html=_links_open_elsewhere(bodies[1]) if site.demo else bodies[1],
        calendar=bodies[2].replace("\r\n", "\n").strip(),
        method=str(calendar.get_param("method") or "") if calendar else "",
        files=[_file(part) for part in mail.iter_attachments()],
    )


def hide_secrets(body: str, *, message: str, site: Site) -> str:
    """Leave of each link to this site only what anybody may see; of a sign-in code, nothing."""
    link = re.compile(re.escape(site.base_url) + r"(?P<path>/[^\s\"'<>]*)?")
    shown = link.sub(lambda found: _without_secret(found, site), body)
    return _CODE.sub("••••••", shown) if message.startswith("people/code") else shown


def _without_secret(found: "re.Match[str]", site: Site) -> str:
    path = found["path"] or ""
    end = re.search(r"[.,;:)\\]*\Z", path)
    tail = end.group() if end else ""
    path = path.removesuffix(tail) if tail else path
    if _PUBLIC_PATH.match(path):
        return site.base_url + path + tail
    return f"{site.base_url}/{path.split('/')[1]}/{HIDDEN}{tail}"


def pieces(body: str, site: Site) -> list[Piece]:
    """Text and links in turn. Only links to this site are links, and only in the demo."""
    found: list[Piece] = []
    at = 0
    for link in _LINK.finditer(body):
        is_ours = site.demo and (link.group() + "/").startswith(site.base_url + "/")
        if not is_ours:
            continue
        found += [Piece(body[at : link.start()]), Piece(link.group(), href=link.group())]
        at = link.end()
    return [piece for piece in (*found, Piece(body[at:])) if piece.text]


def _part(mail: EmailMessage, kind: str) -> EmailMessage | None:
    """The part that mail programs show, not the file beside it."""
    for part in mail.walk():
        if part.get_content_type() == f"text/{kind}" and not part.is_attachment():
            return part
    return None


def _content(part: EmailMessage | None) -> str:
    return str(part.get_content()) if part is not None else ""


def _file(part: EmailMessage) -> AttachedFile:
    data = part.get_payload(decode=True)
    size = len(data) if isinstance(data, bytes) else 0
    return AttachedFile(part.get_filename() or "file", part.get_content_type(), size)


def _links_open_elsewhere(html: str) -> str:
    return html.replace("<head>", '<head><base target="_blank">', 1)
