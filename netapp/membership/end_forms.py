"""Why a coordinator ends a membership."""

from wtforms.validators import DataRequired

from netapp.web.forms import BaseForm, TextField


class EndForm(BaseForm):
    reason = TextField(
        "Why it ends",
        max_length=200,
        hint="They read it in the mail, and coordinators in the activity log.",
        validators=[DataRequired("Say why, in a few words.")],
    )
