"""Excel files, read by a process that is ended if it takes too much."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from netapp.imports.errors import Damaged

CHILD: Final = Path(__file__).with_name("xlsx_child.py")
SECONDS: Final = 30.0
"""Until the child is ended, whatever it waits for."""


def read_xlsx(content: bytes) -> Iterator[Any]:
    """First the name of the sheet and how many there are, then each row that is not empty with
    its number. Raises ``Damaged`` where it was not read to its end."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", "-W", "ignore", str(CHILD)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        timer = threading.Timer(SECONDS, child.kill)
        timer.start()
        try:
            yield from _lines(child)
        finally:
            timer.cancel()
            child.kill()
            child.wait()
            if child.stdout:
                child.stdout.close()


def _lines(child: subprocess.Popen[str]) -> Iterator[Any]:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError as cut:
            raise Damaged from cut
        if said == "end":
            return
        yield said
    raise Damaged
