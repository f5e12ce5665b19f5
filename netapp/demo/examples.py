"""Events that show what a booking can do: written by us to try the platform out.

Each is marked as a sample; its people, places and prices are invented. The days are counted from
the first day of the sample season.
"""

from dataclasses import dataclass
from datetime import time, timedelta

from netapp.demo.samples import CLOSING
from netapp.events.models import Art, EventKind, EventMode, QuestionKind, Theme


@dataclass(frozen=True, slots=True)
class Example:
    """``starts`` is local; ``capacity`` of a hybrid event is in person; ``in_term``: not in the
    holidays of the made-up council."""

    title: str
    kind: EventKind
    mode: EventMode
    theme: Theme
    art: Art
    summary: str
    text: str
    cost: str
    who_for: str
    access: tuple[tuple[str, str], ...]
    day: int
    starts: time
    length: timedelta
    capacity: int
    online_capacity: int | None = None
    place: str | None = None
    terms: tuple[str, ...] = ()
    in_term: bool = False

    @property
    def description(self) -> str:
        return f"{self.text}\n\n{CLOSING}"


HYBRID = Example(
    title="One Ensemble, Two Rooms: playing together in person and online",
    kind=EventKind.TRAINING,
    mode=EventMode.HYBRID,
    theme=Theme.PARTNERSHIP,
    art=Art.MEET,
    summary="An afternoon of making music with some people in the room and some on a screen.",
    text=(
        "Half of the group comes to the studio, half joins from wherever they are. We try out what"
        " works when sound arrives late, and what does not.\n\n"
        "- pieces that do not need to be in time\n"
        "- one good microphone instead of six\n"
        "- who looks after the people on the screen\n\n"
        "Come or join online: until the day you can swap with one press."
    ),
    cost="Sample price: free for members, £20 for others.",
    who_for="Anyone who leads groups of mixed ages and abilities.",
    access=(
        ("captions", "online, if somebody asks"),
        ("step-free", "from the street to the studio"),
        ("camera-off", ""),
        ("breaks", "every 45 minutes"),
    ),
    day=15,  # A Friday: the hours of another sample, to show what a clash is.
    starts=time(13, 30),
    length=timedelta(hours=3),
    capacity=12,
    online_capacity=30,
    place="Sample Studio, 3 Sample Street, London",
    terms=("send",),
)
MINIMUM = Example(
    title="Found Sounds: building instruments with young people",
    kind=EventKind.TRAINING,
    mode=EventMode.IN_PERSON,
    theme=Theme.PROGRESSION,
    art=Art.CHAOS,
    summary="A day of sawing, stringing and shaking. It runs if enough people come.",
    text=(
        "You build three instruments from what others throw away, and plan how a group of young"
        " people can do the same safely. All tools are there.\n\n"
        "The workshop is hired for us, so it runs from eight people."
    ),
    cost="Sample price: £25, with all materials.",
    who_for="Music leaders and teaching assistants.",
    access=(("step-free", "to the workshop"), ("quiet-space", "next door"), ("large-print", "")),
    day=26,  # A Tuesday.
    starts=time(10),
    length=timedelta(hours=6),
    capacity=16,
    place="Sample Workshop, 4 Sample Street, London",
    terms=("youth-justice",),
)
WINDOWS = Example(
    title="A Singing Day for Schools and Choirs",
    kind=EventKind.TRAINING,
    mode=EventMode.IN_PERSON,
    theme=Theme.PARTNERSHIP,
    art=Art.ROUTES,
    summary="Songs for whole classes, warm-ups for tired voices, and one big choir at the end.",
    text=(
        "Bring your voice and, if you like, a song. In the morning we learn songs that a class can"
        " sing after ten minutes; in the afternoon everybody leads one.\n\n"
        "Members can book first, then people who have not been to our events yet, then everyone."
    ),
    cost="Sample price: free for members, £30 for others.",
    who_for="Teachers, choir leaders and people who have never led a song.",
    access=(("hearing-loop", ""), ("step-free", "to the hall"), ("bsl", "if you ask in time")),
    day=20,  # A Wednesday.
    starts=time(10, 30),
    length=timedelta(hours=5),
    capacity=40,
    place="Sample Hall, 1 Sample Street, London",
    terms=("socio-economic-deprivation",),
)
REPEATING = Example(
    title="Tea and Tunes: an online hour for freelancers",
    kind=EventKind.SOCIAL,
    mode=EventMode.ONLINE,
    theme=Theme.WORKFORCE,
    art=Art.CALM,
    summary="Every second Tuesday in term time: bring a tune, a question or only your tea.",
    text=(
        "An hour without a programme for people who work by themselves. Somebody plays, somebody"
        " asks, somebody listens. Come to one or to all."
    ),
    cost="Free",
    who_for="Freelance music leaders.",
    access=(("captions", "automatic"), ("camera-off", "")),
    day=12,  # A Tuesday.
    starts=time(13),
    length=timedelta(hours=1),
    capacity=30,
    in_term=True,
)
REPEATS = 6
"""How many dates it has, every second week in term time."""

IDEA_TITLE = "Music with people who are in hospital for a long time"
IDEA_WORDS = (
    "A day with music leaders who work on wards and in hospital schools. Nothing is arranged yet:"
    " would you come? (This is a sample.)"
)
IDEA_TERMS = ("health-settings", "mental-health")


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """``only_after``: asked only of who answered yes to the question before it."""

    kind: QuestionKind
    words: str
    hint: str = "A sample question."
    options: tuple[str, ...] = ()
    required: bool = False
    only_after: bool = False


QUESTIONS = (
    ExampleQuestion(
        QuestionKind.YES_NO, "Do you stay for supper on the first evening?", required=True
    ),
    ExampleQuestion(
        QuestionKind.CHOICE,
        "Which supper would you like?",
        options=("Lentil pie", "Fish stew", "Only soup"),
        only_after=True,
    ),
    ExampleQuestion(
        QuestionKind.SEVERAL,
        "Which workshops would you like to go to?",
        options=("Who teaches music now", "Advertising jobs", "Training together", "Why people go"),
    ),
    ExampleQuestion(
        QuestionKind.TEXT,
        "Which instrument do you bring for the open session?",
        hint="A sample question. Leave it empty if you come to listen.",
    ),
)
INSTRUMENTS = ("A ukulele", "", "My voice", "A djembe", "", "A tin whistle")

KEPT_BACK = 2
KEPT_BACK_BECAUSE = "Sample: kept for two young people who lead a part of the last session."

SCHOOL = "Sample Primary School"
ORDER_NUMBER = "SAMPLE-104"
SCHOOL_PLACES = 6
