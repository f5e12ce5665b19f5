"""What a guest types to say that they are interested."""

from typing import Final

from wtforms.validators import DataRequired

from netapp.people.addresses import canonical
from netapp.web.forms import AddressField, BaseForm, TextField

NAME_LENGTH: Final = 120


class InterestForm(BaseForm):
    name = TextField(
        "Your name",
        max_length=NAME_LENGTH,
        validators=[DataRequired("Enter your name, like Sam Okoro.")],
    )
    email = AddressField(
        "Email address",
        canonical=canonical,
        hint="We send one mail, to make sure that it is yours.",
    )
