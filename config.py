"""Every setting of the platform: its name, its default and one line of help.

The only module that reads the environment. A name has the prefix ``NETAPP_``; ``PORT`` and
``INSTANCE`` are honoured without it too. A secret may come from a file instead, named by
``NETAPP_<NAME>_FILE``. What is unknown, impossible or unsafe stops the start with a sentence.
"""

import difflib
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from dataclasses import Field as DataclassField
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from config_checks import (
    FALSE_WORDS,
    UnsafeSetting,
    base_address,
    database_address,
    domain,
    folder,
    is_loopback,
    mail_address,
    one_line,
    one_of,
    time_zone,
    whole_number,
    yes_or_no,
)

__all__ = ["Settings", "UnsafeSetting", "help_settings", "help_text", "load_settings"]

PREFIX = "NETAPP_"
ROOT = Path(__file__).resolve().parent
WITHOUT_PREFIX = ("PORT", "INSTANCE")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
SAMPLE_WORDS = (
    "secret",
    "change",
    "sample",
    "example",
    "password",
    "default",
    "dev-only",
    "netapp",
)
SECRET_MINIMUM = 32  # characters
SECRET_MINIMUM_DIFFERENT = 10  # different characters: "aaaa…" is long and still no secret
REQUEST_BYTES = 1024 * 1024
FORM_PARTS = 500
FORM_MEMORY_BYTES = 500 * 1000


def setting(
    default: Any, help_line: str, *, secret: bool = False, shown: str = "", check: Any = None
) -> Any:
    """A field of Settings.

    `shown` stands for the default in the help where the default depends on other settings;
    `check(name, text)` turns the text of the environment into the value, or raises.
    """
    return field(
        default=default,
        repr=not secret,  # A traceback or a log line must not give it away.
        metadata={"help": help_line, "secret": secret, "shown": shown, "check": check},
    )


@dataclass(frozen=True)
class Settings:
    """What the platform was started with. Checked: whoever holds one may rely on it."""

    demo: bool = setting(
        False,
        "Try the platform out on this computer only: made-up sign-ins, mail kept in a folder.",
        check=yes_or_no,
    )
    base_url: str = setting(
        "",
        "The public address, e.g. https://events.network.example. Every link is built from it.",
        shown="none, required (demo: http://127.0.0.1 and the port)",
        check=base_address,
    )
    secret_key: str = setting(
        "",
        "Signs links and cookies, seals private fields: 32 random characters or more, kept.",
        secret=True,
        shown="none, required (demo: made once, kept in the data folder)",
    )
    uid_domain: str = setting(
        "",
        "Domain in the identifiers of calendar entries. Choose once: it must never change.",
        shown="none, required (demo: network.example)",
        check=domain,
    )
    instance: Path = setting(
        ROOT / "instance",
        "The data folder: database, mail kept as files, the demo's secret. INSTANCE does too.",
        shown="instance",
        check=folder,
    )
    database_url: str = setting(
        "",
        "postgresql://user:password@host/name, or sqlite:///file.",
        secret=True,
        shown="netapp.db in the data folder (SQLite)",
        check=database_address,
    )
    host: str = setting(
        "127.0.0.1",
        "The network address the web server listens on; 0.0.0.0 listens on all.",
        check=one_line,
    )
    port: int = setting(
        8000,
        "The port the web server listens on. PORT does too.",
        check=whole_number(1, 65535),
    )
    threads: int = setting(
        8, "How many requests the web server answers at the same time.", check=whole_number(1, 64)
    )
    connection_limit: int = setting(
        1000,
        "How many connections may be open at once; high, so that slow ones stop nobody.",
        check=whole_number(100, 100_000),
    )
    trusted_proxies: int = setting(
        0,
        "How many proxies of your own stand in front; only theirs is believed who a visitor is.",
        check=whole_number(0, 5),
    )
    network_name: str = setting(
        "Music and Social Justice Network",
        "The network's name, as people read it.",
        check=one_line,
    )
    network_short_name: str = setting(
        "MSJN", "The short form of the name, for small screens and phones.", check=one_line
    )
    contact_email: str = setting(
        "",
        "Where people reach the coordinators.",
        shown="coordinators@ the domain of NETAPP_MAIL_FROM",
        check=mail_address,
    )
    contact_phone: str = setting(
        "", "A telephone number of the coordinators, where there is one.", check=one_line
    )
    timezone: str = setting(
        "Europe/London", "The time zone of new events, by its IANA name.", check=time_zone
    )
    mail_from: str = setting(
        "",
        "The address our mail comes from.",
        shown="bookings@ the domain of NETAPP_UID_DOMAIN",
        check=mail_address,
    )
    smtp_host: str = setting(
        "",
        "The mail server. Without one, mail is kept in the data folder and shown on the desk.",
        check=one_line,
    )
    smtp_port: int = setting(
        0,
        "The mail server's port.",
        shown="587 for starttls, 465 for tls, 25 for none",
        check=whole_number(1, 65535),
    )
    smtp_user: str = setting("", "The name to sign in to the mail server with.", check=one_line)
    smtp_password: str = setting(
        "", "The password to sign in to the mail server with.", secret=True
    )
    smtp_tls: str = setting(
        "starttls",
        "How the way to the mail server is protected: starttls, tls, or none (this machine only).",
        check=one_of("starttls", "tls", "none"),
    )
    open_registration: bool = setting(
        True, "May anyone make an account? Guests can book either way.", check=yes_or_no
    )
    access_needs_keep_days: int = setting(
        30,
        "Days after an event until what people told us they need is deleted.",
        check=whole_number(1, 730),
    )
    interest_keep_days: int = setting(
        365,
        "Days after somebody said that they are interested until that is deleted.",
        check=whole_number(1, 730),
    )
    answers_keep_days: int = setting(
        365,
        "Days after an event until what people answered to its questions is deleted.",
        check=whole_number(1, 3650),
    )
    mail_keep_days: int = setting(
        30, "Days after sending until a mail's text is deleted.", check=whole_number(1, 730)
    )
    gzip_feeds: bool = setting(
        True, "Compress calendar feeds for programs that can read that.", check=yes_or_no
    )
    log_level: str = setting(
        "INFO",
        "How much is written to the log: " + ", ".join(LOG_LEVELS) + ".",
        check=one_of(*LOG_LEVELS),
    )
    clock_file: str = setting(
        "",
        "For tests, in demo mode only: a file that says what time it is.",
        check=one_line,
    )

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def base_host(self) -> str:
        """The host of the base address, without its port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def mail_folder(self) -> Path:
        return self.instance / "mail"

    def _engine_options(self) -> dict[str, int]:
        """A connection for each request at a time, and some for those that hold two. A database in
        memory, as the help of the commands has, is one connection."""
        in_memory = self.database_url in ("sqlite://", "sqlite:///:memory:")
        return {} if in_memory else {"pool_size": self.threads, "max_overflow": 10}

    def flask(self) -> dict[str, Any]:
        """The same, in Flask's names. The engine's options are the business of create_app."""
        return {
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "TRUSTED_HOSTS": ["127.0.0.1", "localhost"] if self.demo else [self.base_host],
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            # "__Host-" makes a browser refuse the cookie from or for any other host, and needs
            # https (RFC 6265bis, section 4.1.3.2).
            "SESSION_COOKIE_NAME": "__Host-session" if self.https else "session",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "MAX_CONTENT_LENGTH": REQUEST_BYTES,
            "MAX_FORM_PARTS": FORM_PARTS,
            "MAX_FORM_MEMORY_SIZE": FORM_MEMORY_BYTES,
            "WTF_CSRF_TIME_LIMIT": None,  # As long as the session: a form left open still works.
            "DEMO": self.demo,
        }


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read, check and complete the settings; makes the data folder where it is missing.

    Raises UnsafeSetting, whose message says what to do.
    """
    environ = os.environ if environ is None else environ
    given = read_given(environ)
    settings = Settings(**given)
    if settings.demo:
        settings = with_demo_values(settings, given)
    else:
        refuse_unsafe(settings, environ)
    refuse_unprotected_mail(settings)
    make_private_folder(settings.instance)
    return completed(settings)


def read_given(environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment says, checked one by one, by field name. An empty text counts as
    not given."""
    known = {PREFIX + each.name.upper(): each for each in fields(Settings)}
    refuse_unknown_names(environ, known)
    given = {}
    for name, each in known.items():
        text = read_text(environ, name, each)
        if text:
            check = each.metadata["check"]
            given[each.name] = check(name, text) if check else text
    return given


def refuse_unknown_names(
    environ: Mapping[str, str], known: Mapping[str, "DataclassField[Any]"]
) -> None:
    allowed = set(known) | {
        f"{name}_FILE" for name, each in known.items() if each.metadata["secret"]
    }
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in allowed:
            near = difflib.get_close_matches(name, sorted(allowed), n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise UnsafeSetting(
                f"There is no setting {name}.{meant}"
                " All of them are listed by: flask --app wsgi settings"
            )


def read_text(environ: Mapping[str, str], name: str, each: "DataclassField[Any]") -> str:
    text = environ.get(name, "").strip()
    bare = name.removeprefix(PREFIX)
    if not text and bare in WITHOUT_PREFIX:
        text = environ.get(bare, "").strip()
    path = environ.get(f"{name}_FILE", "").strip() if each.metadata["secret"] else ""
    if not path:
        return text
    if text:
        raise UnsafeSetting(f"{name} and {name}_FILE are both set: remove one of them.")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UnsafeSetting(f"{name}_FILE cannot be read: {path}.") from unreadable
    if not text:
        raise UnsafeSetting(f"{name}_FILE is empty: {path}.")
    return text


def with_demo_values(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """Demo mode stays on this computer, and needs nothing set."""
    if not is_loopback(settings.host):
        raise UnsafeSetting(
            "Demo mode has sign-ins that everybody knows, so it runs for this computer only:"
            " leave NETAPP_HOST at 127.0.0.1."
        )
    if "base_url" in given and settings.base_host not in ("127.0.0.1", "localhost"):
        raise UnsafeSetting(
            "Demo mode runs for this computer only: leave NETAPP_BASE_URL unset,"
            " or set NETAPP_DEMO=no."
        )
    make_private_folder(settings.instance)
    return changed(
        settings,
        base_url=settings.base_url or f"http://127.0.0.1:{settings.port}",
        secret_key=settings.secret_key or demo_secret(settings.instance),
        uid_domain=settings.uid_domain or "network.example",
    )


def refuse_unsafe(settings: Settings, environ: Mapping[str, str]) -> None:
    """What must hold wherever other people come to."""
    if not settings.base_url:
        raise UnsafeSetting(
            "NETAPP_BASE_URL is missing: set it to the public address, such as"
            " https://events.network.example. To try the platform out, set NETAPP_DEMO=yes."
        )
    if not settings.https and not is_loopback(settings.base_host):
        raise UnsafeSetting(
            f"NETAPP_BASE_URL is {settings.base_url}, which is not protected on its way:"
            " use https. Plain http is for this computer only."
        )
    if not settings.uid_domain:
        raise UnsafeSetting(
            "NETAPP_UID_DOMAIN is missing: set it to a domain of yours, such as network.example."
            " It is part of every calendar entry and must never change."
        )
    refuse_weak_secret(settings.secret_key)
    if environ.get("FLASK_DEBUG", "").lower() not in ("", *FALSE_WORDS):
        raise UnsafeSetting("Debug mode shows the program's insides to visitors: turn it off.")
    if settings.clock_file:
        raise UnsafeSetting("NETAPP_CLOCK_FILE is for tests, in demo mode only: remove it.")


def refuse_weak_secret(secret: str) -> None:
    make = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
    if not secret:
        raise UnsafeSetting(f"NETAPP_SECRET_KEY is missing. {make}")
    if len(secret) < SECRET_MINIMUM or len(set(secret)) < SECRET_MINIMUM_DIFFERENT:
        raise UnsafeSetting(f"NETAPP_SECRET_KEY can be guessed: it is too short or simple. {make}")
    if any(word in secret.lower() for word in SAMPLE_WORDS):
        raise UnsafeSetting(f"NETAPP_SECRET_KEY can be guessed: it holds a sample word. {make}")


def refuse_unprotected_mail(settings: Settings) -> None:
    if settings.smtp_host and settings.smtp_tls == "none" and not is_loopback(settings.smtp_host):
        raise UnsafeSetting(
            "NETAPP_SMTP_TLS=none would send mail and password readable for all:"
            " it is for a mail server on this computer only. Use starttls or tls."
        )


def completed(settings: Settings) -> Settings:
    """Fill in what follows from other settings."""
    mail_from = settings.mail_from or f"bookings@{settings.uid_domain}"
    return changed(
        settings,
        database_url=settings.database_url or f"sqlite:///{settings.instance / 'netapp.db'}",
        mail_from=mail_from,
        contact_email=settings.contact_email or f"coordinators@{mail_from.partition('@')[2]}",
        smtp_port=settings.smtp_port or SMTP_PORTS[settings.smtp_tls],
    )


def changed(settings: Settings, **values: Any) -> Settings:
    now = {each.name: getattr(settings, each.name) for each in fields(Settings)}
    return Settings(**(now | values))


def make_private_folder(folder: Path) -> None:
    """Personal data lives in it: for this user only, from the moment it is made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as refused:
        raise UnsafeSetting(f"The data folder {folder} cannot be made: {refused.strerror}.") from (
            refused
        )


def demo_secret(folder: Path) -> str:
    """The secret of this data folder, made at the first start.

    Written aside and linked into place: of two processes that start together both get the same.
    """
    path = folder / "secret-key"
    if not path.exists():
        draft = folder / f"secret-key.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < SECRET_MINIMUM:
        raise UnsafeSetting(
            f"The demo's secret in {path} is damaged: delete the file; everybody signs in anew."
        )
    return secret


def help_settings(arguments: Sequence[str] | None = None) -> Settings | None:
    """Settings with which the command line can explain itself before anything is set.

    None unless `arguments` (default: this process's) ask for nothing but help. They touch no
    data: the database is in memory, and the secret ends with the process.
    """
    program, *words = (sys.argv if arguments is None else arguments) or [""]
    by_flask = program.endswith(("/flask", "/flask/__main__.py"))
    if not by_flask or not words or words[-1] not in ("--help", "settings"):
        return None
    return Settings(
        demo=True,
        base_url="http://127.0.0.1",
        secret_key=secrets.token_urlsafe(),
        uid_domain="network.example",
        database_url="sqlite://",
    )


def help_text() -> str:
    """All settings, their defaults and their lines of help, as text for the terminal."""
    lines = []
    for each in fields(Settings):
        name = PREFIX + each.name.upper()
        if each.metadata["secret"]:
            name += f"  (or {name}_FILE: a file that holds it)"
        lines += [name, f"    {each.metadata['help']}", f"    Default: {shown_default(each)}", ""]
    return "\n".join(lines).rstrip()


def shown_default(each: "DataclassField[Any]") -> str:
    if each.metadata["shown"]:
        return cast(str, each.metadata["shown"])
    assert each.default is not MISSING
    if isinstance(each.default, bool):
        return "yes" if each.default else "no"
    return str(each.default) or "none"
