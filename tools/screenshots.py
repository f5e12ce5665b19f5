"""Take the pictures of docs/ anew: docs/images/<page>-<width>.png.

    python -m tools.screenshots [NAME ...]

Starts the platform in a new data folder, at a fixed moment, lets the demo's people book and begin
an event, and walks through the pages in Chromium. With names only those pictures are taken. Which
there are: tools/pictures.py.
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
from pathlib import Path
from typing import NoReturn

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, sync_playwright

from netapp.demo.people import SIGN_INS
from tools import picture_acts as acts
from tools.pictures import EVENT, LAUNCH, PICTURES, Picture, Titled

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


AS_BRITISH = """() => {
  for (const field of document.querySelectorAll("input[type=date], input[type=time]")) {
    const [value, isDay] = [field.value, field.type === "date"];
    Object.assign(field, {type: "text", placeholder: isDay ? "dd/mm/yyyy" : "--:--"});
    field.value = isDay ? value.split("-").reverse().join("/") : value;
  }
}"""
"""Chromium from a package writes days and times the American way, whatever page or user wants; with
a browser from a British shop they are 21/01/2027 and 14:00, as here."""


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
    """A member and a guest book, somebody asks to join, and a coordinator begins an event."""
    page = open_page(browser, base, "not a member")
    page.goto("/join/core-member")
    page.get_by_label("What you do").fill("Singing leader")
    page.get_by_role("button", name="Send my application").click()
    page.get_by_text("we have your application").wait_for()
    page.get_by_label("Their name").fill("Rita Sample")
    page.get_by_label("Their email address").fill("rita@demo.example")
    page.get_by_role("button", name="Ask them").click()
    page.get_by_text("We have written to Rita Sample").wait_for()

    page = open_page(browser, base, "member")
    follow(page, "/events", (EVENT,))
    page.get_by_text("Write something for this event only").click()
    page.locator("textarea[name=needs]").fill("Live captions, and the slides the day before.")
    page.locator("input[name=needs_agreed]").check()
    page.get_by_role("button", name="Confirm booking").click()
    page.get_by_text("You are booked").wait_for()

    page = open_page(browser, base, "")
    follow(page, "/events", (LAUNCH,))
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
    acts.make_an_organisation_a_member(page)


def wait_for_mail(page: Page) -> None:
    for _ in range(60):  # The worker sends within seconds of its clock, and this clock jumped.
        page.goto("/desk/mail?state=sent")
        if page.locator("tbody tr").count() >= 20:
            return
        page.wait_for_timeout(500)
    stop("The worker sent no mail.")


def follow(page: Page, address: str, links: tuple[str | Titled, ...]) -> None:
    """Go to the address, then on to the first link that fits each."""
    page.goto(address)
    for wanted in links:
        found = page.locator("main a[href]").evaluate_all(
            "links => links.map(each => [each.getAttribute('href'), each.textContent.trim()])"
        )
        fitting = [href for href, words in found if _fits(href, words, wanted)]
        if not fitting:
            stop(f"No link fits {wanted} on {page.url}.")
        page.goto(fitting[0])


def _fits(href: str, words: str, wanted: str | Titled) -> bool:
    if isinstance(wanted, Titled):
        return words.startswith(wanted.words)
    return re.search(wanted, re.split("[?#]", href)[0]) is not None


def take(browser: Browser, base: str, who: str, pictures: list[Picture], width: int) -> None:
    if not pictures:
        return
    page = open_page(browser, base, who, width)
    for each in pictures:
        page.set_viewport_size(WINDOWS[width])
        follow(page, each.address, each.links)
        if each.act:
            each.act(page)
        if height := each.height(width):
            page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.activeElement.blur()")
        page.evaluate(AS_BRITISH)
        if each.at:
            heading = page.get_by_role("heading", name=each.at).first
            heading.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 44)")
        page.evaluate("document.fonts.ready.then(() => true)")
        file = IMAGES / f"{each.name}-{width}.png"
        page.screenshot(path=file, animations="disabled")
        print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB", flush=True)
    page.context.close()


if __name__ == "__main__":
    main()
