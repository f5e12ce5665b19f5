"""What the cells of a row mean, and what is wrong with them, in words for whoever made the file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Final

from netapp.imports.fields import LABELS, Field
from netapp.imports.names import fold, organisation_key
from netapp.imports.queries.days import read_day
from netapp.imports.queries.lists import Lists, kind_keys
from netapp.imports.queries.said import Said
from netapp.imports.queries.saying_checks import say_check
from netapp.imports.queries.saying_profile import say_profile
from netapp.kernel.words import join_words
from netapp.membership.models import AgeBand
from netapp.people.addresses import canonical
from netapp.people.errors import NotAnAddress

MOST: Final = {
    Field.NAME: 120,
    Field.ORGANISATION: 160,
    Field.ROLE: 120,
    Field.NOTE: 200,
}
YES: Final = {"yes", "y", "true", "1", "x", "ja"}
NO: Final = {"no", "n", "false", "0", "none"}
LEFT: Final = {"unsubscribed", "unsubscribe", "opted out", "non subscribed", "nonsubscribed"}
FAILED: Final = {"cleaned", "bounced", "hard bounce"}
NOT_THERE: Final = {
    *("not attending", "deleted", "refunded", "cancelled", "canceled", "refunded canceled"),
    *("transferred", "abandoned", "unpaid"),
}
LEFT_WORDS: Final = "They left the mailing list that this file comes from."
FAILED_WORDS: Final = "Mail to this address failed: it may not be theirs any more."
NOT_THERE_WORDS: Final = "They were not there in the end."


class Reader:
    """Reads row after row of one file."""

    def __init__(self, headings: Sequence[str], columns: Sequence[str], lists: Lists) -> None:
        self.lists = lists
        self.of: dict[Field, list[int]] = {}
        for number, name in enumerate(columns):
            if name:
                self.of.setdefault(Field(name), []).append(number)
        self.heading = {f: headings[numbers[0]] for f, numbers in self.of.items()}

    def read(self, cells: Sequence[str]) -> Said:
        texts = {f: [cells[n] for n in numbers] for f, numbers in self.of.items()}
        text = {f: found[0] for f, found in texts.items()}
        said = Said()
        self._address(said, text.get(Field.EMAIL, ""))
        self._words(said, text)
        self._area(said, text.get(Field.AREA, ""))
        self._membership(said, text)
        self._seat(said, text.get(Field.SEAT, ""))
        self._groups(said, texts.get(Field.GROUPS, []))
        say_profile(said, text, self._column)
        say_check(said, text, self._column, self.lists.checks)
        _standing(said, text)
        return said

    def _column(self, f: Field) -> str:
        return self.heading.get(f) or LABELS[f]

    def _address(self, said: Said, text: str) -> None:
        written = text.strip().removeprefix("mailto:").strip("<> ;,")
        if not written:
            said.fault(self._column(Field.EMAIL), "There is no address. Each person needs one.")
            return
        try:
            said.email = canonical(written)
        except NotAnAddress as refused:
            words = f"“{text[:80]}” is not an email address. {refused}"
            said.fault(self._column(Field.EMAIL), words)

    def _words(self, said: Said, text: Mapping[Field, str]) -> None:
        first = Field.NAME if Field.NAME in text else Field.FIRST_NAME
        if Field.NAME in text:
            name = _turned(text[Field.NAME])
        else:
            parts = text.get(Field.FIRST_NAME, ""), text.get(Field.LAST_NAME, "")
            name = " ".join(part for part in parts if part)
        self._text(said, Field.NAME, name, first)
        for f in (Field.ORGANISATION, Field.ROLE):
            self._text(said, f, text.get(f, ""), f)
        if key := organisation_key(said.says.get("organisation", "")):
            said.says["organisation_key"] = key

    def _text(self, said: Said, f: Field, text: str, column: Field) -> None:
        if not text:
            return
        if text.startswith("="):
            words = f"“{text[:40]}” is a formula. Write what it should say."
            said.fault(self._column(column), words)
        elif len(text) > MOST[f]:
            words = f"Shorten this to {MOST[f]} characters. It has {len(text)}."
            said.fault(self._column(column), words)
        else:
            said.says[f.value] = text

    def _area(self, said: Said, text: str) -> None:
        if not text:
            return
        if slug := self.lists.areas.get(fold(text)):
            said.says["area"] = slug
            return
        known = join_words(self.lists.area_names, "or")
        words = f"We do not know the area “{text[:60]}”. Write one of these: {known}."
        said.fault(self._column(Field.AREA), words)

    def _membership(self, said: Said, text: Mapping[Field, str]) -> None:
        days = {f: self._day(said, f, text.get(f, "")) for f in (Field.STARTS_ON, Field.ENDS_ON)}
        written = text.get(Field.KIND, "")
        if not written:
            return
        key = next(iter(kind_keys(written)))
        kind = self.lists.kinds.get(key)
        if kind is None:
            said.fault(self._column(Field.KIND), self._unknown_kind(key, written))
            return
        begins, ends = days[Field.STARTS_ON], days[Field.ENDS_ON]
        if begins and ends and ends < begins:
            said.fault(self._column(Field.ENDS_ON), "The last day is before the first day.")
            return
        band = text.get(Field.AGE_BAND, "")
        said.says["membership"] = {
            "kind": kind.id,
            "starts_on": begins and begins.isoformat(),
            "ends_on": ends and ends.isoformat(),
            "age_band": self._age_band(said, band, needed=kind.is_young),
        }
        note = Said()
        self._text(note, Field.NOTE, text.get(Field.NOTE, ""), Field.NOTE)
        said.faults += note.faults
        said.says["membership"] |= note.says

    def _unknown_kind(self, key: str, written: str) -> str:
        if key in self.lists.others:
            return (
                f"“{self.lists.others[key]}” is for organisations. Make the organisation a member "
                "on its page, and write yes in a column for seats here."
            )
        known = join_words(self.lists.kind_names, "or")
        return f"We have no kind of membership “{written[:60]}”. Write one of these: {known}."

    def _age_band(self, said: Said, text: str, *, needed: bool) -> str | None:
        bands = {fold(band.value): band.value for band in AgeBand}
        found = bands.get(fold(text.replace("to", "-")))
        if needed and found is None:
            known = join_words([band.value for band in AgeBand], "or")
            words = f"A young member has an age band. Write one of these: {known}."
            said.fault(self._column(Field.AGE_BAND), words)
        return found if needed else None

    def _day(self, said: Said, f: Field, text: str) -> date | None:
        found, wrong = read_day(text)
        if wrong:
            said.fault(self._column(f), wrong)
        return found

    def _seat(self, said: Said, text: str) -> None:
        if not text or fold(text) in NO:
            return
        if fold(text) in YES:
            said.says["seat"] = True
            return
        words = f"“{text[:40]}” is neither yes nor no."
        said.fault(self._column(Field.SEAT), words)

    def _groups(self, said: Said, texts: Sequence[str]) -> None:
        found: list[int] = []
        for name in [part.strip() for text in texts for part in self._names(text)]:
            group = self.lists.groups.get(fold(name))
            if group is None:
                near = get_close_matches(fold(name), list(self.lists.groups), n=1, cutoff=0.75)
                meant = f" Do you mean “{self.lists.groups[near[0]].name}”?" if near else ""
                words = f"There is no group “{name[:60]}”.{meant} Groups are made first."
                said.fault(self._column(Field.GROUPS), words)
            elif group.is_closed:
                said.fault(self._column(Field.GROUPS), f"The group “{group.name}” is closed.")
            elif group.id not in found:
                found.append(group.id)
        if found:
            said.says["groups"] = found

    def _names(self, text: str) -> list[str]:
        """A comma may be part of a name: the whole is looked up first."""
        parts = [part.strip() for part in re.split(r"[;|\n]", text) if part.strip()]
        return [
            name
            for part in parts
            for name in ([part] if fold(part) in self.lists.groups else part.split(","))
            if name.strip()
        ]


def _standing(said: Said, text: Mapping[Field, str]) -> None:
    status = fold(text.get(Field.STATUS, ""))
    if text.get(Field.FAILED) or status in FAILED:
        said.says["aside"] = "failed"
    elif text.get(Field.LEFT) or status in LEFT:
        said.says["aside"] = "left"
    elif status in NOT_THERE:
        said.says["aside"] = "not-there"


def _turned(name: str) -> str:
    """``Field, Jo`` as people say it."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name
