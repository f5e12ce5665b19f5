"""Says at the end which tests this machine could not run, and why: never silently."""

from collections import Counter

import pytest

PREFIX = "Skipped: without "
"""A test that needs something of the machine skips with "without <what>: <why>"."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        if isinstance(report.longrepr, tuple) and report.longrepr[2].startswith(PREFIX):
            reasons[report.longrepr[2].removeprefix(PREFIX)] += 1
    if not reasons:
        return
    terminalreporter.section("NOT RUN ON THIS MACHINE", bold=True, yellow=True)
    for reason, count in sorted(reasons.items()):
        what, _, why = reason.partition(": ")
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.line(f"Without {what}, {tests} did not run ({why}).", yellow=True)
