"""Who shall help with an event, and how."""

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from netapp.events.models import HelperRole
from netapp.people.addresses import canonical
from netapp.web.forms import AddressField, BaseForm, choices_of

ROLES = [
    (HelperRole.EVENTS_HELPER.value, "Events helper"),
    (HelperRole.DOOR.value, "Door"),
]
ROLE_HINTS = {
    HelperRole.EVENTS_HELPER.value: "Edits this event and looks after its bookings.",
    HelperRole.DOOR.value: "Has the sign-in sheet of its dates, and nothing else.",
}


class HelperForm(BaseForm):
    email = AddressField("Email address", canonical=canonical)
    role = RadioField(
        "What they do",
        choices=choices_of(ROLES),
        default=HelperRole.EVENTS_HELPER.value,
        validators=[InputRequired("Choose what they do.")],
    )
    reads_needs = BooleanField("They may read what people need in order to take part")
