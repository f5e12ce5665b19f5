"""The import of a file of people: how long each step takes, how long the database is locked, how
much memory it wants; with a thousand rows and with ten thousand, into the same network.

Each file is loaded by a process of its own, so that its memory is its own:

    python -m bench.imports members.xlsx

works on the site that the environment names, and says what it measured as JSON.
"""

import io
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from bench.filling import database_of
from bench.profiles import add_profiles
from bench.servers import ROOT, Site
from config import load_settings
from netapp import create_app
from netapp.audit.operations import COMMAND_LINE
from netapp.demo.people import invented_name
from netapp.extensions import db
from netapp.groups.models import Group, GroupKind
from netapp.imports.models import Choice, Import, ImportState, Step
from netapp.imports.operations import advancing, choosing, starting, undoing, writing
from netapp.imports.queries.overview import BUSY
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.tokens import new_key
from netapp.organisations.models import Organisation

KNOWN = 10_000
ROWS = (1_000, 10_000)
PLACES, GROUPS = 40, 10
HEADINGS = (
    *("Name", "Email", "Organisation", "Role", "Membership", "Start", "End", "Groups"),
    *("Phone", "Pronouns"),
)
ABC = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Imported:
    """Seconds; ``locked``: the one transaction that writes; ``memory``: megabytes at most, beside
    what the process held before."""

    rows: int
    load: float
    compare: float
    write: float
    locked: float
    undo: float
    memory: float

    @property
    def whole(self) -> float:
        return self.load + self.compare + self.write


def measure(site: Site) -> list[Imported]:
    """Alone on the database: neither a server nor a worker runs."""
    add_profiles(site, KNOWN)
    _add_places(site)
    found = []
    for rows in ROWS:
        file = site.folder / f"{rows}.xlsx"
        file.write_bytes(_workbook(rows))
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", str(file)],
            cwd=ROOT,
            env=site.environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the import failed:\n{done.stderr}")
        found.append(Imported(rows=rows, **json.loads(done.stdout)))
    return found


def _add_places(site: Site) -> None:
    now = clock.utcnow()
    with database_of(site) as session:
        for n in range(PLACES):
            name = f"Music service {n}"
            slug = f"music-service-{n}"
            session.add(Organisation(key=new_key(), slug=slug, name=name, created_at=now))
        for n in range(GROUPS):
            name, kind = f"Group {n}", GroupKind.WORKING_GROUP
            session.add(
                Group(key=new_key(), slug=f"group-{n}", name=name, kind=kind, created_at=now)
            )


def _workbook(rows: int) -> bytes:
    """A tenth of the rows are about people whom we know; each name is another."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Members")
        sheet.append(HEADINGS)
        for n in range(rows):
            address = f"listed-{n + 1}@bench.example" if n % 10 == 0 else f"row-{n}@file.example"
            name = f"{invented_name(n)} {_word(n)}"
            place, group = f"Music service {n % PLACES}", f"Group {n % GROUPS}"
            days = "1/9/2026", "31/8/2027"
            contact = f"0161 496 {n % 10_000:04}", "they/them"
            sheet.append((name, address, place, "Tutor", "Associate", *days, group, *contact))
        kept = io.BytesIO()
        book.save(kept)
    return kept.getvalue()


def _word(n: int) -> str:
    letters = "".join(ABC[(n // 26**k) % 26] for k in range(4))
    return f"{letters}{letters[::-1]}"


def main(file: Path) -> dict[str, float]:
    app = create_app(load_settings())
    with app.app_context():
        before = _memory()
        load, key = _timed(lambda: _load(file))
        _columns(key)
        compare, _ = _timed(lambda: _work(key))
        locks: list[float] = []
        _decide(key)
        _work(key)
        with unit_of_work(db.session):
            one = starting.find(db.session(), key)
            writing.start(
                db.session(), key=key, version=one.version, invites=False,
                actor=COMMAND_LINE, now=clock.utcnow(),
            )  # fmt: skip
        write, _ = _timed(lambda: _work(key, locks))
        memory = _memory() - before
        with unit_of_work(db.session):
            undoing.start_undo(db.session(), key=key, actor=COMMAND_LINE, now=clock.utcnow())
        undo, one = _timed(lambda: _work(key))
        assert one.state is ImportState.UNDONE
    return {
        "load": load,
        "compare": compare,
        "write": write,
        "locked": max(locks),
        "undo": undo,
        "memory": memory,
    }


def _load(file: Path) -> str:
    with unit_of_work(db.session):
        return starting.load(
            db.session(),
            content=file.read_bytes(),
            filename=file.name,
            actor=COMMAND_LINE,
            now=clock.utcnow(),
        ).key


def _columns(key: str) -> None:
    with unit_of_work(db.session):
        one = starting.find(db.session(), key)
        starting.set_columns(
            db.session(), key=key, columns=one.columns, version=one.version, now=clock.utcnow()
        )


def _decide(key: str) -> None:
    """Names at addresses of people whom we know are other names: the file counts for none."""
    with unit_of_work(db.session):
        one = starting.find(db.session(), key)
        choosing.choose(db.session(), key=key, version=one.version, choices={}, for_all=Choice.OURS)


def _work(key: str, locks: list[float] | None = None) -> Import:
    while True:
        begun = time.perf_counter()
        with unit_of_work(db.session):
            one = starting.find(db.session(), key)
            if one.state not in BUSY:
                return one
            writes = one.state is ImportState.STARTED and one.step is Step.WRITE
            advancing.advance_one(db.session(), one, clock.utcnow())
        if writes and locks is not None:
            locks.append(time.perf_counter() - begun)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _memory() -> float:
    """Megabytes that this process held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
