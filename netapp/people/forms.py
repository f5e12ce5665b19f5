"""Shape of the input; whether somebody may do it is for operations to say."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from netapp.people.addresses import canonical
from netapp.people.models import Person
from netapp.people.passwords import SHORTEST
from netapp.vocabulary.models import Term
from netapp.web.edits import VersionField
from netapp.web.forms import AddressField, BaseForm, SecretField, TextField, choices_of

NAME_LENGTH = 120
PASSWORD_HINT = f"{SHORTEST} characters or more. Three or four words with spaces are fine."


def name_field(label: str = "Your name") -> TextField:
    return TextField(
        label, max_length=NAME_LENGTH, validators=[DataRequired("Enter a name, like Sam Okoro.")]
    )


class SignInForm(BaseForm):
    email = AddressField("Email address", canonical=canonical)
    password = SecretField("Password")


class RegisterForm(BaseForm):
    name = name_field()
    email = AddressField("Email address", canonical=canonical)
    password = SecretField("Choose a password", hint=PASSWORD_HINT)


class CodeForm(BaseForm):
    """Blanks and hyphens are let in, however they were pasted."""

    code = TextField("Six-digit code", max_length=40)

    def validate_code(self, field: Any) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.digits):
            raise ValidationError("Type the six digits from the email.")

    @property
    def digits(self) -> str:
        return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", self.code.data or ""))


class SecondCodeForm(BaseForm):
    """Six digits of an app, or a recovery code; blanks and hyphens are let in."""

    code = TextField("Code", max_length=60, validators=[DataRequired("Type a code.")])


class AgainForm(BaseForm):
    """A code, a recovery code or a password: whatever this person has."""

    proof = SecretField("Code")


class ForgottenForm(BaseForm):
    email = AddressField("Email address", canonical=canonical)


class NewPasswordForm(BaseForm):
    password = SecretField(
        "New password", hint=PASSWORD_HINT, validators=[InputRequired("Choose a new password.")]
    )


class WelcomeForm(BaseForm):
    name = name_field()
    password = SecretField("Choose a password", hint=PASSWORD_HINT)


class ChangePasswordForm(NewPasswordForm):
    current = SecretField("Your current password")


class DetailsForm(BaseForm):
    version = VersionField()
    name = name_field()
    organisation = TextField("Organisation", max_length=120)
    area = SelectField("Where you work", default="")
    invitations = BooleanField("Send me calendar invitations by email")

    def __init__(self, *args: Any, areas: Sequence[Term], **options: Any) -> None:
        super().__init__(*args, **options)
        pairs = ((term.slug, term.label) for term in areas)
        self.area.choices = choices_of([("", "I would rather not say"), *pairs])

    @classmethod
    def of(cls, person: Person, areas: Sequence[Term]) -> "DetailsForm":
        return cls(
            formdata=None,
            areas=areas,
            area=person.area,
            version=str(person.version),
            name=person.name,
            organisation=person.organisation,
            invitations=person.invitations,
        )
