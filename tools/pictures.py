"""Which pictures of docs/ there are: the page, who looks at it, and what they did before. Those of
the desk: tools/desk_pictures.py."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tools import picture_acts as acts


@dataclass(frozen=True, slots=True)
class Titled:
    """A link by how its words begin."""

    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one of the demo's people sees it. ``links`` are followed from its address on,
    each the pattern of an address or its words; ``act`` does what leads on from there; ``at`` is a
    heading that stands at the top then."""

    name: str
    address: str
    links: tuple[str | Titled, ...] = ()
    act: Callable[[Page], None] | None = None
    at: str = ""
    widths: tuple[int, ...] = (1280, 390)
    tall: int = 0  # Pixels, where the usual height would cut off what the picture is for.
    tall_on_phones: int = 0  # Where that is another height.

    def height(self, width: int) -> int:
        """Pixels; 0 for the usual height."""
        return (self.tall_on_phones if width == 390 else 0) or self.tall


WIDE = (1280,)
PHONE = (390,)
COURSE = Titled("Bollo Brook")
LAUNCH = Titled("I Speak Music")
CONFERENCE = Titled("Inclusive Practice")
HYBRID = Titled("One Ensemble")
WINDOWS = Titled("A Singing Day")
REPEATING = Titled("Tea and Tunes")
IDEA = Titled("Music with people")
GROUP = Titled("Planning group")
SEATS = r"^/account/organisations/[a-z-]+$"
APPLICATION = r"^/join/applications/"
HELP = "What would help you take part"

PUBLIC = (
    Picture("home", "/"),
    Picture("events", "/events"),
    Picture("event", "/events", links=(COURSE,), tall=1400, tall_on_phones=844),
    Picture("event-windows", "/events", links=(WINDOWS,), at="Booking is not open", widths=WIDE),
    Picture("event-both", "/events", links=(HYBRID,), at="Book your place", widths=PHONE),
    Picture(
        "party",
        "/events",
        links=(LAUNCH, "/party$"),
        act=acts.fill_in_a_party,
        at="Book for",
        widths=WIDE,
        tall=1700,
    ),
    Picture("calendar", "/calendar", widths=WIDE),
    Picture("organisations", "/taking-off/organisations", widths=WIDE),
    Picture(
        "organisation",
        "/taking-off/organisations?q=soundstorm",
        links=(Titled("Soundstorm"),),
        widths=WIDE,
        tall=1050,
    ),
    Picture("join", "/join", widths=WIDE, tall=1500),
    Picture("join-form", "/join/core-member", widths=PHONE, tall=1000),
    Picture("sign-in", "/sign-in", widths=WIDE),
    Picture("second-step", "/sign-in", act=acts.give_password, widths=WIDE),
    Picture("safeguarding", "/safeguarding", widths=WIDE, tall=1000),
)
VISITOR = (
    Picture("party-booked", "/account/bookings", links=(LAUNCH,), at="Who is coming", widths=WIDE),
    Picture(
        "party-names",
        "/account/bookings",
        links=(LAUNCH,),
        act=acts.pass_on_the_names,
        widths=PHONE,
        tall=1100,
    ),
    Picture("application", "/account/membership", links=(APPLICATION,), widths=PHONE),
)
BOOKING = (
    Picture(
        "booked",
        "/account/bookings",
        links=(COURSE,),
        act=acts.show_the_booking,
        widths=PHONE,
    ),
    Picture("my-bookings", "/account/bookings", widths=PHONE),
    Picture("swap", "/account/bookings", links=(HYBRID,), widths=WIDE, tall=1000),
    Picture("my-request", "/account/bookings", links=(HYBRID,), at=HELP, widths=PHONE, tall=520),
    Picture("my-access", "/account/access", widths=WIDE, tall=1500),
    Picture(
        "questions",
        "/account/bookings",
        links=(CONFERENCE, "/questions$"),
        act=acts.stay_for_supper,
        at="Questions for you",
        widths=PHONE,
        tall=1500,
    ),
    Picture("idea", "/events", links=(IDEA,), widths=PHONE, tall=1350),
    Picture(
        "clash",
        "/events",
        links=(LAUNCH,),
        act=acts.book_the_same_afternoon,
        at="You have something else",
        widths=WIDE,
        tall=1560,
    ),
    Picture(
        "another-date",
        "/account/bookings",
        links=(REPEATING,),
        act=acts.open_the_other_dates,
        at="Your dates",
        widths=PHONE,
    ),
    Picture("my-calendar", "/account/calendar", widths=WIDE),
)
BELONGING = (
    Picture("my-page", "/account", widths=WIDE, tall=1500),
    Picture("still-true", "/still-true", widths=PHONE, tall=1300),
    Picture("my-organisations", "/account/organisations", widths=WIDE, tall=1100),
    Picture("seats", "/account/organisations", links=(SEATS,), widths=WIDE, tall=1350),
    Picture("my-privacy", "/account/privacy", widths=WIDE, tall=1500),
)
FOUND = (
    Picture("directory", "/directory?need=send&need=homelessness", widths=WIDE, tall=1200),
    Picture("directory-entry", "/directory", links=(Titled("Kofi"),), widths=PHONE, tall=1150),
    Picture("message", "/directory", links=(Titled("Kofi"), "/message$"), widths=PHONE, tall=1100),
    Picture("my-profile", "/account/profile", widths=WIDE, tall=1500),
)
IN_GROUPS = (
    Picture("group", "/groups", links=(GROUP,), widths=WIDE, tall=1150),
    Picture(
        "meeting",
        "/groups",
        links=(GROUP, "/meetings$", Titled("Looking back")),
        widths=WIDE,
        tall=1150,
    ),
    Picture(
        "meeting-notes",
        "/groups",
        links=(GROUP, "/meetings$", Titled("Looking back"), "/notes$"),
        widths=WIDE,
        tall=1300,
    ),
)
OF_PEOPLE = {
    "": PUBLIC,
    "not a member": VISITOR,
    "member": (*BOOKING, *BELONGING, *FOUND, *IN_GROUPS),
}
