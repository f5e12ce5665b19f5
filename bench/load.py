"""The load generator, a process of its own: a task as JSON on stdin, the outcome on stdout."""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from bench.booking import Visit, book
from bench.client import Connection, Lost, request_bytes

Task = dict[str, Any]


async def steady(task: Task) -> Task:
    """Ask the same thing over some connections, each again as soon as it was answered."""
    request = request_bytes("GET", task["path"], task["host"], task["headers"])
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    size = 0

    async def keep_asking(connection: Connection, until: float, counts: bool) -> None:
        nonlocal size
        while (begun := time.perf_counter()) < until:
            answer = await connection.ask(request)
            if answer.header("Connection").lower() == "close":
                connection.close()
                connection = await Connection.open(*where)
            statuses[answer.status] += 1
            if counts:
                seconds.append(time.perf_counter() - begun)
                size = len(answer.body)

    where = task["address"], task["port"]
    connections = [await Connection.open(*where) for _ in range(task["connections"])]

    async def all_for(duration: float, counts: bool) -> float:
        begun = time.perf_counter()
        await asyncio.gather(*(keep_asking(c, begun + duration, counts) for c in connections))
        return time.perf_counter() - begun

    await all_for(task["warm_up"], counts=False)
    took = await all_for(task["seconds"], counts=True)
    for connection in connections:
        connection.close()
    return {
        "requests_a_second": len(seconds) / took,
        "statuses": statuses,
        "bytes": size,
        **shares(seconds),
    }


async def one_by_one(task: Task) -> Task:
    """Book with one person after the other over one connection."""
    connection = await Connection.open(task["address"], task["port"])
    visits = [await book(connection, task, token, time.perf_counter()) for token in task["tokens"]]
    connection.close()
    return outcome(visits)


async def rush(task: Task) -> Task:
    """People arrive at moments decided before, whether or not the earlier ones have finished;
    each with a connection of their own. Times count from the arrival."""
    chance = random.Random(task["seed"])
    arrivals = sorted(chance.uniform(0, task["seconds"]) for _ in task["tokens"])
    begun = time.perf_counter() + 0.5

    async def come(at: float, token: str) -> Visit:
        await asyncio.sleep(begun + at - time.perf_counter())
        try:
            connection = await Connection.open(task["address"], task["port"])
            visit = await book(connection, task, token, begun + at)
            connection.close()
        except (Lost, OSError) as error:
            return Visit(error=type(error).__name__)
        return visit

    people = zip(arrivals, task["tokens"], strict=True)
    return outcome(await asyncio.gather(*(come(at, token) for at, token in people)))


def outcome(visits: list[Visit]) -> Task:
    good = [visit for visit in visits if not visit.error]
    return {
        "errors": Counter(visit.error for visit in visits if visit.error),
        "page": shares([visit.page for visit in good]),
        "form": shares([visit.form for visit in good]),
        "both": shares([visit.both for visit in good]),
        "visits": [(visit.reference, visit.sent, visit.answered) for visit in good],
    }


def shares(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and longest, in seconds."""
    ordered = sorted(seconds) or [0.0]
    return {
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
        "longest": ordered[-1],
    }


KINDS: dict[str, Callable[[Task], Coroutine[Any, Any, Task]]] = {
    "steady": steady,
    "one_by_one": one_by_one,
    "rush": rush,
}

if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump(asyncio.run(KINDS[given["kind"]](given)), sys.stdout)
