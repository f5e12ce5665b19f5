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
DETAILS: Final = {"name": "Name", "organisation": "Organisation in their words"}


def does_words(does: Mapping[str, Any], areas: Mapping[str, str]) -> list[str]:
    """``areas``: the label of each slug."""
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
    return found


def _span(term: Mapping[str, Any]) -> str:
    first = day_words(date.fromisoformat(term["starts_on"]))
    if not term["ends_on"]:
        return f"{first} without an end"
    return f"{first} to {day_words(date.fromisoformat(term['ends_on']))}"
