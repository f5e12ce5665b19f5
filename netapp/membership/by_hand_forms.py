"""A membership that a coordinator gives or ends by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.validators import DataRequired

from netapp.membership.models import MembershipKind
from netapp.membership.policies import chosen_last_day, last_day_of_term
from netapp.web.forms import BaseForm, DayField, TextField, choices_of


class GrantForm(BaseForm):
    """The last day is filled in for the first kind. Where it is sent as it was filled in, it is
    the end of a term of the kind, and from the first day, that were chosen."""

    kind = SelectField("Kind of membership", validate_choice=True)
    starts_on = DayField(
        "First day", validators=[DataRequired("Enter the first day, like 21/1/2027.")]
    )
    ends_on = DayField(
        "Last day",
        hint="Left as it is, it becomes the end of a term of the kind that you choose. "
        "Empty it for a membership without an end.",
    )
    filled = HiddenField()
    note = TextField("Note", max_length=200, hint="Coordinators see it, and the activity log.")

    def __init__(self, *args: Any, kinds: Sequence[MembershipKind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = {kind.slug: kind for kind in kinds}
        self.kind.choices = choices_of((kind.slug, kind.name) for kind in kinds)

    @classmethod
    def from_day(cls, kinds: Sequence[MembershipKind], today: date) -> "GrantForm":
        """To the end of a term of the first kind."""
        last = last_day_of_term(kinds[0], today) if kinds else None
        filled = last.isoformat() if last else ""
        return cls(formdata=None, kinds=kinds, starts_on=today, ends_on=last, filled=filled)

    @property
    def last_day(self) -> date | None:
        """After ``validate``; None: without an end."""
        assert self.starts_on.day is not None  # Its validators saw to it.
        return chosen_last_day(
            self.kinds[self.kind.data],
            self.starts_on.day,
            typed=self.ends_on.day,
            filled=self.filled.data or "",
        )


class EndForm(BaseForm):
    reason = TextField(
        "Why it ends",
        max_length=200,
        hint="They read it in the mail, and coordinators in the activity log.",
        validators=[DataRequired("Say why, in a few words.")],
    )
