"""What people type to join a group, and those who lead it to let them in."""

from wtforms.validators import DataRequired

from netapp.people.addresses import canonical
from netapp.web.forms import AddressField, BaseForm, LongTextField, TextField

MOST_WORDS = 1000


class AskForm(BaseForm):
    words = LongTextField(
        "Why you would like to join",
        max_length=MOST_WORDS,
        hint="A sentence or two, for those who lead the group.",
    )


class AnswerForm(BaseForm):
    words = LongTextField("Your words to them", max_length=MOST_WORDS)


class InviteForm(BaseForm):
    name = TextField("Name", max_length=120, validators=[DataRequired("Enter their name.")])
    email = AddressField("Email address", canonical=canonical)
