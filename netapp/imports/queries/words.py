"""What a row would do, in words for a coordinator."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from netapp.imports.models import ImportState, RowState
from netapp.kernel.words import day_words, join_words

STATE_WORDS: Final[dict[ImportState, str]] = {
    ImportState.COLUMNS: "Say what the columns are",
    ImportState.READING: "Being read",
    ImportState.PREVIEW: "Waits for you to look at it",
    ImportState.STARTED: "Being imported",
    ImportState.DONE: "Imported",
    ImportState.UNDOING: "Being undone",
    ImportState.UNDONE: "Undone",
}
ROW_WORDS: Final[dict[RowState, str]] = {
    RowState.UNREAD: "Not read yet",
    RowState.READ: "Not compared yet",
    RowState.FAULT: "To put right",
    RowState.ASK: "To compare",
    RowState.NEW: "New",
    RowState.CHANGE: "Changes somebody",
    RowState.SAME: "The same",
    RowState.LEFT_OUT: "Left out",
}
A_CHECK: Final = "Notes a safeguarding check"
CHECK_UNREAD: Final = "Something about a check. Somebody who looks after checks can read it."
PARTS: Final = {
    "role": "What they do",
    "pronouns": "Pronouns",
    "phone": "Phone",
    "website": "Website",
    "about": "About them",
}
LONGEST: Final = 80  # Characters of somebody's own words that are shown.
DETAILS: Final = {"name": "Name", "organisation": "Organisation in their words"}


def not_known(name: str, near: str) -> str:
    """An organisation that stands as words beside the person; ``near``: one it may be."""
    meant = f" Do you mean “{near}”?" if near else ""
    return f"The register does not know “{name}”.{meant} The name stands beside the person."


def does_words(
    does: Mapping[str, Any], areas: Mapping[str, str], *, sees_checks: bool = False
) -> list[str]:
    """``areas``: the label of each slug. Without ``sees_checks`` only that there is a check."""
    found = []
    if person := does.get("person"):
        if person["organisation"] and "works" not in does:
            found.append(f"Organisation in their words: {person['organisation']}")
        if person["area"]:
            found.append(f"Area: {areas.get(person['area'], person['area'])}")
    for name, (old, new) in does.get("details", {}).items():
        if name == "area":
            found.append(f"Area: {areas.get(old, 'nothing')} becomes {areas.get(new, new)}")
            continue
        found.append(f"{DETAILS[name]}: {old or 'nothing'} becomes {new}")
    if works := does.get("works"):
        what = f", as {works['role']}" if works["role"] else ""
        found.append(f"Works for {works['name']}{what}")
    if role := does.get("role"):
        found.append(f"At {role['name']}: {role['was'] or 'nothing'} becomes {role['is']}")
    if term := does.get("membership"):
        found.append(f"Member ({term['name']}), {_span(term)}")
    if term := does.get("term"):
        found.append(f"Member ({term['name']}), {_span(term['was'])} becomes {_span(term['is'])}")
    if seat := does.get("seat"):
        found.append(f"A seat of {seat['name']}")
    if groups := does.get("groups"):
        found.append(f"Joins {join_words([name for _, name in groups])}")
    found += _profile_words(does)
    if check := does.get("check"):
        found.append(_check_words(check) if sees_checks else A_CHECK)
    return found


def _profile_words(does: Mapping[str, Any]) -> list[str]:
    if profile := does.get("profile"):
        said = [(PARTS[name], "", new) for name, new in profile["is"].items()]
    elif text := does.get("profile_text"):
        was, now = text["was"], text["is"]
        said = [(PARTS[n], was[n], now[n]) for n in PARTS if was[n] != now[n]]
    else:
        return []
    parts = [
        f"{part}: {_short(old)} becomes {_short(new)}" if old else f"{part}: {_short(new)}"
        for part, old, new in said
    ]
    return ["In their profile, seen by nobody else. " + "; ".join(parts)]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _check_words(check: Mapping[str, Any]) -> str:
    seen = day_words(date.fromisoformat(check["seen_on"]))
    by = f" by {check['seen_by']}" if check["seen_by"] else ""
    due = f", due again {day_words(date.fromisoformat(check['due_on']))}" if check["due_on"] else ""
    return f"Check: {check['name']}, seen {seen}{by}{due}"


def _span(term: Mapping[str, Any]) -> str:
    first = day_words(date.fromisoformat(term["starts_on"]))
    if not term["ends_on"]:
        return f"{first} without an end"
    return f"{first} to {day_words(date.fromisoformat(term['ends_on']))}"
