"""Forms that edit what is there already: made from a version, and nothing lost when it is stale."""

import hashlib
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField

from netapp.web.forms import BaseForm


class VersionField(HiddenField):
    """The version of what the form was made from. What is no number was made by no page of
    ours."""

    @property
    def number(self) -> int:
        text = str(self.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1


class EditForm(BaseForm):
    """``base`` tells what the form held when it was opened: where only other parts of the thing
    have changed since, the edit is not stale."""

    version = VersionField()
    base = HiddenField()

    def stamp(self, version: int) -> None:
        """Mark a form that was filled from the database."""
        self.version.data = str(version)
        self.base.data = self.fingerprint()

    def fingerprint(self) -> str:
        held = [(f.name, repr(f.data)) for f in self if f.name not in ("version", "base")]
        return hashlib.sha256(repr(held).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people filled in differently, in words."""

    label: str
    mine: str
    theirs: str


def differences(mine: BaseForm, theirs: BaseForm) -> list[Difference]:
    """The fields in which two fillings of the same form differ, in the order of the form."""
    found = []
    for field in mine:
        if field.name in ("version", "base") or field.name not in theirs:
            continue
        here, there = words_of(field), words_of(theirs[field.name])
        if here != there:
            found.append(Difference(str(field.label.text), here, there))
    return found


def words_of(field: Field) -> str:
    """What a field holds, as a person reads it."""
    if isinstance(field, BooleanField):
        return "Yes" if field.data else "No"
    if isinstance(field, FieldList):
        return "\n".join(words for entry in field if (words := words_of(entry)))
    if isinstance(field, FormField):
        return ", ".join(words for each in field.form if (words := words_of(each)))
    if getattr(field, "choices", None):
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[2])
    return "" if field.data is None else str(field.data)


def carried(form: Any, leave_out: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """What was sent, name by name, to be sent once more from a page in between."""
    ours = {"csrf_token", "once", *leave_out}
    return [(name, value) for name, value in form.items(multi=True) if name not in ours]
