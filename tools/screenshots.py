"""Take the pictures of docs/ anew: docs/images/<page>-<width>.png.

    python -m tools.screenshots [NAME ...]

Starts the platform in a new data folder, at a fixed moment, lets the demo's people book and begin
an event, and walks through the pages in Chromium. With names only those pictures are taken.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from netapp.demo.people import SIGN_INS

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
BEFORE = "2026-11-23T09:40:00+00:00"  # A Monday: the same moment gives the same pictures.
MOMENT = "2026-11-23T10:00:00+00:00"
SIGNED_IN: dict[str, StorageState] = {}
WINDOWS: dict[int, ViewportSize] = {
    1280: {"width": 1280, "height": 900},
    390: {"width": 390, "height": 844},
}
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one of the demo's people sees it; `links` are followed from its address on, each
    the pattern of an address; `act` does what leads on from there."""

    name: str
    address: str
    who: str = ""  # Of SIGN_INS; nobody is a stranger.
    links: tuple[str, ...] = ()
    act: Callable[[Page], None] | None = None
    widths: tuple[int, ...] = (1280, 390)
    tall: int = 0  # Pixels, where the usual height would cut off what the picture is for.


def move_an_hour(page: Page) -> None:
    """From the form of a date to the page that says who will be told."""
    page.locator("input[name=starts]").fill("15:00")
    page.locator("input[name=ends]").fill("18:30")
    page.get_by_role("button", name="Save this date").click()
    page.get_by_role("heading", name="What happens then").wait_for()


def say_every_second_thursday(page: Page) -> None:
    """From the form of a pattern to the page that lists its dates."""
    page.get_by_label("Every how many weeks or months").fill("2")
    page.locator("input[name=first_day]").fill("2027-01-14")
    page.get_by_label("Or this many dates").fill("8")
    page.get_by_label("Leave out").select_option(index=1)
    page.get_by_role("button", name="See what it would do").click()
    page.get_by_role("heading", name="What happens then").wait_for()


def show_the_booking(page: Page) -> None:
    """As it is shown right after booking."""
    page.goto(f"{page.url}?done=booked")


def give_password(page: Page) -> None:
    """From signing in to the second step, as a coordinator."""
    (person,) = (each for each in SIGN_INS if each.what == "coordinator")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_label("Password").press("Enter")
    page.get_by_role("heading", name="One more step").wait_for()


def show_what_they_wrote(page: Page) -> None:
    page.get_by_role("button", name="Show what they wrote").click()
    page.get_by_role("button", name="Save what is answered").wait_for()


def let_members_book_first(page: Page) -> None:
    """From booking and places of a draft to the form of who may book first, filled in."""
    page.locator("input[name=opens_day]").fill("2026-12-03")
    page.locator("input[name=opens_time]").fill("09:00")
    page.get_by_role("button", name="Save the rules").click()
    page.get_by_role("link", name="Who may book first").click()
    page.locator("select[name=windows-0-who]").select_option("members")
    page.locator("input[name=windows-0-day]").fill("2026-11-30")
    page.locator("input[name=windows-0-time]").fill("09:00")


EVENT = r"^/events/(?!past)[a-z0-9-]+$"
IN_PERSON = r"^/events/i-speak[a-z0-9-]+$"
DESK_EVENT = r"^/desk/events/(?!new)[a-z0-9]+$"
TO_A_DATE = (DESK_EVENT, "/dates$", r"/dates/(?!new)[a-z0-9]+$")
TO_REPEAT = (DESK_EVENT, "/dates$", "/patterns/new$")
TO_A_QUESTION = (DESK_EVENT, "/questions$", r"/questions/(?!new)[a-z0-9]+$")
TO_NEEDS = (DESK_EVENT, "/needs$")
BOOKING = r"^/bookings/"
PERSON = r"^/desk/people/(?!new)"
WIDE_ONLY = (1280,)
AS_BRITISH = """() => {
  for (const field of document.querySelectorAll("input[type=date], input[type=time]")) {
    const [value, isDay] = [field.value, field.type === "date"];
    Object.assign(field, {type: "text", placeholder: isDay ? "dd/mm/yyyy" : "--:--"});
    field.value = isDay ? value.split("-").reverse().join("/") : value;
  }
}"""
"""Chromium from a package writes days and times the American way, whatever page or user wants; with
a browser from a British shop they are 21/01/2027 and 14:00, as here."""
PUBLIC = (
    Picture("home", "/"),
    Picture("events", "/events"),
    Picture("event", "/events", links=(EVENT,)),
    Picture("calendar", "/calendar"),
    Picture("sign-in", "/sign-in"),
    Picture("second-step", "/sign-in", act=give_password, widths=WIDE_ONLY),
)
MEMBER = (
    Picture("booked", "/account/bookings", links=(BOOKING,), act=show_the_booking),
    Picture("my-bookings", "/account/bookings"),
)
DESK = (
    Picture("desk", "/desk", tall=1250),
    Picture("desk-events", "/desk/events"),
    Picture("desk-new-event", "/desk/events/new", widths=WIDE_ONLY, tall=1250),
    Picture("desk-copy", "/desk/events?show=past", links=("/copy$",), widths=WIDE_ONLY),
    Picture("desk-draft", "/desk/events?show=drafts", links=(DESK_EVENT,), widths=WIDE_ONLY),
    Picture("desk-dates", "/desk/events", links=(DESK_EVENT, "/dates$")),
    Picture("desk-date", "/desk/events", links=TO_A_DATE, widths=WIDE_ONLY, tall=1400),
    Picture(
        "desk-repeat", "/desk/events", links=TO_REPEAT, act=say_every_second_thursday, tall=1450
    ),
    Picture("desk-move", "/desk/events", links=TO_A_DATE, act=move_an_hour, tall=1150),
    Picture("desk-places", "/desk/events", links=(DESK_EVENT, "/booking$"), widths=WIDE_ONLY),
    Picture(
        "desk-windows",
        "/desk/events?show=drafts",
        links=(DESK_EVENT, "/booking$"),
        act=let_members_book_first,
        widths=WIDE_ONLY,
    ),
    Picture(
        "desk-questions",
        "/desk/events",
        links=(DESK_EVENT, "/questions$"),
        widths=WIDE_ONLY,
        tall=1250,
    ),
    Picture("desk-question", "/desk/events", links=TO_A_QUESTION, widths=WIDE_ONLY, tall=1250),
    Picture("desk-access", "/desk/events", links=(DESK_EVENT, "/access$"), widths=WIDE_ONLY),
    Picture("desk-bookings", "/desk/events", links=(DESK_EVENT, "/bookings$"), tall=1450),
    Picture("desk-needs", "/desk/events", links=TO_NEEDS, act=show_what_they_wrote),
    Picture("desk-sheet", "/desk/events", links=(DESK_EVENT, "/bookings$", "/sign-in-sheet$")),
    Picture("desk-team", "/desk/events", links=(DESK_EVENT, "/team$"), widths=WIDE_ONLY),
    Picture("desk-people", "/desk/people"),
    Picture("desk-person", "/desk/people", links=(PERSON,), widths=WIDE_ONLY, tall=1400),
    Picture("how-i-sign-in", "/account/security", widths=WIDE_ONLY),
    Picture("desk-mail", "/desk/mail"),
    Picture("desk-mail-open", "/desk/mail", links=("^/desk/mail/",), widths=WIDE_ONLY, tall=1250),
)
PICTURES = {"": PUBLIC, "member": MEMBER, "coordinator": DESK}


def main() -> None:
    known = {each.name for pictures in PICTURES.values() for each in pictures}
    wanted = set(sys.argv[1:])
    if unknown := wanted - known:
        stop(f"There is no picture {min(unknown)}. There are: {', '.join(sorted(known))}.")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        stop("Chromium is needed for pictures. On Debian: sudo apt install chromium")
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(clock := Path(folder) / "clock", Path(folder) / "data") as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        make_something_to_see(browser, base)
        ask_something(browser, base)
        clock.write_text(MOMENT)
        SIGNED_IN.clear()  # Signed in anew, nobody is asked again who they are.
        wait_for_mail(open_page(browser, base, "coordinator"))
        for who, pictures in PICTURES.items():
            chosen = [each for each in pictures if not wanted or each.name in wanted]
            for width in (1280, 390):
                take(browser, base, who, [each for each in chosen if width in each.widths], width)
        browser.close()


def stop(text: str) -> NoReturn:
    sys.exit(text)


@contextmanager
def running(clock: Path, data: Path) -> Iterator[str]:
    """The platform in demo mode, with the time that stands in the file ``clock``; its address."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    settings = {
        "NETAPP_DEMO": "yes",
        "NETAPP_INSTANCE": str(data),
        "NETAPP_PORT": str(port),
        "NETAPP_CLOCK_FILE": str(clock),
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NETAPP_")}
    clock.write_text(BEFORE)
    platform = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "serve"],
        env=kept | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert platform.stdout is not None
    try:
        if not any(line.startswith("Ready:") for line in iter(platform.stdout.readline, "")):
            stop("The platform did not start.")
        yield f"http://127.0.0.1:{port}"
    finally:
        platform.send_signal(signal.SIGTERM)
        platform.communicate()


def open_page(browser: Browser, base: str, who: str, width: int = 1280) -> Page:
    """A new browser, signed in by the form, or with what an earlier one of this person keeps: a
    code works once, and the clock stands still."""
    context = browser.new_context(
        base_url=base,
        storage_state=SIGNED_IN.get(who),
        viewport=WINDOWS[width],
        has_touch=width == 390,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if who and who not in SIGNED_IN:
        (person,) = (each for each in SIGN_INS if each.what == who)
        page.goto("/sign-in")
        page.get_by_label("Email address").fill(person.email)
        page.get_by_label("Password").fill(person.password)
        page.get_by_label("Password").press("Enter")
        page.wait_for_url(lambda address: not address.endswith("/sign-in"))
        if "/second-step" in page.url:
            page.get_by_label("Code").fill(page.locator("main .note strong").inner_text())
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda address: "/sign-in" not in address)
        SIGNED_IN[who] = context.storage_state()
    return page


def make_something_to_see(browser: Browser, base: str) -> None:
    """A member and a guest book, and a coordinator begins an event."""
    page = open_page(browser, base, "member")
    follow(page, "/events", (EVENT,))
    page.get_by_text("Tell us anything that would help").click()
    page.locator("textarea[name=needs]").fill("Live captions, and the slides the day before.")
    page.locator("input[name=needs_agreed]").check()
    page.get_by_role("button", name="Confirm booking").click()
    page.get_by_text("You are booked").wait_for()

    page = open_page(browser, base, "")
    follow(page, "/events", (IN_PERSON,))
    page.get_by_label("Your name").fill("Sam Sample")
    page.get_by_label("Email address").fill("sam@demo.example")
    page.get_by_role("button", name="Confirm booking").click()
    page.get_by_text("You are booked").wait_for()

    page = open_page(browser, base, "coordinator")
    page.goto("/desk/events/new")
    page.get_by_label("Title").fill("Songs from a phone")
    page.get_by_label("Day", exact=True).fill("2027-02-18")
    page.locator("input[name=starts]").fill("10:00")
    page.locator("input[name=ends]").fill("12:30")
    page.locator("input[name=capacity]").fill("16")
    page.get_by_role("button", name="Make the draft").click()
    page.get_by_text("The draft is made").wait_for()


def ask_something(browser: Browser, base: str) -> None:
    """A coordinator lets the first event ask questions, and the member answers them."""
    page = open_page(browser, base, "coordinator")
    follow(page, "/desk/events", (DESK_EVENT, "/questions$"))
    ask(page, "Do you stay for lunch?", "Yes or no")
    ask(page, "What will you eat?", "One of several answers", "Soup\nSalad\nPie", only_if=1)
    ask(page, "Which instrument do you bring?", "A few words")
    page = open_page(browser, base, "member")
    follow(page, "/account/bookings", (BOOKING, "/questions$"))
    page.get_by_text("Yes", exact=True).click()
    page.get_by_text("Soup", exact=True).click()
    page.get_by_label("Which instrument").fill("A cello")
    page.get_by_role("button", name="Save my answers").click()
    page.get_by_text("Your answers are kept.").wait_for()


def ask(page: Page, words: str, kind: str, options: str = "", only_if: int = 0) -> None:
    """From the tab of questions and back to it."""
    page.get_by_role("link", name="Write a new question").click()
    page.locator("[name=words]").fill(words)
    page.get_by_text(kind, exact=True).click()
    page.locator("[name=options]").fill(options)
    page.locator("[name=needed_by_days]").fill("7")
    page.locator("select[name=only_if]").select_option(index=only_if)
    page.get_by_role("button", name="Ask this question").click()
    page.get_by_role("heading", name="What is asked").wait_for()


def wait_for_mail(page: Page) -> None:
    for _ in range(60):  # The worker sends within seconds of its clock, and this clock jumped.
        page.goto("/desk/mail?state=sent")
        if page.locator("tbody tr").count() >= 2:
            return
        page.wait_for_timeout(500)
    stop("The worker sent no mail.")


def follow(page: Page, address: str, links: tuple[str, ...]) -> None:
    """Go to the address, then on to the first link that fits each pattern."""
    page.goto(address)
    for pattern in links:
        found = page.locator("main a[href]").evaluate_all(
            "links => links.map(each => each.getAttribute('href').split(/[?#]/)[0])"
        )
        fitting = [each for each in found if re.search(pattern, each)]
        if not fitting:
            stop(f"No link fits {pattern} on {page.url}.")
        page.goto(fitting[0])


def take(browser: Browser, base: str, who: str, pictures: list[Picture], width: int) -> None:
    if not pictures:
        return
    page = open_page(browser, base, who, width)
    for each in pictures:
        page.set_viewport_size(WINDOWS[width])
        follow(page, each.address, each.links)
        if each.act:
            each.act(page)
        if each.tall:
            page.set_viewport_size({"width": width, "height": each.tall})
        page.evaluate(AS_BRITISH)
        page.evaluate("document.fonts.ready.then(() => true)")
        file = IMAGES / f"{each.name}-{width}.png"
        page.screenshot(path=file, animations="disabled")
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB", flush=True)
    page.context.close()


if __name__ == "__main__":
    main()
