"""Take the pictures of docs/ anew: docs/images/<page>-<width>.png.

    python -m tools.screenshots [NAME ...]

Starts the platform in a new data folder, at a fixed moment, lets the demo's people book and begin
an event, and walks through the pages in Chromium. With names only those pictures are taken; a whole
run removes those that are taken no more. Which there are: tools/pictures.py and
tools/desk_pictures.py.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from playwright.sync_api import (
    Browser,
    Error,
    Page,
    StorageState,
    ViewportSize,
    sync_playwright,
)

from tools import picture_acts as acts
from tools.desk_pictures import OF_COORDINATORS
from tools.pictures import COURSE, LAUNCH, OF_PEOPLE, Picture, Titled

PICTURES = OF_PEOPLE | OF_COORDINATORS
ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
BEFORE = "2026-11-23T09:40:00+00:00"  # A Monday: the same moment gives the same pictures.
MOMENT = "2026-11-23T10:00:00+00:00"
PATIENCE = 15_000  # Milliseconds: longer than any page takes on a slow machine.
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


class NoSuchLink(Exception):
    """The page has no link like the one to follow."""


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
        failed = []
        for who, pictures in PICTURES.items():
            chosen = [each for each in pictures if not wanted or each.name in wanted]
            for width in WINDOWS:
                fitting = [each for each in chosen if width in each.widths]
                failed += take(browser, base, who, fitting, width)
        browser.close()
    if not wanted:
        for file in sorted(set(IMAGES.glob("*.png")) - set(files_of(PICTURES.values()))):
            file.unlink()  # Nobody takes it any more.
    if failed:
        stop("Not taken:\n" + "\n".join(failed))


def files_of(lists: Iterable[tuple[Picture, ...]]) -> list[Path]:
    return [
        IMAGES / f"{each.name}-{width}.png"
        for pictures in lists
        for each in pictures
        for width in each.widths
    ]


def stop(text: str) -> NoReturn:
    sys.exit(text)


@contextmanager
def running(clock: Path, data: Path) -> Iterator[str]:
    """The platform in demo mode, with the time that stands in the file ``clock``; its address."""
    port = free_port()
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
        yield f"http://localhost:{port}"  # By name, where passkeys work.
    finally:
        platform.send_signal(signal.SIGTERM)
        platform.communicate()


def free_port() -> int:
    """The one of `make run`, so that addresses on pictures are those that readers see."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", 8000))
        except OSError:
            trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


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
    page.set_default_timeout(PATIENCE)
    if who and who not in SIGNED_IN:
        page.goto("/sign-in")
        acts.give_password(page, who)
        if "/second-step" in page.url:
            acts.fill(page, code=page.locator("main .note strong").inner_text())
            acts.send(page, "code")
        SIGNED_IN[who] = context.storage_state()
    return page


def make_something_to_see(browser: Browser, base: str) -> None:
    """A member and a guest book, somebody asks to join, and a coordinator begins an event."""
    page = open_page(browser, base, "not a member")
    page.goto("/join/core-member")
    acts.fill(page, role="Singing leader")
    acts.send(page, "role")
    acts.fill(page, referee_name="Rita Sample", referee_email="rita@demo.example")
    acts.send(page, "referee_name")

    page = open_page(browser, base, "member")
    follow(page, "/events", (COURSE,))
    acts.unfold(page, "[name=needs]")
    acts.fill(page, needs="Live captions, and the slides the day before.")
    acts.field(page, "needs_agreed").check()
    acts.send(page, "needs")
    acts.ask_about_data(page)

    page = open_page(browser, base, "")
    follow(page, "/events", (LAUNCH,))
    acts.fill(page, name="Sam Sample", email="sam@demo.example")
    acts.send(page, "session")

    page = open_page(browser, base, "coordinator")
    page.goto("/desk/events/new")
    acts.fill(page, title="Songs from a phone", day="2027-02-18", starts="10:00", ends="12:30")
    acts.fill(page, capacity="16")
    acts.send(page, "title")
    acts.make_an_organisation_a_member(page)
    acts.name_whom_to_talk_to(page)
    acts.have_a_list_read(page)


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
            raise NoSuchLink(f"no link fits {wanted}")
        page.goto(fitting[0])


def _fits(href: str, words: str, wanted: str | Titled) -> bool:
    if isinstance(wanted, Titled):
        return words.startswith(wanted.words)
    return re.search(wanted, re.split("[?#]", href)[0]) is not None


def take(browser: Browser, base: str, who: str, pictures: list[Picture], width: int) -> list[str]:
    """What could not be taken, each with the reason; one page that changed keeps no other back."""
    failed = []
    for each in pictures:
        page = open_page(browser, base, who, width)
        file = IMAGES / f"{each.name}-{width}.png"
        try:
            lead_to(page, each, width)
        except (Error, acts.Refused, NoSuchLink) as reason:
            failed.append(f"{file.name}, on {page.url}: {reason}")
            print(failed[-1], flush=True)
        else:
            page.screenshot(path=file, animations="disabled")
            print(f"{file.relative_to(ROOT)}  {file.stat().st_size / 1000:.0f} kB", flush=True)
        page.context.close()
    return failed


def lead_to(page: Page, picture: Picture, width: int) -> None:
    follow(page, picture.address, picture.links)
    if picture.act:
        picture.act(page)
    if height := picture.height(width):
        page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.activeElement.blur()")
    page.evaluate(AS_BRITISH)
    if picture.at:
        heading = page.get_by_role("heading", name=picture.at).first
        heading.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 44)")
    page.evaluate("document.fonts.ready.then(() => true)")


if __name__ == "__main__":
    main()
