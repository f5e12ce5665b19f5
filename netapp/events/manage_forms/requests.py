"""Shape of the answer to a request for an interpreter or captions."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from netapp.events.models import RequestState
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm, LongTextField, choices_of

MOST_OF_AN_ANSWER = 1000


class RequestAnswerForm(BaseForm):
    version = VersionField()
    state = RadioField(
        "What is the answer?",
        choices=choices_of(
            [
                (RequestState.BOOKED.value, "It is booked"),
                (RequestState.NOT_POSSIBLE.value, "It is not possible"),
            ]
        ),
        validators=[InputRequired("Say whether it is booked.")],
    )
    answer = LongTextField(
        "Your words to them",
        max_length=MOST_OF_AN_ANSWER,
        hint="They get them by email. If it is not possible, say honestly why, and what there is "
        "instead.",
    )

    @property
    def decided(self) -> RequestState:
        """Of a form that is valid."""
        return RequestState(self.state.data)
