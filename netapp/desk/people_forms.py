"""What coordinators type about people."""

import re

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from netapp.people.addresses import canonical
from netapp.people.models import Person
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
    version = HiddenField()
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

    @property
    def edited_version(self) -> int:
        """The version the form was made from; 0, which never was, for anything odd."""
        text = self.version.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


class MembershipForm(BaseForm):
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 21/1/2027.")]
    )
    ends_on = DayField("Last day", hint="Leave it empty for a membership without an end.")
    note = TextField("Note", max_length=200, hint="Coordinators see it, and the activity log.")


class CloseForm(BaseForm):
    reason = TextField("Reason", max_length=200)
