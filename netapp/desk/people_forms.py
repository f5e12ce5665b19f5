"""What coordinators type about people."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from netapp.membership.models import MembershipKind
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


class MembershipForm(BaseForm):
    kind = SelectField("Kind of membership", validate_choice=True)
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 21/1/2027.")]
    )
    ends_on = DayField("Last day", hint="Leave it empty for a membership without an end.")
    note = TextField("Note", max_length=200, hint="Coordinators see it, and the activity log.")

    def __init__(self, *args: Any, kinds: Sequence[MembershipKind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [SelectChoice(kind.slug, kind.name) for kind in kinds]


class LockForm(BaseForm):
    reason = TextField("Reason", max_length=200)
