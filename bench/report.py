"""The figures as text: a table for the terminal, and the same in docs/performance.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.acts import Act
from bench.filling import Outcome
from bench.imports import Imported
from bench.measures import Pace, Rate

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"

START_TARGET = 1.5  # Seconds to the first page.
MEMORY_TARGET = 150  # Megabytes of one web worker.
BOOKING_TARGET = 0.1  # Seconds of the two requests together.
RUSH_TARGET = 1.0  # Seconds, 95th percentile.
GROWTH_TARGET = 1.3  # Times, for ten times the data.
ACT_TARGET = 1.0  # Seconds that one act of a coordinator may hold an event.
IMPORT_TARGET = 60.0  # Seconds for a file of ten thousand rows, from loading to done.
IMPORT_MEMORY = 1.5  # Times, for ten times the rows.


@dataclass
class Figures:
    """Everything that one run measured."""

    machine: list[str]
    pace: Pace
    sessions_in_feed: int = 0
    rates: list[Rate] = field(default_factory=list)
    booking: dict[str, Any] = field(default_factory=dict)
    rush: dict[str, Any] = field(default_factory=dict)
    outcome: Outcome | None = None
    acts: list[Act] = field(default_factory=list)
    growth: list[tuple[str, float, float]] = field(default_factory=list)  # Name, seconds, seconds.
    imports: list[Imported] = field(default_factory=list)
    start_seconds: float = 0
    memory: float | None = None
    busy: str = ""


def as_markdown(figures: Figures) -> str:
    busy = f"processes that wanted to run at the end, on average of a minute: {figures.busy}"
    parts = [
        "\n".join(f"- {line}" for line in [*figures.machine, busy]),
        _rates(figures),
        _booking(figures),
        _acts(figures),
        _growth(figures),
        _imports(figures),
        _process(figures),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table that also reads well in a terminal."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def against(value: float, target: float | None, *, more_is_better: bool = False) -> str:
    """kept, or by how much it is missed."""
    if target is None:
        return ""
    kept = value >= target if more_is_better else value <= target
    return "kept" if kept else f"missed: {value / target:.2f} × the target"


def _rates(figures: Figures) -> str:
    if not figures.rates:
        return ""
    rows = [
        [
            rate.page.name,
            f"{rate.a_second:,.0f}",
            f"{rate.share:.0%}".replace("%", " %"),
            f"{rate.page.target:.0%}".replace("%", " %") if rate.page.target else "",
            against(rate.share, rate.page.target, more_is_better=True),
            _milliseconds(rate.p50),
            _milliseconds(rate.p95),
            *_processor(rate, figures.rates[0]),
            f"{rate.size / 1000:,.1f}",
        ]
        for rate in figures.rates
    ]
    names = ("request", "a second", "of bare", "target", "", "median", "95 %")
    return table((*names, "processor", "of bare by it", "kB"), rows)


def _processor(rate: Rate, bare: Rate) -> tuple[str, str]:
    """What a request costs the server, whatever else the machine is doing."""
    if rate.processor is None or bare.processor is None:
        return "", ""
    share = f"{bare.processor / rate.processor:.0%}".replace("%", " %")
    return _milliseconds(rate.processor), share


def _booking(figures: Figures) -> str:
    if not figures.booking:
        return ""
    rows = []
    for name, found, target in (
        ("one after the other", figures.booking, BOOKING_TARGET),
        ("the rush", figures.rush, RUSH_TARGET),
    ):
        if found:
            both = found["both"]
            checked = both["p95"]
            rows.append(
                [
                    name,
                    *(_milliseconds(found[part]["p50"]) for part in ("page", "form")),
                    *(_milliseconds(both[share]) for share in ("p50", "p95", "longest")),
                    f"{target:g} s",
                    against(checked, target),
                    _milliseconds(found["processor"]) if "processor" in found else "",
                ]
            )
    head = (
        "a booking",
        "page",
        "form",
        "both",
        "both, 95 %",
        "longest",
        "target, 95 %",
        "",
        "processor",
    )
    return table(head, rows) + _rush_words(figures)


def _rush_words(figures: Figures) -> str:
    if figures.outcome is None:
        return ""
    found, pace = figures.outcome, figures.pace
    errors = sum(figures.rush["errors"].values())
    said = (
        "none" if not errors else ", ".join(f"{n} × {e}" for e, n in figures.rush["errors"].items())
    )
    return (
        f"\n\nThe rush: {pace.people:,} people for {pace.places} places in {pace.rush_seconds:g}"
        f" seconds. Confirmed {found.confirmed}, waiting {found.waiting:,}"
        f" ({'in order' if found.in_order else 'NOT IN ORDER'}), errors: {said};"
        f" pools {'agree' if found.pools_right else 'DO NOT AGREE'} with the places."
    )


def _acts(figures: Figures) -> str:
    rows = [
        [
            act.name,
            f"{act.mails:,}",
            f"{act.seconds:.2f} s",
            f"{ACT_TARGET:g} s",
            against(act.seconds, ACT_TARGET),
            f"{act.processor:.2f} s",
        ]
        for act in figures.acts
    ]
    head = ("an act that reaches many", "mails", "held for", "target", "", "processor")
    return table(head, rows) if rows else ""


def _growth(figures: Figures) -> str:
    rows = [
        [
            name,
            _milliseconds(small),
            _milliseconds(large),
            f"{large / small:.2f}",
            against(large / small, GROWTH_TARGET),
        ]
        for name, small, large in figures.growth
    ]
    if not rows:
        return ""
    return table(("page", "median", "ten times the data", "times", f"target {GROWTH_TARGET}"), rows)


def _imports(figures: Figures) -> str:
    if not figures.imports:
        return ""
    rows = [
        [
            f"{one.rows:,} rows",
            *(f"{seconds:.1f} s" for seconds in (one.load, one.compare, one.write, one.whole)),
            against(one.whole, IMPORT_TARGET),
            f"{one.locked:.1f} s",
            f"{one.undo:.1f} s",
            f"{one.memory:.0f} MB",
        ]
        for one in figures.imports
    ]
    head = ("import of people", "load", "compare", "import", "whole", f"target {IMPORT_TARGET:g} s")
    first, last = figures.imports[0], figures.imports[-1]
    said = against(last.memory / max(first.memory, 1), IMPORT_MEMORY)
    words = f"Memory for ten times the rows, target {IMPORT_MEMORY} times: {said}."
    return f"{table((*head, 'locked', 'undo', 'memory'), rows)}\n\n{words}"


def _process(figures: Figures) -> str:
    rows = [
        [
            "start to first page",
            f"{figures.start_seconds:.2f} s",
            f"{START_TARGET} s",
            against(figures.start_seconds, START_TARGET),
        ]
    ]
    if figures.memory is not None:
        rows.append(
            [
                "memory of the web worker at the end",
                f"{figures.memory:.0f} MB",
                f"{MEMORY_TARGET} MB",
                against(figures.memory, MEMORY_TARGET),
            ]
        )
    return table(("process", "measured", "target", ""), rows)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.{2 if seconds < 0.01 else 1}f} ms"


def put_into(text: str, heading: str, figures: str) -> str:
    """The document with the figures under this heading replaced, or added between the marks."""
    begin, end = f"<!-- {heading}: begin -->", f"<!-- {heading}: end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    if not rest:
        return f"{text.rstrip()}\n\n## On {heading}\n\n{begin}\n{figures}{end}\n"
    return f"{before}{begin}\n{figures}{end}{after}"
