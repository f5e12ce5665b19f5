"""A real browser at a real server; the clock stands still as in all tests."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from netapp.people.models import Person
from tests import factories

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


def find_chromium() -> str | None:
    return (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("without Chromium: there is none on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own, as several requests at once see it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})  # Ends at once.
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


OpenBrowser = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser, address: str, session: object) -> Iterator[OpenBrowser]:
    """``browse(person, phone=True)``: a page in a browser of its own, signed in or (None) not.

    Whatever the page writes to the console as an error fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def _browse(person: Person | None = None, *, phone: bool = False, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=address,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            java_script_enabled=script,
            locale="en-GB",
            reduced_motion="reduce",  # Scrolling that takes time would be in the way.
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if person is not None:
            token = factories.make_sign_in(session, person)  # type: ignore[arg-type]
            context.add_cookies([{"name": "sign-in", "value": token, "url": address}])
        page = context.new_page()
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield _browse
    for context in contexts:
        context.close()
    expected = ("the server responded with a status of 4",)  # A form that was refused.
    assert [text for text in errors if not any(word in text for word in expected)] == []


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """What axe finds on a page, as "rule: element": by all rules, or those named or tagged so."""
    source = AXE.read_text()

    def _axe(page: Page, *rules: str) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        options = {"resultTypes": ["violations"], "preload": False}  # No style is elsewhere.
        options |= {"runOnly": list(rules)} if rules else {}
        found = page.evaluate("(options) => axe.run(options)", options)
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return _axe
