"""What a setting's text may be: each check takes the setting's name and its text and returns
the value, or raises UnsafeSetting."""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")


class UnsafeSetting(Exception):
    """A setting that must not be started with. The message is a sentence for the operator."""


def whole_number(low: int, high: int) -> Callable[[str, str], int]:
    def check(name: str, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise UnsafeSetting(
                f"{name} must be a whole number from {low} to {high}, not {text!r}."
            )
        return int(text)

    return check


def yes_or_no(name: str, text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise UnsafeSetting(f"{name} must be yes or no, not {text!r}.")


def one_of(*choices: str) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        for choice in choices:
            if text.lower() == choice.lower():
                return choice
        raise UnsafeSetting(f"{name} must be one of {', '.join(choices)}, not {text!r}.")

    return check


def one_line(name: str, text: str) -> str:
    if not text.isprintable() or len(text) > 200:
        raise UnsafeSetting(f"{name} must be one line of at most 200 characters.")
    return text


def mail_address(name: str, text: str) -> str:
    """A plain address; a display name is added from the network's name."""
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}", text):
        raise UnsafeSetting(
            f"{name} must be a plain mail address such as bookings@network.example, not {text!r}."
        )
    return text


def domain(name: str, text: str) -> str:
    """A host name in ASCII, lower case (RFC 1123 section 2.1)."""
    label = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if not re.fullmatch(rf"{label}(\.{label})+", text.lower()) or len(text) > 253:
        raise UnsafeSetting(f"{name} must be a domain such as network.example, not {text!r}.")
    return text.lower()


def time_zone(name: str, text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as unknown:
        raise UnsafeSetting(
            f"{name} must be the name of a time zone such as Europe/London, not {text!r}."
        ) from unknown
    return text


def database_address(name: str, text: str) -> str:
    """SQLite or PostgreSQL; the driver is ours to choose."""
    scheme, found, rest = text.partition("://")
    if found and scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if found and scheme == "sqlite" and len(rest) > 1:
        return text
    raise UnsafeSetting(
        f"{name} must begin with postgresql:// or sqlite:///, and name a database."
    )  # The value itself may carry a password, so it is not repeated.


def base_address(name: str, text: str) -> str:
    """Scheme, host and port, nothing behind them; without a slash at the end."""
    try:
        parts = urlsplit(text.rstrip("/"))
        port = f":{parts.port}" if parts.port else ""
    except ValueError as unreadable:
        raise UnsafeSetting(f"{name} is not an address: {text!r}.") from unreadable
    host = parts.hostname or ""
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", host)
        or parts.path
        or parts.query
        or parts.fragment
        or parts.username is not None
    ):
        raise UnsafeSetting(
            f"{name} must be a scheme and a host such as https://events.network.example,"
            f" with nothing behind them, not {text!r}."
        )
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{port}"


def folder(_: str, text: str) -> Path:
    return Path(text).absolute()


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
