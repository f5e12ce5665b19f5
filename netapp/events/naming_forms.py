"""Shape of the input that names people: a name and, where there is one, an address for each."""

from collections.abc import Sequence
from typing import Any, Protocol

from flask import request
from wtforms import BooleanField, FormField, HiddenField
from wtforms.validators import StopValidation

from netapp.events.forms import NAME_LENGTH
from netapp.events.operations.naming import Naming
from netapp.people.addresses import canonical
from netapp.web.forms import AddressField, BaseForm, TextField


class Named(Protocol):
    """Somebody on a booking."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


class _AddressOrNone(AddressField):
    """May be left empty; then ``address`` is."""

    def pre_validate(self, form: Any) -> None:
        if not self.data:
            self.address = ""
            raise StopValidation
        super().pre_validate(form)


class _PersonForm(BaseForm):
    name = TextField("Name", max_length=NAME_LENGTH)
    email = _AddressOrNone("Email address", canonical=canonical)
    same = BooleanField("It is the same person: only the name was wrong")
    seen = HiddenField()  # The name that the page showed.

    def validate_name(self, field: Any) -> None:
        if self.email.data and not field.data:
            raise StopValidation("Write the name beside the address.")


class NamesForm(BaseForm):
    """One part for each person; use ``names_form``."""

    def __init__(self, *args: Any, keys: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = keys

    def part(self, key: str) -> Any:
        """The fields of one person."""
        return self[_field_name(key)].form

    def bring_up_to_date(self, people: Sequence[Named]) -> None:
        """Somebody else named people in between: show that, and keep what was typed here."""
        for line in people:
            part = self.part(line.key)
            if (part.name.data or "") == (part.seen.data or "") and not part.email.data:
                part.name.data = line.name
            part.seen.data = line.name

    def take_over(self, typed: Sequence[tuple[str, str]]) -> list[str]:
        """Give the first open places to these names and addresses, whose own were named by others
        meanwhile; returns the names for which no place is left."""
        parts = [self.part(key) for key in self.keys]
        free = [part for part in parts if not (part.name.data or part.seen.data)]
        for part, (name, email) in zip(free, typed, strict=False):
            part.name.data, part.email.data = name, email
        return [name for name, _ in typed[len(free) :]]

    @property
    def namings(self) -> list[Naming]:
        """What is different from what the page showed. Of a form that is valid."""
        found = []
        for key in self.keys:
            part = self.part(key)
            name, email, seen = part.name.data or "", part.email.address, part.seen.data or ""
            if name != seen or email:
                found.append(Naming(key, name, email, seen=seen, same=bool(part.same.data)))
        return found


def sent_for(key: str) -> tuple[str, str]:
    """(name, address) that came with the request for one person, whatever it was."""
    sent = request.form.get
    name, email = (sent(f"{_field_name(key)}-{what}", "") for what in ("name", "email"))
    return name.strip()[:NAME_LENGTH], email.strip()[:NAME_LENGTH]


def names_form(people: Sequence[Named], *, sent: bool) -> NamesForm:
    """For these people; ``sent``: filled with what came with the request."""
    fields = {_field_name(line.key): FormField(_PersonForm) for line in people}
    made = type("_NamesForm", (NamesForm,), fields)
    options: dict[str, Any] = {} if sent else {"formdata": None}
    form: NamesForm = made(keys=[line.key for line in people], **options)
    for line in people:
        part = form.part(line.key)
        if not sent:
            part.name.data = line.name
            part.seen.data = line.name
    return form


def _field_name(key: str) -> str:
    return f"p-{key}"
