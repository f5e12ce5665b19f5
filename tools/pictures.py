"""Which pictures of docs/ there are: the page, who looks at it, and what they did before."""

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


EVENT = r"^/events/(?!past)[a-z0-9-]+$"
DESK_EVENT = r"^/desk/events/(?!new)[a-z0-9]+$"
DESK_BOOKING = r"/bookings/[A-Z0-9]{4}-"
LAUNCH = Titled("I Speak Music")
CONFERENCE = Titled("Inclusive Practice")
HYBRID = Titled("One Ensemble")
MINIMUM = Titled("Found Sounds")
WINDOWS = Titled("A Singing Day")
REPEATING = Titled("Tea and Tunes")
IDEA = Titled("Music with people")
TO_A_DATE = (DESK_EVENT, "/dates$", r"/dates/(?!new)[a-z0-9]+$")
TO_REPEAT = (DESK_EVENT, "/dates$", "/patterns/new$")
TO_A_QUESTION = (CONFERENCE, "/questions$", r"/questions/(?!new)[a-z0-9]+$")
TO_NEEDS = (DESK_EVENT, "/needs$")
TO_WAITING = (DESK_EVENT, "/bookings$", "/waiting$")
BOOKING = r"^/bookings/"
PERSON = r"^/desk/people/(?!new|import|duplicates)"
ORGANISATION = r"^/desk/organisations/(?!new)[a-z0-9]+$"
SEATS = r"^/account/organisations/[a-z-]+$"
WIDE_ONLY = (1280,)
PUBLIC = (
    Picture("home", "/"),
    Picture("events", "/events"),
    Picture("event", "/events", links=(EVENT,)),
    Picture("event-windows", "/events", links=(WINDOWS,), at="Booking is not open yet"),
    Picture("event-both", "/events", links=(HYBRID,), at="Book your place"),
    Picture(
        "party",
        "/events",
        links=(LAUNCH, "/party$"),
        act=acts.fill_in_a_party,
        at="Book for",
        tall=1700,
    ),
    Picture("calendar", "/calendar"),
    Picture("organisations", "/taking-off/organisations"),
    Picture("join", "/join", tall=1500),
    Picture("join-form", "/join/core-member", tall=1150),
    Picture("sign-in", "/sign-in"),
    Picture("second-step", "/sign-in", act=acts.give_password, widths=WIDE_ONLY),
)
VISITOR = (
    Picture("party-booked", "/account/bookings", links=(LAUNCH,), at="Who is coming", tall=980),
    Picture("party-names", "/account/bookings", links=(LAUNCH,), act=acts.pass_on_the_names),
)
MEMBER = (
    Picture("booked", "/account/bookings", links=(BOOKING,), act=acts.show_the_booking),
    Picture("my-bookings", "/account/bookings"),
    Picture("seats", "/account/organisations", links=(SEATS,), tall=1350, tall_on_phones=1900),
    Picture("swap", "/account/bookings", links=(HYBRID,), tall=1000),
    Picture(
        "my-request",
        "/account/bookings",
        links=(HYBRID,),
        at="What would help you take part",
        tall=560,
    ),
    Picture("my-access", "/account/access", tall=1500),
    Picture(
        "questions",
        "/account/bookings",
        links=(CONFERENCE, "/questions$"),
        act=acts.stay_for_supper,
        at="Questions for you",
        tall=1300,
        tall_on_phones=1500,
    ),
    Picture("idea", "/events", links=(IDEA,), tall=1000, tall_on_phones=1350),
    Picture(
        "clash",
        "/events",
        links=(LAUNCH,),
        act=acts.book_the_same_afternoon,
        at="You have something else",
        tall=1560,
        tall_on_phones=400,
    ),
    Picture(
        "another-date",
        "/account/bookings",
        links=(REPEATING,),
        act=acts.open_the_other_dates,
        at="Your dates",
    ),
)
FOUND = (
    Picture("my-page", "/account", tall=1500, tall_on_phones=2200),
    Picture("directory", "/directory?need=send&need=homelessness", tall=1200),
    Picture("directory-entry", "/directory", links=(Titled("Kofi"),), tall=1150),
    Picture("my-profile", "/account/profile", tall=1500, tall_on_phones=1900),
)
GROUP = Titled("Planning group")
IN_GROUPS = (
    Picture("group", "/groups", links=(GROUP,), tall=1150, tall_on_phones=1500),
    Picture(
        "meeting",
        "/groups",
        links=(GROUP, "/meetings$", Titled("Looking back")),
        tall=1150,
        tall_on_phones=1700,
    ),
)
DESK_GROUPS = (
    Picture("desk-groups", "/desk/groups", widths=WIDE_ONLY),
    Picture("desk-group", "/desk/groups", links=(GROUP,), widths=WIDE_ONLY, tall=1750),
    Picture("desk-group-new", "/desk/groups/new", widths=WIDE_ONLY, tall=1500),
)
DESK = (
    Picture("desk", "/desk", tall=1450),
    Picture("desk-events", "/desk/events"),
    Picture("desk-directory", "/desk/directory", widths=WIDE_ONLY, tall=1500),
    Picture("desk-new-event", "/desk/events/new", widths=WIDE_ONLY, tall=1250),
    Picture("desk-copy", "/desk/events?show=past", links=("/copy$",), widths=WIDE_ONLY),
    Picture("desk-draft", "/desk/events?show=drafts", links=(DESK_EVENT,), widths=WIDE_ONLY),
    Picture("desk-dates", "/desk/events", links=(DESK_EVENT, "/dates$")),
    Picture("desk-date", "/desk/events", links=TO_A_DATE, widths=WIDE_ONLY, tall=1400),
    Picture(
        "desk-repeat",
        "/desk/events",
        links=TO_REPEAT,
        act=acts.say_every_second_thursday,
        tall=1450,
    ),
    Picture("desk-move", "/desk/events", links=TO_A_DATE, act=acts.move_an_hour, tall=1150),
    Picture(
        "desk-places",
        "/desk/events",
        links=(DESK_EVENT, "/booking$"),
        act=acts.take_two_above,
        widths=WIDE_ONLY,
        tall=1250,
    ),
    Picture(
        "desk-windows",
        "/desk/events?show=drafts",
        links=(DESK_EVENT, "/booking$"),
        act=acts.let_members_book_first,
        widths=WIDE_ONLY,
    ),
    Picture(
        "desk-minimum",
        "/desk/events",
        links=(MINIMUM, "/booking$", "/minimum$"),
        at="Minimum number",
        tall=1100,
    ),
    Picture(
        "desk-questions",
        "/desk/events",
        links=(CONFERENCE, "/questions$"),
        widths=WIDE_ONLY,
        tall=1300,
    ),
    Picture("desk-question", "/desk/events", links=TO_A_QUESTION, widths=WIDE_ONLY, tall=1250),
    Picture("desk-access", "/desk/events", links=(DESK_EVENT, "/access$"), widths=WIDE_ONLY),
    Picture("desk-bookings", "/desk/events", links=(DESK_EVENT, "/bookings$"), tall=1450),
    Picture(
        "desk-party",
        "/desk/events",
        links=(LAUNCH, "/bookings$", Titled("Robin")),
        at="Robin Sample",
        widths=WIDE_ONLY,
        tall=1250,
    ),
    Picture("desk-waiting", "/desk/events", links=TO_WAITING, at="Thursday 29 April 2027"),
    Picture(
        "desk-by-hand",
        "/desk/events",
        links=(*TO_WAITING, DESK_BOOKING),
        act=acts.give_and_move,
        at="By hand",
        widths=WIDE_ONLY,
    ),
    Picture(
        "desk-add",
        "/desk/events",
        links=(DESK_EVENT, "/bookings$", "/bookings/new$"),
        at="Add somebody by hand",
        widths=WIDE_ONLY,
        tall=1250,
    ),
    Picture(
        "desk-interested",
        "/desk/events",
        links=(WINDOWS, "/bookings$", "/interest$"),
        widths=WIDE_ONLY,
    ),
    Picture("desk-idea", "/desk/ideas", links=(IDEA,), tall=1350),
    Picture("desk-needs", "/desk/events", links=TO_NEEDS, act=acts.show_what_they_wrote),
    Picture(
        "desk-requests",
        "/desk/events",
        links=(HYBRID, "/needs$"),
        act=acts.show_what_they_wrote,
        at="What would help people take part",
        tall=1250,
    ),
    Picture(
        "desk-caterer",
        "/desk/events",
        links=(CONFERENCE, "/needs$"),
        act=acts.count_what_they_eat,
        at="for the caterer",
        widths=WIDE_ONLY,
    ),
    Picture("desk-sheet", "/desk/events", links=(DESK_EVENT, "/bookings$", "/sign-in-sheet$")),
    Picture("desk-team", "/desk/events", links=(DESK_EVENT, "/team$"), widths=WIDE_ONLY),
    Picture("desk-people", "/desk/people"),
    Picture(
        "desk-import",
        "/desk/people/import",
        act=acts.load_a_list,
        widths=WIDE_ONLY,
        tall=1150,
    ),
    Picture("desk-person", "/desk/people", links=(PERSON,), widths=WIDE_ONLY, tall=1400),
    Picture(
        "desk-merge",
        "/desk/people/duplicates",
        links=(r"/merge/",),
        widths=WIDE_ONLY,
        tall=1400,
    ),
    Picture(
        "desk-organisation",
        "/desk/organisations?q=soundstorm",
        links=(ORGANISATION,),
        widths=WIDE_ONLY,
        tall=1700,
    ),
    Picture(
        "desk-seats",
        "/desk/organisations?q=bury",
        links=(ORGANISATION, "/membership$"),
        widths=WIDE_ONLY,
        tall=1150,
    ),
    Picture("desk-applications", "/desk/membership/applications", widths=WIDE_ONLY),
    Picture(
        "desk-application",
        "/desk/membership/applications",
        links=(r"/applications/[a-z0-9]{8,}$",),
        widths=WIDE_ONLY,
        tall=1400,
    ),
    Picture("desk-terms", "/desk/membership/terms", widths=WIDE_ONLY),
    Picture("desk-kinds", "/desk/membership/kinds", widths=WIDE_ONLY),
    Picture("desk-invoice-details", "/desk/membership/invoices/details", widths=WIDE_ONLY),
    Picture("how-i-sign-in", "/account/security", widths=WIDE_ONLY),
    Picture("desk-mail", "/desk/mail"),
    Picture("desk-mail-open", "/desk/mail", links=("^/desk/mail/",), widths=WIDE_ONLY, tall=1250),
)
PICTURES = {
    "": PUBLIC,
    "not a member": VISITOR,
    "member": (*MEMBER, *FOUND, *IN_GROUPS),
    "coordinator": (*DESK, *DESK_GROUPS),
}
