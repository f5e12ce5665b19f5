"""The words coordinators choose from."""

from typing import Final

from netapp.events.models import (
    Art,
    Audience,
    BookedAs,
    BookingSource,
    EventKind,
    EventMode,
    PlaceState,
    QuestionKind,
)

EVENT_KINDS: Final = [
    (EventKind.TRAINING.value, "Training"),
    (EventKind.MEETING.value, "Meeting"),
    (EventKind.CONFERENCE.value, "Conference"),
    (EventKind.LAUNCH.value, "Launch"),
    (EventKind.SOCIAL.value, "Social"),
]
MODES: Final = [
    (EventMode.ONLINE.value, "Online"),
    (EventMode.IN_PERSON.value, "In person"),
    (EventMode.HYBRID.value, "Both: some come, some join online"),
]
NOT_RECORDED: Final = ("", "Not recorded")
AUDIENCES: Final = [
    (Audience.EVERYONE.value, "Everyone"),
    (Audience.MEMBERS.value, "Members of the network only"),
]
OF_A_GROUP: Final = (Audience.GROUP.value, "The people of its group only, who alone see it")
ARTS: Final = [
    (Art.ROUTES.value, "Routes: the lines part"),
    (Art.CHAOS.value, "Chaos: tangled, then settled"),
    (Art.MEET.value, "Meet: the lines come together"),
    (Art.CALM.value, "Calm: the lines stay apart"),
]
BOOKED_AS: Final = [
    (BookedAs.BY_SESSION.value, "Date by date"),
    (BookedAs.WHOLE.value, "All dates together, as a course"),
]
BOOKED_AS_HINTS: Final = {
    BookedAs.BY_SESSION.value: "People choose dates, and may wait for one while they have another.",
    BookedAs.WHOLE.value: "A place in every date, or none.",
}
HOURS: Final = [
    (str(hour), f"{hour % 12 or 12}{'am' if hour < 12 else 'pm'}" if hour % 12 else name)
    for hour, name in [(h, "midnight" if h == 0 else "midday") for h in range(24)]
]
SOURCES: Final = {
    BookingSource.MEMBER: "Signed in",
    BookingSource.GUEST: "As a guest",
    BookingSource.COORDINATOR: "Added by hand",
}
STATES: Final = {
    PlaceState.CONFIRMED: "Has a place",
    PlaceState.OFFERED: "Place on offer",
    PlaceState.WAITING: "Waiting",
    PlaceState.CANCELLED: "Cancelled",
    PlaceState.LAPSED: "Offer not taken",
}
QUESTION_KINDS: Final = [
    (QuestionKind.TEXT.value, "A few words"),
    (QuestionKind.LONG_TEXT.value, "Several sentences"),
    (QuestionKind.YES_NO.value, "Yes or no"),
    (QuestionKind.CHOICE.value, "One of several answers"),
    (QuestionKind.SEVERAL.value, "Any of several answers"),
    (QuestionKind.NUMBER.value, "A number"),
    (QuestionKind.DATE.value, "A day"),
    (QuestionKind.CONSENT.value, "A box to agree to something"),
]
