"""The forms of the display settings, of my address, of leaving, and the patterns page's sample."""

from datetime import date, time
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from netapp.people.addresses import canonical
from netapp.web.forms import (
    AddressField,
    BaseForm,
    ClockField,
    DayField,
    LongTextField,
    NumberField,
    TextField,
)


class ChecksField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DisplayForm(BaseForm):
    text = RadioField(
        "Text size",
        choices=[
            SelectChoice("", "As designed"),
            SelectChoice("l", "Larger"),
            SelectChoice("xl", "Largest"),
        ],
    )
    look = RadioField(
        "Colours",
        choices=[
            SelectChoice("", "As designed"),
            SelectChoice("calm", "Calm: softer colours, fainter drawings"),
        ],
    )


class SampleForm(BaseForm):
    """One field of each kind, for the pattern page only. Nothing is sent."""

    name = TextField("Your name", max_length=20, validators=[InputRequired("Enter your name.")])
    email = EmailField(
        "Email address",
        description="We write to it only about this booking.",
        validators=[
            InputRequired("Enter an email address, like name@example.org."),
            Email("Enter an email address, like name@example.org."),
        ],
    )
    code = TextField(
        "Code from your email", max_length=7, validators=[InputRequired("Enter the six digits.")]
    )
    day = DayField("Day", validators=[InputRequired("Enter a day, like 21/1/2027.")])
    starts = ClockField("Starts at", validators=[InputRequired("Enter a time, like 2pm.")])
    places = NumberField("Places", at_least=1, at_most=500)
    kind = SelectField(
        "Kind", choices=[SelectChoice("training", "Training"), SelectChoice("meeting", "Meeting")]
    )
    needs = LongTextField(
        "What would help you take part?",
        max_length=400,
        hint="For example captions, BSL, a step-free route, large print or a quiet space. "
        "Only the coordinators see this.",
    )
    mode = RadioField(
        "How will you come?",
        choices=[SelectChoice("in_person", "In person"), SelectChoice("online", "Online")],
        validators=[InputRequired("Choose one.")],
    )
    dates = ChecksField(
        "Which dates can you come to?",
        choices=[
            SelectChoice("1", "Thursday 21 January"),
            SelectChoice("2", "Thursday 18 March"),
            SelectChoice("3", "Thursday 13 May"),
        ],
        validators=[InputRequired("Choose at least one date.")],
    )
    remember = BooleanField("Keep me signed in on this device")


def filled_sample() -> SampleForm:
    """The sample form as somebody has filled it in."""
    return SampleForm(formdata=None, prefix="good", data=_GOOD)


def wrong_sample() -> SampleForm:
    """The sample form after it was refused: what was typed is kept."""
    form = SampleForm(formdata=MultiDict(_WRONG), prefix="wrong")
    form.validate()
    return form


_GOOD: Final = {
    "name": "Amara Osei",
    "email": "amara@example.org",
    "code": "482 719",
    "day": date(2027, 1, 21),
    "starts": time(14),
    "places": 24,
    "kind": "training",
    "needs": "Live captions. Slides the day before.",
    "mode": "online",
    "dates": ["1"],
    "remember": True,
}
_WRONG: Final = {
    "wrong-name": "Amara Osei of the Music Service",
    "wrong-email": "amara at example",
    "wrong-code": "",
    "wrong-day": "31 June",
    "wrong-starts": "after lunch",
    "wrong-places": "2000",
    "wrong-kind": "training",
    "wrong-needs": "Live captions.",
    "wrong-dates": [],
}


class MyAddressForm(BaseForm):
    email = AddressField("New email address", canonical=canonical)


class CloseForm(BaseForm):
    sure = BooleanField(
        "Close my account for good",
        validators=[DataRequired("Tick this if you are sure. Nobody can undo it.")],
    )
