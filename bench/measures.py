"""What is measured, and how. Every request goes over HTTP on the loopback interface; the load
comes from a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.servers import ADDRESS, ROOT, Server, Site

WEB = (sys.executable, str(ROOT / "wsgi.py"))  # As `serve` starts it.


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often: the usual, or the quick look."""

    rounds: int
    seconds: float
    warm_up: float
    connections: int = 4
    bookings: int = 100
    people: int = 2000
    places: int = 250
    rush_seconds: float = 60


USUAL = Pace(rounds=5, seconds=2, warm_up=0.5)
QUICK = Pace(rounds=1, seconds=1.5, warm_up=0.3, bookings=20, people=200, places=25, rush_seconds=6)


@dataclass(frozen=True, slots=True)
class Page:
    """An address to ask for again and again. ``target`` is a share of the bare view's rate."""

    name: str
    path: str
    target: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Rate:
    """The outcome for one page: medians of the rounds; times in seconds."""

    page: Page
    a_second: float
    share: float
    p50: float
    p95: float
    size: int
    processor: float | None  # Seconds of the server's processor time for one request.


def generate(task: dict[str, Any]) -> dict[str, Any]:
    """Let the load generator do one task."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load generator failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def steady(server: Server, page: Page, pace: Pace) -> dict[str, Any]:
    used = server.processor_seconds()
    outcome = generate(
        {
            "kind": "steady",
            "address": ADDRESS,
            "port": server.port,
            "host": server.host,
            "path": page.path,
            "headers": page.headers,
            "connections": pace.connections,
            "seconds": pace.seconds,
            "warm_up": pace.warm_up,
        }
    )
    if set(outcome["statuses"]) != {str(page.status)}:
        raise RuntimeError(f"{page.name}: expected {page.status}, got {outcome['statuses']}")
    now_used = server.processor_seconds()
    if used is not None and now_used is not None:
        outcome["processor"] = (now_used - used) / sum(outcome["statuses"].values())
    return outcome


def compare(
    bare: Server, bare_page: Page, server: Server, page: Page, pace: Pace
) -> tuple[Rate, Rate]:
    """The rate of the bare view, measured right before the page in each round, and the page's."""
    pairs = [
        (steady(bare, bare_page, pace), steady(server, page, pace)) for _ in range(pace.rounds)
    ]
    share = median(
        ours["requests_a_second"] / theirs["requests_a_second"] for theirs, ours in pairs
    )
    return (
        _rate(bare_page, [theirs for theirs, _ in pairs], 1.0),
        _rate(page, [ours for _, ours in pairs], share),
    )


def _rate(page: Page, rounds: list[dict[str, Any]], share: float) -> Rate:
    def middle(name: str) -> float:
        return float(median(each[name] for each in rounds))

    return Rate(
        page=page,
        a_second=middle("requests_a_second"),
        share=share,
        p50=middle("p50"),
        p95=middle("p95"),
        size=rounds[-1]["bytes"],
        processor=middle("processor") if "processor" in rounds[0] else None,
    )


def bookings(server: Server, slug: str, tokens: list[str]) -> dict[str, Any]:
    return _visits("one_by_one", server, slug, tokens)


def rush(server: Server, slug: str, tokens: list[str], pace: Pace) -> dict[str, Any]:
    return _visits("rush", server, slug, tokens, seconds=pace.rush_seconds, seed="rush")


def _visits(kind: str, server: Server, slug: str, tokens: list[str], **more: Any) -> dict[str, Any]:
    used = server.processor_seconds()
    task = {
        "kind": kind,
        "address": ADDRESS,
        "port": server.port,
        "host": server.host,
        "path": f"/events/{slug}",
        "tokens": tokens,
    }
    outcome = generate(task | more)
    now_used = server.processor_seconds()
    if used is not None and now_used is not None:
        outcome["processor"] = (now_used - used) / len(tokens)
    return outcome


def start_seconds(site: Site, times: int) -> float:
    """From the command to the first page, the database being there: the median of some starts."""
    taken = []
    for _ in range(times):
        server = site.start(WEB, "/")
        taken.append(server.start_seconds)
        server.end()
    return median(taken)
