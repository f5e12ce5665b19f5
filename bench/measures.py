"""What is measured, and how. Every request goes over HTTP on the loopback interface; the load
comes from a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.servers import ADDRESS, FLASK, ROOT, Server, Site

WEB = (*FLASK, "web")


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
    return outcome


def compare(
    bare: Server, bare_page: Page, server: Server, page: Page, pace: Pace
) -> tuple[Rate, float]:
    """The rate of a page, and of the bare view measured right before it in each round."""
    pairs = [
        (steady(bare, bare_page, pace), steady(server, page, pace)) for _ in range(pace.rounds)
    ]
    rates = [ours for _, ours in pairs]
    shares = [ours["requests_a_second"] / theirs["requests_a_second"] for theirs, ours in pairs]
    rate = Rate(
        page=page,
        a_second=median(each["requests_a_second"] for each in rates),
        share=median(shares),
        p50=median(each["p50"] for each in rates),
        p95=median(each["p95"] for each in rates),
        size=rates[-1]["bytes"],
    )
    return rate, median(theirs["requests_a_second"] for theirs, _ in pairs)


def bookings(server: Server, slug: str, tokens: list[str]) -> dict[str, Any]:
    return generate(_visits("one_by_one", server, slug, tokens))


def rush(server: Server, slug: str, tokens: list[str], pace: Pace) -> dict[str, Any]:
    task = _visits("rush", server, slug, tokens)
    return generate(task | {"seconds": pace.rush_seconds, "seed": "rush"})


def _visits(kind: str, server: Server, slug: str, tokens: list[str]) -> dict[str, Any]:
    return {
        "kind": kind,
        "address": ADDRESS,
        "port": server.port,
        "host": server.host,
        "path": f"/events/{slug}",
        "tokens": tokens,
    }


def start_seconds(site: Site, times: int) -> float:
    """From the command to the first page, the database being there: the median of some starts."""
    taken = []
    for _ in range(times):
        server = site.start(WEB, "/")
        taken.append(server.start_seconds)
        server.end()
    return median(taken)
