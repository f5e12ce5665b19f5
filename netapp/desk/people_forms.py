"""What coordinators type about people."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from netapp.membership.models import MembershipKind
from netapp.membership.queries.people_list import MembershipLine
from netapp.organisations.queries.people import Workplace
from netapp.people.addresses import canonical
from netapp.people.models import Person
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, DayField, TextField


def _name() -> TextField:
    return TextField(
        "Name", max_length=120, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )


class AddPersonForm(BaseForm):
    name = _name()
    email = AddressField("Email address", canonical=canonical)
    organisation = TextField("Organisation", max_length=120)
    invite = BooleanField("Send an invitation to open an account")


class DetailsForm(BaseForm):
    version = VersionField()
    name = _name()
    organisation = TextField("Organisation", max_length=120)

    @classmethod
    def of(cls, person: Person) -> "DetailsForm":
        return cls(
            formdata=None,
            version=str(person.version),
            name=person.name,
            organisation=person.organisation,
        )


class AddressForm(BaseForm):
    version = VersionField()
    email = AddressField("New email address", canonical=canonical)
    reason = TextField(
        "Why it is changed",
        max_length=200,
        hint="For the activity log, like: rang us, changed job.",
        validators=[DataRequired("Say why, in a few words.")],
    )


class LockForm(BaseForm):
    reason = TextField("Reason", max_length=200)


class TermForm(BaseForm):
    """A term of membership that is there, to be put right; ``base`` is how it was when the page
    was made."""

    base = HiddenField()
    kind = SelectField("Kind of membership", validate_choice=True)
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 21/1/2027.")]
    )
    ends_on = DayField("Last day", hint="Leave it empty for a membership without an end.")
    note = TextField("Note", max_length=200, hint="Coordinators see it.")

    def __init__(
        self, *args: Any, key: str, kinds: Sequence[MembershipKind], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [SelectChoice(kind.slug, kind.name) for kind in kinds]
        _name_apart(self, f"term-{key}")

    @classmethod
    def of(cls, line: MembershipLine, kinds: Sequence[MembershipKind]) -> "TermForm":
        form = cls(
            formdata=None,
            key=line.key,
            kinds=kinds,
            kind=line.kind_slug,
            starts_on=line.starts_on,
            ends_on=line.ends_on,
            note=line.note,
        )
        form.base.data = line.fingerprint
        return form


class WorkForm(BaseForm):
    """As ``TermForm``, of where somebody works."""

    base = HiddenField()
    role = TextField("What they do there", max_length=120)
    starts_on = DayField("First day", hint="Leave it empty if nobody knows.")
    ends_on = DayField("Last day", hint="Leave it empty as long as they work there.")

    def __init__(self, *args: Any, key: str, **options: Any) -> None:
        super().__init__(*args, **options)
        _name_apart(self, f"work-{key}")

    @classmethod
    def of(cls, work: Workplace) -> "WorkForm":
        form = cls(
            formdata=None,
            key=work.key,
            role=work.role,
            starts_on=work.starts_on,
            ends_on=work.ends_on,
        )
        form.base.data = work_fingerprint(work)
        return form


def work_fingerprint(work: Workplace) -> str:
    return f"{work.role}|{work.starts_on}|{work.ends_on}"[:160]


def _name_apart(form: BaseForm, name: str) -> None:
    """Several such forms stand on one page: each field has an id of its own."""
    for field in form:
        field.id = f"{name}-{field.name}"
        field.label.field_id = field.id
