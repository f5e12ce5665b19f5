from wtforms.validators import DataRequired

from netapp.web.forms import BaseForm, TextField


class AddressForm(BaseForm):
    """Names one device's calendar address."""

    name = TextField(
        "What will read it?",
        max_length=60,
        hint="For example: my phone, or the calendar at work.",
        validators=[DataRequired("Give it a name, so that you know later which one it is.")],
    )
