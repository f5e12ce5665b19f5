"""What people type about their data."""

from typing import Final

from wtforms import RadioField
from wtforms.validators import DataRequired

from netapp.kernel.personal_data import Rule
from netapp.privacy.models import AskKind
from netapp.web.forms import BaseForm, LongTextField, NumberField, choices_of

KINDS: Final = [
    (AskKind.CORRECT.value, "Correct something that I cannot change myself"),
    (AskKind.OBJECT.value, "Stop using my data for something"),
    (AskKind.OTHER.value, "Something else about my data"),
]
ASKS: Final = {
    AskKind.CORRECT.value: "asks to correct something they cannot change themselves",
    AskKind.OBJECT.value: "asks us to stop using their data for something",
    AskKind.OTHER.value: "asks something else about their data",
}
"""The same as the desk says it, after the name."""
SAY_IT: Final = "Say what you ask for, in a sentence or two."


class AskForm(BaseForm):
    kind = RadioField("What do you ask for?", choices=choices_of(KINDS), default=KINDS[0][0])
    words = LongTextField("In your words", max_length=2000, validators=[DataRequired(SAY_IT)])


class AnswerForm(BaseForm):
    words = LongTextField(
        "Our answer",
        max_length=4000,
        hint="They get it by email, with what they asked.",
        validators=[DataRequired("Write the answer.")],
    )


class RetentionForm(BaseForm):
    """Of one rule: see ``retention_form``."""

    days = NumberField("Days")


def retention_form(rule: Rule, days: int | None = None) -> RetentionForm:
    """With ``days`` as it stands, without them as it was sent."""
    form = RetentionForm(formdata=None, days=days) if days is not None else RetentionForm()
    form.days.at_least, form.days.at_most = rule.at_least, rule.at_most
    form.days.id = f"days-{rule.name}"  # Several such forms stand on one page.
    return form
