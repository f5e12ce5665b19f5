"""What those who look after checks and contacts type."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional

from netapp.people.addresses import canonical
from netapp.safeguarding.models import CheckKind, SafeguardingContact
from netapp.safeguarding.operations.contacts import Reach
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, DayField, TextField


class CheckForm(BaseForm):
    kind = SelectField("What did you see?", validators=[DataRequired("Choose what you saw.")])
    seen_on = DayField(
        "Seen on", validators=[DataRequired("Enter the day on which it was seen, like 21/1/2027.")]
    )
    due_on = DayField(
        "Look again on",
        hint="Leave it empty and we reckon it from the kind of check.",
        validators=[Optional()],
    )

    def __init__(self, *args: Any, kinds: Sequence[CheckKind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.choices = [SelectChoice(kind.slug, kind.name) for kind in kinds]

    @classmethod
    def new(cls, kinds: Sequence[CheckKind], today: date) -> "CheckForm":
        return cls(formdata=None, kinds=kinds, seen_on=today)


def _none_or_canonical(address: str) -> str:
    return canonical(address) if address else ""


class ContactForm(BaseForm):
    version = VersionField()
    name = TextField("Name", max_length=120, validators=[DataRequired("Enter a name.")])
    role = TextField("Role", max_length=120, hint="Like: Designated Safeguarding Lead.")
    phone = TextField("Telephone", max_length=40)
    email = AddressField("Email address", canonical=_none_or_canonical)
    hours = TextField("When they can be reached", max_length=200)

    @classmethod
    def of(cls, contact: SafeguardingContact | None) -> "ContactForm":
        if contact is None:
            return cls(formdata=None, version="0")
        return cls(
            formdata=None,
            version=str(contact.version),
            name=contact.name,
            role=contact.role,
            phone=contact.phone,
            email=contact.email,
            hours=contact.hours,
        )

    def reach(self) -> Reach:
        return Reach(
            name=self.name.data,
            role=self.role.data,
            email=self.email.address,
            phone=self.phone.data,
            hours=self.hours.data,
        )
