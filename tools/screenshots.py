"""Take the pictures of docs/ anew: docs/images/<page>-<width>.png.

    python -m tools.screenshots [NAME ...]

Starts the platform in a new data folder, at a fixed moment, books a place as the demo's member, and
walks through the pages in Chromium. With names only those pictures are taken.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from netapp.demo.people import SIGN_INS

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
MOMENT = "2026-11-23T10:00:00+00:00"  # A Monday, so that the same data gives the same pictures.
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as one of the demo's people sees it; `links` are followed from its address on, each
    the pattern of an address."""

    name: str
    address: str
    who: str = ""  # Of SIGN_INS; nobody is a stranger.
    links: tuple[str, ...] = ()
    phone: bool = False

    @property
    def file(self) -> Path:
        return IMAGES / f"{self.name}-{'390' if self.phone else '1280'}.png"


EVENT = r"^/events/(?!past)[a-z0-9-]+$"
DESK_EVENT = r"^/desk/events/(?!new)[a-z0-9]+$"
DATES = r"^/desk/events/[a-z0-9]+/dates$"
BOOKINGS = r"^/desk/events/[a-z0-9]+/bookings$"
PICTURES = (
    Picture("home", "/"),
    Picture("home", "/", phone=True),
    Picture("events", "/events"),
    Picture("events", "/events", phone=True),
    Picture("archive", "/events/past"),
    Picture("event", "/events", links=(EVENT,)),
    Picture("event", "/events", who="member", links=(EVENT,), phone=True),
    Picture("booking", "/account/bookings", who="member", links=(r"^/bookings/[^/?]+$",)),
    Picture("my-bookings", "/account/bookings", who="member", phone=True),
    Picture("calendar", "/calendar", phone=True),
    Picture("my-calendar", "/account/calendar", who="member"),
    Picture("sign-in", "/sign-in", phone=True),
    Picture("desk", "/desk", who="coordinator"),
    Picture("desk-events", "/desk/events", who="coordinator"),
    Picture("desk-event", "/desk/events", who="coordinator", links=(DESK_EVENT,)),
    Picture("desk-dates", "/desk/events", who="coordinator", links=(DESK_EVENT, DATES)),
    Picture("desk-bookings", "/desk/events", who="coordinator", links=(DESK_EVENT, BOOKINGS)),
    Picture("desk-new-event", "/desk/events/new", who="coordinator"),
    Picture("desk-people", "/desk/people", who="coordinator"),
    Picture("desk-mail", "/desk/mail", who="coordinator"),
    Picture("patterns", "/patterns"),
)


def main() -> None:
    wanted = set(sys.argv[1:])
    if unknown := wanted - {each.name for each in PICTURES}:
        names = ", ".join(sorted({each.name for each in PICTURES}))
        stop(f"There is no picture {min(unknown)}. There are: {names}.")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        stop("Chromium is needed for pictures. On Debian: sudo apt install chromium")
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        book_a_place(open_page(browser, base, "member"))
        chosen = [each for each in PICTURES if not wanted or each.name in wanted]
        for who in ("", "member", "coordinator"):
            take(browser, base, [each for each in chosen if each.who == who])
        browser.close()


def stop(text: str) -> NoReturn:
    sys.exit(text)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The platform in demo mode, at MOMENT; its address."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    clock = folder / "clock"
    clock.write_text(MOMENT)
    settings = {
        "NETAPP_DEMO": "yes",
        "NETAPP_INSTANCE": str(folder / "data"),
        "NETAPP_PORT": str(port),
        "NETAPP_CLOCK_FILE": str(clock),
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NETAPP_")}
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


def open_page(browser: Browser, base: str, who: str, *, phone: bool = False) -> Page:
    """A new browser, signed in by the form."""
    context = browser.new_context(
        base_url=base,
        viewport=PHONE if phone else WIDE,
        has_touch=phone,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if who:
        (person,) = (each for each in SIGN_INS if each.what == who)
        page.goto("/sign-in")
        page.locator("input[name=email]").first.fill(person.email)
        page.locator("input[name=password]").fill(person.password)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def book_a_place(page: Page) -> None:
    """So that the pages about bookings show one."""
    follow(page, "/events", (EVENT,))
    page.get_by_role("button", name="Confirm booking").click()
    page.wait_for_load_state()


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


def take(browser: Browser, base: str, pictures: list[Picture]) -> None:
    for phone in (False, True):
        chosen = [each for each in pictures if each.phone is phone]
        if not chosen:
            continue
        page = open_page(browser, base, chosen[0].who, phone=phone)
        for each in chosen:
            follow(page, each.address, each.links)
            page.evaluate("() => document.fonts.ready.then(() => true)")
            page.screenshot(path=each.file, animations="disabled")
            print(each.file.relative_to(ROOT), flush=True)
        page.context.close()


if __name__ == "__main__":
    main()
