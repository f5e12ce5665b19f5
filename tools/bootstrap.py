"""Make the project's own virtual environment and install the locked packages into it.

Run by `make` with whatever Python 3 the machine has, so this file keeps to what old ones
understand, and uses the standard library alone. Does nothing where all is in place.

    python3 tools/bootstrap.py [--dev]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
CANDIDATES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14")
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = VENV / "install.log"


def main() -> None:
    dev = "--dev" in sys.argv[1:]
    lock = ROOT / ("requirements-dev.lock" if dev else "requirements.lock")
    # The development lock holds the runtime's packages in the same versions.
    serving = [ROOT / "requirements-dev.lock", lock]
    if usable(VENV_PYTHON) and any(installed(each) for each in serving):
        return
    if not usable(VENV_PYTHON):
        make_venv(find_python())
    install(lock)
    stamp_of(lock).write_text(fingerprint(lock), encoding="ascii")
    say("Packages are in place.")


def say(text: str) -> None:
    print(text, flush=True)


def stop(text: str) -> None:
    sys.exit("\n" + text + "\n")


def answer(python: str, code: str) -> str:
    """What `python -c code` prints, or nothing where it fails."""
    try:
        done = subprocess.run(
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("ascii", "replace").strip()


def usable(python: "Path | str") -> bool:
    text = answer(str(python), "import sys; print('%d %d' % sys.version_info[:2])")
    return bool(text) and tuple(map(int, text.split())) >= OLDEST


def find_python() -> str:
    for path in (sys.executable, *map(shutil.which, CANDIDATES)):
        if path and usable(path):
            return path
    mine = "%d.%d" % sys.version_info[:2]
    stop(
        "Python 3.11 or newer is needed; here is %s.\n"
        "On Debian 12, Ubuntu 24.04 and newer: sudo apt install python3 python3-venv\n"
        "On a Mac with Homebrew: brew install python" % mine
    )
    raise AssertionError


def make_venv(python: str) -> None:
    version = answer(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    if not answer(python, "import venv, ensurepip; print('yes')"):
        stop(
            "This Python cannot make virtual environments: a part of it is not installed.\n"
            "On Debian and Ubuntu: sudo apt install python3-venv   (or python%s-venv)\n"
            "On Fedora: sudo dnf install python3-pip" % version
        )
    say("Making a virtual environment in .venv with Python %s ..." % version)
    done = subprocess.run(
        [python, "-m", "venv", "--clear", str(VENV)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        stop(
            done.stdout.decode("utf-8", "replace")
            + "\nThe virtual environment could not be made.\n"
            "On Debian and Ubuntu this helps: sudo apt install python3-venv"
        )


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def stamp_of(lock: Path) -> Path:
    return VENV / (lock.stem + ".installed")


def installed(lock: Path) -> bool:
    """Whether this very lock was installed to the end."""
    stamp = stamp_of(lock)
    return stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint(lock)


def install(lock: Path) -> None:
    """Run pip, showing a count instead of its hundred lines; those go to a file."""
    total = sum(
        1
        for line in lock.read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith((" ", "#")) and "win32'" not in line.split("!=")[0]
    )
    say("Installing %d packages, exact versions checked by hash (%s) ..." % (total, lock.name))
    command = [str(VENV_PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    seen = 0
    with LOG.open("w", encoding="utf-8") as log:
        pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert pip.stdout is not None
        for raw in pip.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            log.write(line + "\n")
            if line.startswith(("Collecting ", "Processing ", "Requirement already satisfied: ")):
                seen += 1
                progress(seen, total, line)
            elif line.startswith("Installing collected packages"):
                end_of_progress()
                say("  unpacking ...")
    if pip.wait():
        end_of_progress()
        lines = [
            line
            for line in LOG.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("WARNING")
        ]
        stop(
            "\n".join(lines[-15:])
            + "\n\nThe packages could not be installed: pip's last words are above, all of them in"
            "\n%s. The same command may be run again." % LOG
        )


def progress(seen: int, total: int, line: str) -> None:
    words = line.replace("Requirement already satisfied:", "").split()
    name = words[1] if words[0] in ("Collecting", "Processing") else words[0]
    if "/" in name:  # A file such as .../flask-3.1.3-py3-none-any.whl
        name = name.split("/")[-1].split("-")[0]
    text = "  %d of %d: %s" % (min(seen, total), total, name.split("==")[0])
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K" + text)
        sys.stdout.flush()
    elif seen % 10 == 0 or seen == 1:
        say(text)


def end_of_progress() -> None:
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped before the packages were in place. The same command may be run again.")
