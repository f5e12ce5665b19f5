"""Measure, print a table, keep it in docs/performance.md:

make bench                                the whole, some ten minutes
make bench ARGS='--quick'                 a look, about a minute; nothing is kept
make bench ARGS='--only bookings'         one part; nothing is kept
make bench ARGS='--database postgresql'   on PostgreSQL
"""

import argparse
import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import acts, filling, imports, measures
from bench.machine import load_words, machine_words
from bench.measures import QUICK, USUAL, WEB, Pace, Page
from bench.profiles import add_profiles
from bench.report import Figures, as_markdown, put_into
from bench.servers import BARE, Server, Site, fetch, new_site
from netapp.demo.sizes import Size, size_named

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
HEADINGS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = {"pages", "bookings", "acts", "growth", "imports"}
SESSIONS = 1000
LISTED = 10_000
DIRECTORY = "/directory?q=harp&need=send&need=mental-health&genre=genre-jazz"
CHAOS = "bollo-brook-sessions-working-with-chaos"
ONE = Size(
    name="one",
    members=600,
    coordinators=6,
    series=200,
    dates=400,
    years=4,
    bookings=4000,
    waiting=150,
    access_needs=50,
    messages=8000,
    audit_lines=20000,
)
TEN = Size(
    name="ten",
    members=6000,
    coordinators=6,
    series=2000,
    dates=4000,
    years=4,
    bookings=40000,
    waiting=1500,
    access_needs=500,
    messages=80000,
    audit_lines=200000,
)


def main() -> None:
    asked = arguments()
    pace = QUICK if asked.quick else USUAL
    parts = {asked.only} if asked.only else PARTS - {"growth", "imports"} if asked.quick else PARTS
    with new_site(asked.database) as site:
        figures = measure(site, pace, parts)
    if "growth" in parts:
        figures.growth = growth(asked.database, pace)
    if "imports" in parts:
        say("importing people")
        with new_site(asked.database) as site:
            figures.imports = imports.measure(site)
    text = as_markdown(figures)
    print(f"\n{text}")
    if not asked.quick and parts == PARTS:
        before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Performance\n"
        DOCUMENT.write_text(put_into(before, HEADINGS[asked.database], text), encoding="utf-8")
        say(f"kept in docs/{DOCUMENT.name}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--database", choices=sorted(HEADINGS), default="sqlite")
    parser.add_argument("--only", choices=sorted(PARTS), help="this part alone; keeps nothing")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher; keeps nothing")
    return parser.parse_args()


def measure(site: Site, pace: Pace, parts: set[str]) -> Figures:
    say("filling the database")
    filling.load_network(site, size_named("typical"))
    filling.add_event(site, "one-by-one", capacity=None)
    filling.add_event(site, "rush", capacity=pace.places)
    filling.add_coming_dates(site, SESSIONS)
    add_profiles(site, LISTED)
    figures = Figures(machine=machine_words(site), pace=pace)
    if "acts" in parts:
        say("acts that reach many")
        figures.acts = acts.measure(site)
    say("starting")
    figures.start_seconds = measures.start_seconds(site, times=3)
    server = site.start(WEB, "/")
    if "pages" in parts:
        bare = site.start(BARE, "/bare/1")
        compare_pages(site, bare, server, figures)
        bare.end()
    if "bookings" in parts:
        book_places(site, server, figures)
    figures.memory = server.memory_megabytes()
    figures.busy = load_words()
    return figures


def compare_pages(site: Site, bare: Server, server: Server, figures: Figures) -> None:
    desk = {"Cookie": f"sign-in={filling.add_signed_in_coordinator(site)}"}
    booked = filling.add_booked_event(site, "booked", 1000)
    feed, body = fetch(server.port, "/calendar/events.ics")
    figures.sessions_in_feed = body.count(b"BEGIN:VEVENT")
    known = {"If-None-Match": feed.headers["ETag"]}
    token = filling.add_signed_in_members(site, 1, "reader")[0]
    number = f"{figures.sessions_in_feed:,}"
    event = f"/events/{filling.slug_like(site, CHAOS)}"
    pages = (
        Page("feed, not changed (304)", "/calendar/events.ics", 0.8, known, 304),
        Page(f"feed of {number} sessions", "/calendar/events.ics", 0.6),
        Page("the same, gzip", "/calendar/events.ics", 0.6, {"Accept-Encoding": "gzip"}),
        Page("event page", event, 0.35),
        Page("event page, signed in", event, None, {"Cookie": f"sign-in={token}"}),
        Page("event list", "/events", None),
        Page("archive", "/events/past", None),
        Page("home", "/", None),
        Page(
            f"directory search over {LISTED:,} members",
            DIRECTORY,
            None,
            {"Cookie": f"sign-in={token}"},
        ),
        Page("bookings of an event of 1,000", f"/desk/events/{booked}/bookings", None, desk),
    )
    bare_page = Page("bare view, one SELECT", "/bare/1")
    bare_rates = []
    for page in pages:
        say(page.name)
        bare_rate, rate = measures.compare(bare, bare_page, server, page, figures.pace)
        figures.rates.append(rate)
        bare_rates.append(bare_rate)
    bare_rates.sort(key=lambda rate: rate.a_second)
    figures.rates.insert(0, bare_rates[len(bare_rates) // 2])


def book_places(site: Site, server: Server, figures: Figures) -> None:
    """With the worker beside it, as in real life: it sends the mails to a folder."""
    pace = figures.pace
    site.start_worker()
    say("booking one after the other")
    one_by_one = filling.add_signed_in_members(site, pace.bookings, "one-by-one")
    figures.booking = measures.bookings(server, "one-by-one", one_by_one)
    say(f"{pace.people:,} people for {pace.places} places in {pace.rush_seconds:g} seconds")
    people = filling.add_signed_in_members(site, pace.people, "rush")
    figures.rush = measures.rush(server, "rush", people, pace)
    figures.outcome = filling.outcome_of(site, "rush", figures.rush["visits"])


def growth(database: str, pace: Pace) -> list[tuple[str, float, float]]:
    """The time of one request at a time, with some data and with ten times as much.

    Both servers stand beside each other and are asked in turns: a machine that is slower for a
    while is slower for both. What counts is the quietest of the rounds of each.
    """
    with contextlib.ExitStack() as open_sites:
        some, more = (
            grown(open_sites.enter_context(new_site(database)), *amounts)
            for amounts in ((ONE, 100, LISTED // 10), (TEN, 1000, LISTED))
        )
        alone = Pace(rounds=5, seconds=1, warm_up=pace.warm_up, connections=1)
        found = []
        for page, as_large in zip(some.pages, more.pages, strict=True):
            say(f"growth: {page.name}")
            turns = [
                (
                    measures.steady(some.server, page, alone)["p50"],
                    measures.steady(more.server, as_large, alone)["p50"],
                )
                for _ in range(alone.rounds)
            ]
            found.append((page.name, *(min(times) for times in zip(*turns, strict=True))))
        return found


@dataclass(frozen=True)
class Grown:
    server: Server
    pages: tuple[Page, ...]


def grown(site: Site, size: Size, booked: int, listed: int) -> Grown:
    """A server with data of this size, and the pages to ask of it."""
    say(f"growth: {size.bookings:,} bookings")
    filling.load_network(site, size)
    add_profiles(site, listed)
    mine = {"Cookie": f"sign-in={filling.add_signed_in_members(site, 1, 'reader')[0]}"}
    desk = {"Cookie": f"sign-in={filling.add_signed_in_coordinator(site)}"}
    key = filling.add_booked_event(site, "booked", booked)
    event = f"/events/{filling.slug_like(site, CHAOS)}"
    pages = (
        Page("event list", "/events"),
        Page("archive", "/events/past"),
        Page("event page", event),
        Page("event page, signed in", event, headers=mine),
        Page("home", "/"),
        Page("directory search", DIRECTORY, headers=mine),
        Page("bookings of an event", f"/desk/events/{key}/bookings", headers=desk),
    )
    return Grown(site.start(WEB, "/"), pages)


def say(words: str) -> None:
    print(f"bench: {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
