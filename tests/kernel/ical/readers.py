"""What other programs read in our documents: five parsers with one face."""

import ctypes
import ctypes.util
import json
import shutil
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

with warnings.catch_warnings():  # Their imports warn on newer Pythons.
    warnings.simplefilter("ignore")
    import recurring_ical_events
    import vobject

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Seen:
    uid: str
    summary: str
    description: str
    location: str
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int


def icalendar(body: bytes) -> list[Seen]:
    return [_of_icalendar(event) for event in Calendar.from_ical(body).walk("VEVENT")]


def _of_icalendar(event: Any) -> Seen:
    return Seen(
        str(event["UID"]),
        str(event["SUMMARY"]),
        str(event["DESCRIPTION"]),
        str(event["LOCATION"]),
        event["DTSTART"].dt.astimezone(UTC),
        event["DTEND"].dt.astimezone(UTC),
        str(event["STATUS"]),
        int(event["SEQUENCE"]),
    )


def recurring(body: bytes) -> list[Seen]:
    """recurring-ical-events: what a web calendar shows of a range of time."""
    query = recurring_ical_events.of(Calendar.from_ical(body))
    return [
        _of_icalendar(event)
        for event in query.between(
            datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        )
    ]


def vobject_reader(body: bytes) -> list[Seen]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _forget_zones()
        calendar = vobject.readOne(body.decode())
        return [
            Seen(
                event.uid.value,
                event.summary.value,
                event.description.value,
                event.location.value,
                event.dtstart.value.astimezone(UTC),
                event.dtend.value.astimezone(UTC),
                event.status.value,
                int(event.sequence.value),
            )
            for event in calendar.contents.get("vevent", [])
        ]


def _forget_zones() -> None:
    """vobject keeps the first VTIMEZONE it ever saw of a name; each document has its own."""
    known = vars(vobject.icalendar)["__tzidMap"]
    for name in [n for n in known if n != "UTC"]:
        del known[name]


def ical_js(body: bytes) -> list[Seen]:
    """Thunderbird's parser, run by Node.js."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("without Node.js: ical.js cannot run")
    answer = subprocess.run(
        [node, str(HERE / "read.mjs")], input=body, capture_output=True, check=True
    )
    return [_of_numbers(**seen) for seen in json.loads(answer.stdout)]


def _of_numbers(*, start: float, end: float, **words: Any) -> Seen:
    return Seen(
        starts_at=datetime.fromtimestamp(start, UTC),
        ends_at=datetime.fromtimestamp(end, UTC),
        **words,
    )


class _Time(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = (
        ("numbers", ctypes.c_int * 8),
        ("zone", ctypes.c_void_p),
    )


_ANY_COMPONENT, _VEVENT = 1, 4
_TEXTS = ("uid", "summary", "description", "location")
_STATUS = {10901: "TENTATIVE", 10902: "CONFIRMED", 10905: "CANCELLED"}


def libical(body: bytes) -> list[Seen]:
    """The C library of Evolution and many servers; it also checks the rules of RFC 5546."""
    lib = _libical()
    calendar = lib.icalparser_parse_string(body)
    try:
        lib.icalrestriction_check(calendar)
        assert lib.icalcomponent_count_errors(calendar) == 0, lib.icalcomponent_as_ical_string(
            calendar
        ).decode()
        found = []
        event = lib.icalcomponent_get_first_component(calendar, _VEVENT)
        while event:
            texts = {t: getattr(lib, f"icalcomponent_get_{t}")(event).decode() for t in _TEXTS}
            start, end = (
                lib.icaltime_as_timet_with_zone(moment, moment.zone)
                for moment in (
                    lib.icalcomponent_get_dtstart(event),
                    lib.icalcomponent_get_dtend(event),
                )
            )
            status = _STATUS[lib.icalcomponent_get_status(event)]
            sequence = lib.icalcomponent_get_sequence(event)
            found.append(
                _of_numbers(start=start, end=end, status=status, sequence=sequence, **texts)
            )
            event = lib.icalcomponent_get_next_component(calendar, _VEVENT)
        return found
    finally:
        lib.icalcomponent_free(calendar)


def _libical() -> Any:
    try:
        lib: Any = ctypes.CDLL("libical.so.3")
    except OSError:
        pytest.skip("without libical 3: the library is not installed")
    for name, restype, argtypes in (
        ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
        ("icalcomponent_get_first_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_dtstart", _Time, [ctypes.c_void_p]),
        ("icalcomponent_get_dtend", _Time, [ctypes.c_void_p]),
        ("icaltime_as_timet_with_zone", ctypes.c_int64, [_Time, ctypes.c_void_p]),
        ("icalcomponent_get_status", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_get_sequence", ctypes.c_int, [ctypes.c_void_p]),
        ("icalrestriction_check", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_count_errors", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_as_ical_string", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_free", None, [ctypes.c_void_p]),
        *((f"icalcomponent_get_{t}", ctypes.c_char_p, [ctypes.c_void_p]) for t in _TEXTS),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = restype, argtypes
    return lib


READERS: list[Callable[[bytes], list[Seen]]] = [
    icalendar,
    recurring,
    vobject_reader,
    ical_js,
    libical,
]
