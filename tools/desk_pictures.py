"""The pictures of the desk, as a coordinator sees it. Their order counts: the last ones change how
the pages look."""

from tools import picture_acts as acts
from tools.pictures import (
    CONFERENCE,
    COURSE,
    GROUP,
    HYBRID,
    IDEA,
    LAUNCH,
    WIDE,
    WINDOWS,
    Picture,
    Titled,
)

MINIMUM = Titled("Found Sounds")
A_DATE = r"/dates/(?!new)[a-z0-9]+$"
A_QUESTION = r"/questions/(?!new|[^/]+/)[a-z0-9]+$"
A_PERSON = r"^/desk/people/(?!new|import|duplicates)"
AN_ORGANISATION = r"^/desk/organisations/(?!new)[a-z0-9]+$"
AN_APPLICATION = r"/applications/[a-z0-9]{8,}$"
A_BOOKING = r"/bookings/[A-Z0-9]{4}-"
TO_WAITING = (COURSE, "/bookings$", "/waiting$")
HELP = "What would help people take part"
DRAFTS = "/desk/events?show=drafts"
A_DRAFT = r"^/desk/events/(?!new)[a-z0-9]+$"

MAKING = (
    Picture("how-i-sign-in", "/account/security", widths=WIDE),
    Picture("desk", "/desk", tall=1450, tall_on_phones=844),
    Picture("desk-events", "/desk/events"),
    Picture("desk-new-event", "/desk/events/new", widths=WIDE, tall=1250),
    Picture(
        "desk-copy",
        "/desk/events?show=past&q=bollo",
        links=("/copy$",),
        widths=WIDE,
    ),
    Picture("desk-draft", DRAFTS, links=(A_DRAFT,), widths=WIDE),
    Picture("desk-dates", "/desk/events", links=(COURSE, "/dates$"), widths=WIDE),
    Picture("desk-date", "/desk/events", links=(COURSE, "/dates$", A_DATE), widths=WIDE, tall=1400),
    Picture(
        "desk-repeat",
        "/desk/events",
        links=(COURSE, "/dates$", "/patterns/new$"),
        act=acts.say_every_second_thursday,
        widths=WIDE,
        tall=1300,
    ),
    Picture("desk-holidays", "/desk/holidays", links=(r"^/desk/holidays/[a-z0-9]+$",), widths=WIDE),
    Picture(
        "desk-move",
        "/desk/events",
        links=(COURSE, "/dates$", A_DATE),
        act=acts.move_an_hour,
        widths=WIDE,
        tall=1350,
    ),
    Picture("desk-cancel", "/desk/events", links=(LAUNCH, "/cancel$"), widths=WIDE, tall=1200),
    Picture(
        "desk-places",
        "/desk/events",
        links=(COURSE, "/booking$"),
        act=acts.take_two_above,
        widths=WIDE,
        tall=1250,
    ),
    Picture(
        "desk-windows",
        DRAFTS,
        links=(A_DRAFT, "/booking$"),
        act=acts.let_members_book_first,
        widths=WIDE,
    ),
    Picture(
        "desk-minimum",
        "/desk/events",
        links=(MINIMUM, "/booking$", "/minimum$"),
        at="Minimum number",
        widths=WIDE,
        tall=1100,
    ),
    Picture("desk-access", "/desk/events", links=(COURSE, "/access$"), widths=WIDE, tall=1150),
    Picture(
        "desk-questions", "/desk/events", links=(CONFERENCE, "/questions$"), widths=WIDE, tall=1300
    ),
    Picture(
        "desk-question",
        "/desk/events",
        links=(CONFERENCE, "/questions$", A_QUESTION),
        widths=WIDE,
        tall=1250,
    ),
    Picture("desk-team", "/desk/events", links=(COURSE, "/team$"), widths=WIDE, tall=1150),
)
COMING = (
    Picture(
        "desk-bookings",
        "/desk/events",
        links=(COURSE, "/bookings$"),
        widths=WIDE,
        tall=1450,
    ),
    Picture(
        "desk-party",
        "/desk/events",
        links=(LAUNCH, "/bookings$", Titled("Robin")),
        at="Robin Sample",
        widths=WIDE,
        tall=1250,
    ),
    Picture(
        "desk-waiting",
        "/desk/events",
        links=TO_WAITING,
        at="Thursday 29 April 2027",
        widths=WIDE,
    ),
    Picture(
        "desk-by-hand",
        "/desk/events",
        links=(*TO_WAITING, A_BOOKING),
        act=acts.give_and_move,
        at="By hand",
        widths=WIDE,
    ),
    Picture(
        "desk-add",
        "/desk/events",
        links=(COURSE, "/bookings$", "/bookings/new$"),
        at="Add somebody by hand",
        widths=WIDE,
        tall=1250,
    ),
    Picture(
        "desk-interested",
        "/desk/events",
        links=(WINDOWS, "/bookings$", "/interest$"),
        widths=WIDE,
    ),
    Picture("desk-idea", "/desk/ideas", links=(IDEA,), widths=WIDE, tall=1350),
    Picture(
        "desk-needs",
        "/desk/events",
        links=(COURSE, "/needs$"),
        act=acts.show_what_they_wrote,
        widths=WIDE,
    ),
    Picture(
        "desk-requests",
        "/desk/events",
        links=(HYBRID, "/needs$"),
        act=acts.show_what_they_wrote,
        at=HELP,
        widths=WIDE,
        tall=1250,
    ),
    Picture(
        "desk-caterer",
        "/desk/events",
        links=(CONFERENCE, "/needs$"),
        act=acts.count_what_they_eat,
        at="for the caterer",
        widths=WIDE,
    ),
    Picture("desk-sheet", "/desk/events", links=(COURSE, "/bookings$", "/sign-in-sheet$")),
)
PEOPLE = (
    Picture("desk-find", "/desk/find?q=bury", widths=WIDE),
    Picture("desk-people", "/desk/people", widths=WIDE),
    Picture("desk-person", "/desk/people?q=amara", links=(A_PERSON,), widths=WIDE, tall=1700),
    Picture("desk-duplicates", "/desk/people/duplicates", widths=WIDE),
    Picture("desk-merge", "/desk/people/duplicates", links=(r"/merge/",), widths=WIDE, tall=1400),
    Picture(
        "desk-import-preview",
        "/desk/people/import",
        links=(r"/people/import/[a-z0-9]+$",),
        act=acts.wait_until_it_is_read,
        widths=WIDE,
        tall=1250,
    ),
    Picture("desk-import", "/desk/people/import", act=acts.load_a_list, widths=WIDE, tall=1250),
    Picture("desk-directory", "/desk/directory", widths=WIDE, tall=1500),
    Picture("desk-groups", "/desk/groups", widths=WIDE),
    Picture("desk-group", "/desk/groups", links=(GROUP,), widths=WIDE, tall=1750),
    Picture("desk-group-new", "/desk/groups/new", widths=WIDE, tall=1500),
    Picture(
        "desk-organisation",
        "/desk/organisations?q=soundstorm",
        links=(AN_ORGANISATION,),
        widths=WIDE,
        tall=1700,
    ),
    Picture(
        "desk-seats",
        "/desk/organisations?q=bury",
        links=(AN_ORGANISATION, "/membership$"),
        widths=WIDE,
        tall=1150,
    ),
    Picture("desk-checks", "/desk/safeguarding", widths=WIDE),
    Picture("desk-privacy", "/desk/privacy", widths=WIDE),
    Picture("desk-kept", "/desk/privacy/kept", widths=WIDE, tall=1300),
    Picture("desk-log", "/desk/log", widths=WIDE),
    Picture("desk-mail", "/desk/mail", widths=WIDE),
    Picture(
        "desk-mail-open", "/desk/mail?q=bollo", links=("^/desk/mail/",), widths=WIDE, tall=1250
    ),
)
MEMBERSHIP = (
    Picture("desk-applications", "/desk/membership/applications", widths=WIDE),
    Picture(
        "desk-application",
        "/desk/membership/applications",
        links=(AN_APPLICATION,),
        widths=WIDE,
        tall=1400,
    ),
    Picture("desk-terms", "/desk/membership/terms", widths=WIDE),
    Picture("desk-kinds", "/desk/membership/kinds", widths=WIDE),
    Picture("desk-kind", "/desk/membership/kinds/core-member", widths=WIDE, tall=1250),
    Picture("desk-invoice-details", "/desk/membership/invoices/details", widths=WIDE),
    Picture(
        "desk-invoice", "/desk/membership/invoices", act=acts.take_a_fee, widths=WIDE, tall=1250
    ),
    Picture("desk-invoices", "/desk/membership/invoices", widths=WIDE),
)
OF_COORDINATORS = {"coordinator": (*MAKING, *COMING, *PEOPLE, *MEMBERSHIP)}
