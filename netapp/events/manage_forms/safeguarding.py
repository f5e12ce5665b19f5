"""Whom to talk to at one event."""

from wtforms.validators import DataRequired

from netapp.people.addresses import canonical
from netapp.safeguarding.models import SafeguardingContact
from netapp.safeguarding.operations.contacts import Reach
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, TextField


def _none_or_canonical(address: str) -> str:
    return canonical(address) if address else ""


class EventContactForm(BaseForm):
    version = VersionField()
    name = TextField("Name", max_length=120, validators=[DataRequired("Enter a name.")])
    role = TextField("Role", max_length=120, hint="Like: safeguarding lead of the venue.")
    phone = TextField("Telephone", max_length=40)
    email = AddressField("Email address", canonical=_none_or_canonical)

    @classmethod
    def of(cls, contact: SafeguardingContact | None) -> "EventContactForm":
        if contact is None:
            return cls(formdata=None, version="0")
        return cls(
            formdata=None,
            version=str(contact.version),
            name=contact.name,
            role=contact.role,
            phone=contact.phone,
            email=contact.email,
        )

    def reach(self) -> Reach:
        return Reach(self.name.data, self.role.data, self.email.address, self.phone.data)
