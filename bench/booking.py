"""One member's visit: open the page of an event, send its booking form as it stands."""

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.client import Connection, request_bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds of the two requests, and of both from the arrival on; or what went wrong.

    ``sent`` and ``answered`` are the moments of the form by one clock, to compare people.
    """

    page: float = 0
    form: float = 0
    both: float = 0
    sent: float = 0
    answered: float = 0
    reference: str = ""
    error: str = ""


class BookingForm(HTMLParser):
    """The fields of the form that sends to …/bookings, as a browser would send them unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action", "").endswith("/bookings")
            self.action = given["action"] if self._inside else self.action
        if not self._inside or not given.get("name") or "disabled" in given:
            return
        if tag == "input" and (
            given.get("type", "text") not in ("checkbox", "radio") or "checked" in given
        ):
            self.fields.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self.fields.append((given["name"], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


async def book(connection: Connection, task: dict[str, Any], token: str, arrived: float) -> Visit:
    """``arrived`` is a moment of ``time.perf_counter``. Raises ``client.Lost``."""
    host = task["host"]
    cookies = [f"sign-in={token}"]
    page = await connection.ask(
        request_bytes("GET", task["path"], host, {"Cookie": "; ".join(cookies)})
    )
    page_came = time.perf_counter()
    if page.status != 200:
        return Visit(error=f"page {page.status}")
    form = BookingForm()
    form.feed(page.body.decode())
    if not form.action:
        return Visit(error="no form")
    cookies += [each.partition(";")[0] for each in page.headers("Set-Cookie")]
    headers = {
        "Cookie": "; ".join(cookies),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://{host}",
        "Sec-Fetch-Site": "same-origin",
    }
    began = sent = time.perf_counter()
    body = urlencode(form.fields).encode()
    answer = await connection.ask(request_bytes("POST", form.action, host, headers, body))
    ended = time.perf_counter()
    if answer.status != 303:
        return Visit(error=f"form {answer.status}")
    reading = began - page_came  # Our own work with the page is not the server's.
    return Visit(
        page=page_came - arrived,
        form=ended - began,
        both=ended - arrived - reading,
        sent=sent,
        answered=ended,
        reference=urlsplit(answer.header("Location")).path.rpartition("/")[2],
    )
