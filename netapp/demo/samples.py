"""What the sample season says beyond the dates: written by us to try the platform out.

Every event made from these is marked as a sample; their people, places and prices are invented.
"""

from dataclasses import dataclass, field

from netapp.events.models import Art, BookedAs, EventMode, Theme

CONTACT_NAME = "Sample coordinator"
CONTACT_EMAIL = "access@demo.example"
JOIN_LINK = "https://meet.example.org/sample"
CLOSING = "*This is a sample: the text, the places and the prices are made up.*"


@dataclass(frozen=True, slots=True)
class Sample:
    """``held`` and ``waiting``: places taken by invented people, and those who wait, by date."""

    theme: Theme
    art: Art
    mode: EventMode
    booked_as: BookedAs
    capacity: int
    summary: str
    description: str
    cost: str
    who_for: str
    access: tuple[tuple[str, str], ...]
    terms: tuple[str, ...] = ()
    place: str | None = None
    held: tuple[int, ...] = field(default=())
    waiting: tuple[int, ...] = field(default=())


SAMPLES = {
    "bollo-brook-sessions-working-with-chaos": Sample(
        theme=Theme.INCLUSION,
        art=Art.CHAOS,
        mode=EventMode.ONLINE,
        booked_as=BookedAs.BY_SESSION,
        capacity=24,
        summary=(
            "Three afternoons on leading music sessions when attendance goes up and down, and"
            " nothing runs to plan."
        ),
        description=(
            "Many young people in this work have disrupted home lives, so attendance will change"
            " from week to week. These sessions start by accepting that, then look at how to turn"
            " it into an advantage. You will work on:\n\n"
            "- a loose structure for each session, and a toolkit of things to fall back on\n"
            "- a first session that is about getting to know each other, with no pressure to make"
            " music\n"
            "- ways in, such as asking each person for one word to describe how they feel\n"
            "- what each young person might do next, and who can help them get there"
        ),
        cost="Sample price: free for members, £30 a session for others.",
        who_for=(
            "Anyone leading music with young people. You do not need to be a specialist. Come to"
            " one, two or all three."
        ),
        access=(
            ("captions", "at every session"),
            ("bsl", "if you ask three weeks before"),
            ("breaks", "every 50 minutes"),
            ("slides-before", "in large print, the day before"),
            ("camera-off", ""),
        ),
        terms=("pupil-referral-units", "mental-health", "ym-life-circumstances"),
        held=(22, 13, 24),
        waiting=(0, 0, 3),
    ),
    "i-speak-music-london-launch-events": Sample(
        theme=Theme.PROGRESSION,
        art=Art.ROUTES,
        mode=EventMode.IN_PERSON,
        booked_as=BookedAs.BY_SESSION,
        capacity=80,
        summary=(
            "Three Friday afternoons to meet the people behind the work, hear what comes next and"
            " stay for social time."
        ),
        description=(
            "Come on any of the three Fridays. Each afternoon has short talks, music, and time to"
            " ask how your organisation can take part.\n\n"
            "From 4pm there is social time, with tea and no programme. Stay as long as you like."
        ),
        cost="Free",
        who_for="Music leaders, music services and community organisations.",
        access=(
            ("hearing-loop", "in the main room"),
            ("step-free", "from the street to every room"),
            ("quiet-space", "all afternoon"),
        ),
        terms=("refugees-asylum-seekers-migrants",),
        place="Sample Hall, 1 Sample Street, London",
        held=(9, 4, 0),
        waiting=(0, 0, 0),
    ),
    "an-introduction-to-data-analysis-and-report-writing": Sample(
        theme=Theme.EVIDENCE,
        art=Art.CALM,
        mode=EventMode.ONLINE,
        booked_as=BookedAs.BY_SESSION,
        capacity=20,
        summary=(
            "A gentle morning on making sense of what you collect, and saying it in a report that"
            " people read."
        ),
        description=(
            "You have registers, forms and stories; somebody wants a report by Friday. We start"
            " from the question a reader has, and work back to the numbers and words that answer"
            " it. You will leave with:\n\n"
            "- a one-page plan for your next report\n"
            "- three honest ways to show change in a small group\n"
            "- a list of what you can stop collecting"
        ),
        cost="Sample price: free for members, £15 for others.",
        who_for="Anyone who has to report on their work. No statistics needed.",
        access=(
            ("captions", ""),
            ("slides-before", "with the worksheet, two days before"),
        ),
        held=(7,),
        waiting=(0,),
    ),
    "inclusive-practice-in-action-diversifying-the-music-education-workforce": Sample(
        theme=Theme.WORKFORCE,
        art=Art.MEET,
        mode=EventMode.IN_PERSON,
        booked_as=BookedAs.WHOLE,
        capacity=250,
        summary="Two days with network members and everyone who works in music education.",
        description=(
            "Talks, workshops and long breaks to meet in. The first day asks who teaches music"
            " now, and who is missing. The second is about what to change: how we advertise, whom"
            " we train, and how people stay.\n\n"
            "One booking is for both days."
        ),
        cost="Sample price: £10 for members, £15 for others, for both days.",
        who_for="Network members and the wider music community.",
        access=(
            ("captions", "in the main hall"),
            ("bsl", "in the main hall"),
            ("step-free", "to all rooms"),
            ("quiet-space", "on both days"),
        ),
        terms=("send", "neet", "socio-economic-deprivation", "looked-after-children"),
        place="Sample Conference Centre, 2 Sample Street, London",
        held=(16, 16),
        waiting=(0, 0),
    ),
}
