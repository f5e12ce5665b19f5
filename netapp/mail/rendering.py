"""From a message's name and what it is about to words: subject, text and HTML.

Templates stand in templates/mail/<domain>/<message>/. Values are escaped in HTML; in text they
are one line each, or fenced, so that nothing a person typed can look like words of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError, select_autoescape

from netapp.kernel import words
from netapp.kernel.site import Site

if TYPE_CHECKING:
    from css_inline import CSSInliner

TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "mail"
SUBJECT_TITLE_LENGTH: Final = 120

OPTIONAL: Final[Mapping[str, Any]] = {
    "attached": 0,
    "browser": None,
    "calendar_mails": 0,  # How many calendar messages follow, each in a mail of its own.
    "cancel_until": None,
    "cancelled_by": None,
    "changes": (),
    "clashes": (),  # What else they have at that time.
    "contact": None,
    "cost": None,  # In words.
    "dates": (),
    "full": False,
    "has_invitation": False,
    "hours": None,
    "invitations_url": None,
    "is_guest": False,
    "joining_url": None,
    "keeps": "",  # What they have beside an offer to swap it: online.
    "leave_url": None,
    "manage_url": None,
    "minutes": None,
    "name": None,
    "needs_step": False,  # A second step of signing in, before the rest can be done.
    "offer_ends": None,
    "online": False,
    "given_by": None,  # Who booked for the person that is written to.
    "organisation": None,
    "party": None,
    "only_waited": False,  # Whoever is written to had no place.
    "others": (),
    "reason": None,
    "reference": None,
    "several": False,  # Dates, each booked by itself.
    "summary": None,
    "take_url": None,
    "uncertain": None,
    "url": None,
    "when": None,
    "welcome": None,
    "until": None,
    "referee": False,
    "payment": None,  # How to pay.
    "order_number": None,
    "has_invoice": False,
    "has_seat": False,  # Of the organisation whose contact they become.
    "seats_left": None,  # In words.
    "fee": None,  # In pounds.
    "has_term": False,
    "credits": None,  # The number of the invoice that a credit note takes back.
}
"""What a message may do without. Any other name a template uses must be given."""

DATE: Final[dict[str, Any]] = {
    "calendar_url": None,
    "held_until": None,  # Of a place on offer, in words.
    "place": None,
    "places": 1,
    "position": None,
    "segments": (),
    "state": "confirmed",
    "title": None,
}
CHANGE: Final[dict[str, Any]] = {"before": None}

# A name such as "Win at evil.example" would become a link in the mail that greets it, and anybody
# may type a name beside a stranger's address.
_LINK_LIKE = re.compile(r"[/@\\]|www\.|\w\.[^\W\d_]{2,}", re.IGNORECASE)
_LINK = re.compile(r"//|[@\\]|www\.|\w\.[^\W\d_]{2,}", re.IGNORECASE)  # Orders may have a stroke.


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


class UnknownMessage(Exception):
    """There are no templates for a message of this name."""


class Fenced(str):
    """Text of several lines, made so that each line shows it is quoted."""


def render(message: str, context: Mapping[str, Any], *, site: Site) -> Rendered:
    """Raises ``UnknownMessage``, and jinja2's ``UndefinedError`` where something is missing."""
    values = _values(message, context, site)
    body = _text_templates().get_template(f"{message}/body.txt").render(values)
    html = _html_templates().get_template(f"{message}/body.html").render(values)
    return Rendered(_subject(message, values), _tidy(body), _inliner().inline(html))


def render_subject(message: str, context: Mapping[str, Any], *, site: Site) -> str:
    """The subject alone, which is known long before the rest is needed. Raises as ``render``."""
    return _subject(message, _values(message, context, site))


def _values(message: str, context: Mapping[str, Any], site: Site) -> dict[str, Any]:
    if not _is_known(message):
        raise UnknownMessage(message)
    values = {**OPTIONAL, **context, "site": site}
    values["greeting"] = greeting(values["name"])
    values["dates"] = [DATE | date for date in values["dates"]]
    if values["has_invitation"] or values["calendar_mails"]:  # One way into the calendar is enough.
        values["dates"] = [date | {"calendar_url": None} for date in values["dates"]]
    values["changes"] = [CHANGE | change for change in values["changes"]]
    return values


def _subject(message: str, values: Mapping[str, Any]) -> str:
    subject = _text_templates().get_template(f"{message}/subject.txt").render(values)
    return " ".join(subject.split())


@cache
def _is_known(message: str) -> bool:
    """Names come from the program, so there are as many as there are templates."""
    return bool(re.fullmatch(r"[a-z_]+/[a-z_]+", message)) and (TEMPLATES / message).is_dir()


def greeting(name: str | None) -> str:
    """Hello Sam, or without the name where there is none or it is no name."""
    return f"Hello {name}," if name and not _LINK_LIKE.search(name) else "Hello,"


def plain(value: str | None) -> str:
    """What a stranger typed in one line; nothing where a mail program would make a link of it."""
    return value if value and not _LINK.search(value) else ""


def fenced(value: str | None) -> Fenced:
    """What somebody wrote, each line after a bar."""
    lines = (value or "").strip().splitlines() or [""]
    return Fenced("\n".join(f"| {line}".rstrip() for line in lines))


def in_subject(title: str) -> str:
    """A title cut so that what follows it in the subject still shows."""
    title = " ".join(title.split())
    if len(title) <= SUBJECT_TITLE_LENGTH:
        return title
    return title[:SUBJECT_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def hours_long(hours: int) -> str:
    """24 hours, 14 days."""
    if hours > 24 and hours % 24 == 0:
        return words.count_words(hours // 24, "day")
    return words.count_words(hours, "hour")


def _tidy(text: str) -> str:
    """No trailing blanks, at most one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _given(value: Any) -> Any:
    """What may be missing is asked for with ``if``; printed, it is a mistake."""
    if value is None:
        raise UndefinedError("a value that this message needs is missing")
    return value


def _one_line(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Fenced):
        return " ".join(value.split())
    return _given(value)


@cache
def _text_templates() -> Environment:
    return _environment(finalize=_one_line)


@cache
def _html_templates() -> Environment:
    return _environment(finalize=_given)


@cache
def _inliner() -> CSSInliner:
    """Many mail programs drop style sheets, so the rules of mail.css go into the elements."""
    from css_inline import CSSInliner  # The worker makes mails; the web server does without.

    css = (TEMPLATES / "mail.css").read_text(encoding="utf-8")
    return CSSInliner(extra_css=css, load_remote_stylesheets=False, keep_style_tags=False)


def _environment(**options: Any) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        **options,
    )
    for name in ("date_words", "time_words", "hours_words", "span_words", "dates_words"):
        environment.filters[name] = getattr(words, name)
    environment.filters |= {
        "count_words": words.count_words,
        "join_words": words.join_words,
        "fenced": fenced,
        "plain": plain,
        "in_subject": in_subject,
        "hours_long": hours_long,
    }
    return environment
