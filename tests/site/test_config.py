"""Settings: what is refused, in which words, and what follows when nothing is said."""

import stat
from pathlib import Path

import pytest

from config import Settings, UnsafeSetting, help_settings, help_text, load_settings

GOOD_SECRET = "pJ4v9Xw2qLr7Tz0mKc5nBy8hGd3sFa6e"


@pytest.fixture
def public(tmp_path: Path) -> dict[str, str]:
    """The least that a public start needs."""
    return {
        "NETAPP_BASE_URL": "https://events.charity.org.uk",
        "NETAPP_SECRET_KEY": GOOD_SECRET,
        "NETAPP_UID_DOMAIN": "charity.org.uk",
        "INSTANCE": str(tmp_path / "data"),
    }


@pytest.fixture
def demo(tmp_path: Path) -> dict[str, str]:
    return {"NETAPP_DEMO": "yes", "INSTANCE": str(tmp_path / "data")}


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(UnsafeSetting) as refused:
        load_settings(environ)
    return str(refused.value)


class TestDefaults:
    def test_a_public_start_needs_three_settings(
        self, public: dict[str, str], tmp_path: Path
    ) -> None:
        settings = load_settings(public)
        assert (settings.demo, settings.host, settings.port) == (False, "127.0.0.1", 8000)
        assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'netapp.db'}"
        assert settings.mail_from == "bookings@charity.org.uk"
        assert settings.contact_email == "coordinators@charity.org.uk"
        assert settings.network_name == "Music and Social Justice Network"
        assert settings.network_short_name == "MSJN"
        assert settings.timezone == "Europe/London"
        assert (settings.smtp_host, settings.smtp_port) == ("", 587)

    def test_the_demo_needs_none(self, demo: dict[str, str]) -> None:
        settings = load_settings(demo)
        assert settings.base_url == "http://127.0.0.1:8000"
        assert settings.uid_domain == "network.example"

    def test_the_demos_address_follows_its_port_at_each_start(self, demo: dict[str, str]) -> None:
        assert load_settings(demo | {"PORT": "8099"}).base_url == "http://127.0.0.1:8099"
        assert load_settings(demo | {"PORT": "8100"}).base_url == "http://127.0.0.1:8100"

    def test_the_demos_secret_is_made_once_and_is_for_this_user_only(
        self, demo: dict[str, str], tmp_path: Path
    ) -> None:
        first = load_settings(demo).secret_key
        path = tmp_path / "data" / "secret-key"
        assert len(first) >= 32
        assert load_settings(demo).secret_key == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert [each.name for each in path.parent.iterdir()] == ["secret-key"]

    def test_a_damaged_demo_secret_is_named(self, demo: dict[str, str], tmp_path: Path) -> None:
        load_settings(demo)
        (tmp_path / "data" / "secret-key").write_text("short")
        assert "secret-key is damaged" in refusal(demo)

    def test_an_empty_text_counts_as_not_given(self, public: dict[str, str]) -> None:
        assert load_settings(public | {"NETAPP_THREADS": "", "NETAPP_TIMEZONE": " "}).threads == 8


class TestNames:
    def test_an_unknown_name_stops_the_start_and_the_near_one_is_offered(
        self, public: dict[str, str]
    ) -> None:
        assert refusal(public | {"NETAPP_TIMEZON": "Europe/London"}) == (
            "There is no setting NETAPP_TIMEZON. Did you mean NETAPP_TIMEZONE?"
            " All of them are listed by: flask --app wsgi settings"
        )

    def test_other_programs_names_are_let_be(self, public: dict[str, str]) -> None:
        load_settings(public | {"TIMEZONE": "nonsense", "MY_NETAPP_X": "1"})

    def test_port_and_instance_are_honoured_without_prefix(
        self, public: dict[str, str], tmp_path: Path
    ) -> None:
        settings = load_settings(public | {"PORT": "8080", "INSTANCE": str(tmp_path / "x")})
        assert (settings.port, settings.instance) == (8080, tmp_path / "x")

    def test_the_full_name_wins(self, public: dict[str, str]) -> None:
        assert load_settings(public | {"PORT": "8080", "NETAPP_PORT": "8081"}).port == 8081


class TestSecretsInFiles:
    @pytest.mark.parametrize(
        ("name", "content", "field", "value"),
        [
            ("NETAPP_SECRET_KEY", GOOD_SECRET, "secret_key", GOOD_SECRET),
            ("NETAPP_SMTP_PASSWORD", "of the mail server", "smtp_password", "of the mail server"),
            (
                "NETAPP_DATABASE_URL",
                "postgresql://a:b@db/netapp",
                "database_url",
                "postgresql+psycopg://a:b@db/netapp",
            ),
        ],
    )
    def test_they_are_read(
        self,
        public: dict[str, str],
        tmp_path: Path,
        name: str,
        content: str,
        field: str,
        value: str,
    ) -> None:
        file = tmp_path / "held"
        file.write_text(content + "\n")
        public.pop(name, None)
        settings = load_settings(public | {f"{name}_FILE": str(file)})
        assert getattr(settings, field) == value

    def test_a_file_that_is_not_there(self, public: dict[str, str], tmp_path: Path) -> None:
        del public["NETAPP_SECRET_KEY"]
        path = tmp_path / "nowhere"
        assert refusal(public | {"NETAPP_SECRET_KEY_FILE": str(path)}) == (
            f"NETAPP_SECRET_KEY_FILE cannot be read: {path}."
        )

    def test_an_empty_file(self, public: dict[str, str], tmp_path: Path) -> None:
        file = tmp_path / "empty"
        file.touch()
        del public["NETAPP_SECRET_KEY"]
        assert "is empty" in refusal(public | {"NETAPP_SECRET_KEY_FILE": str(file)})

    def test_both_at_once(self, public: dict[str, str]) -> None:
        assert refusal(public | {"NETAPP_SECRET_KEY_FILE": "/x"}) == (
            "NETAPP_SECRET_KEY and NETAPP_SECRET_KEY_FILE are both set: remove one of them."
        )

    def test_what_is_no_secret_has_no_file(self, public: dict[str, str]) -> None:
        assert "no setting NETAPP_PORT_FILE" in refusal(public | {"NETAPP_PORT_FILE": "/x"})

    def test_secrets_are_not_shown(self, public: dict[str, str]) -> None:
        shown = repr(load_settings(public | {"NETAPP_SMTP_PASSWORD": "never-to-be-seen"}))
        assert GOOD_SECRET not in shown
        assert "never-to-be-seen" not in shown


class TestRefusedOutsideDemo:
    @pytest.mark.parametrize("missing", ["BASE_URL", "SECRET_KEY", "UID_DOMAIN"])
    def test_what_is_required(self, public: dict[str, str], missing: str) -> None:
        del public[f"NETAPP_{missing}"]
        assert refusal(public).startswith(f"NETAPP_{missing} is missing")

    @pytest.mark.parametrize(
        "secret",
        [
            "hush-hush",
            "a" * 64,
            "change-me-change-me-change-me-0123456789",
            "this-is-a-very-long-sample-text-0123456789",
            "dev-only-0123456789-abcdefghijklmnopqrstu",
        ],
    )
    def test_a_weak_or_sample_secret(self, public: dict[str, str], secret: str) -> None:
        said = refusal(public | {"NETAPP_SECRET_KEY": secret})
        assert said.startswith("NETAPP_SECRET_KEY can be guessed")
        assert secret not in said

    def test_http_where_others_come_to(self, public: dict[str, str]) -> None:
        said = refusal(public | {"NETAPP_BASE_URL": "http://events.charity.org.uk"})
        assert said.startswith("NETAPP_BASE_URL is http://events.charity.org.uk, which is not prot")

    @pytest.mark.parametrize("base", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]"])
    def test_http_on_this_computer_is_fine(self, public: dict[str, str], base: str) -> None:
        assert load_settings(public | {"NETAPP_BASE_URL": base}).base_url == base

    def test_debug(self, public: dict[str, str]) -> None:
        assert "Debug mode" in refusal(public | {"FLASK_DEBUG": "1"})
        load_settings(public | {"FLASK_DEBUG": "0"})

    def test_a_clock_of_its_own(self, public: dict[str, str], demo: dict[str, str]) -> None:
        assert "NETAPP_CLOCK_FILE" in refusal(public | {"NETAPP_CLOCK_FILE": "/c"})
        assert load_settings(demo | {"NETAPP_CLOCK_FILE": "/c"}).clock_file == "/c"


class TestRefusedInDemo:
    def test_other_computers(self, demo: dict[str, str]) -> None:
        assert "this computer only" in refusal(demo | {"NETAPP_HOST": "0.0.0.0"})
        assert "this computer only" in refusal(demo | {"NETAPP_BASE_URL": "https://charity.org.uk"})


class TestRefusedAlways:
    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("DEMO", "perhaps", "must be yes or no"),
            ("PORT", "eighty", "whole number from 1 to 65535"),
            ("PORT", "0", "whole number from 1 to 65535"),
            ("PORT", "٣", "whole number from 1 to 65535"),
            ("THREADS", "1000", "whole number from 1 to 64"),
            ("TIMEZONE", "Europe/Camden", "name of a time zone"),
            ("TIMEZONE", "../etc/passwd", "name of a time zone"),
            ("UID_DOMAIN", "not a domain", "must be a domain"),
            ("MAIL_FROM", "Bookings <bookings@charity.org.uk>", "plain mail address"),
            ("MAIL_FROM", "a@b\r\nBcc: x@y.example", "plain mail address"),
            ("NETWORK_NAME", "two\nlines", "one line"),
            ("SMTP_TLS", "maybe", "one of starttls, tls, none"),
            ("LOG_LEVEL", "chatty", "one of DEBUG"),
            ("BASE_URL", "events.charity.org.uk", "a scheme and a host"),
            ("BASE_URL", "https://charity.org.uk/events", "nothing behind"),
            ("BASE_URL", "https://user@charity.org.uk", "a scheme and a host"),
            ("BASE_URL", "https://charity.org.uk:port", "not an address"),
            ("BASE_URL", "ftp://charity.org.uk", "a scheme and a host"),
            ("DATABASE_URL", "mysql://root:hunter2@db/netapp", "must begin with postgresql://"),
        ],
    )
    def test_what_cannot_be(
        self, public: dict[str, str], name: str, value: str, words: str
    ) -> None:
        said = refusal(public | {f"NETAPP_{name}": value})
        assert said.startswith(f"NETAPP_{name} ")
        assert words in said
        assert "hunter2" not in said

    def test_mail_without_protection(self, public: dict[str, str]) -> None:
        open_way = public | {"NETAPP_SMTP_TLS": "none"}
        assert "NETAPP_SMTP_TLS=none" in refusal(open_way | {"NETAPP_SMTP_HOST": "mail.isp.net"})
        assert load_settings(open_way | {"NETAPP_SMTP_HOST": "127.0.0.1"}).smtp_port == 25

    def test_a_data_folder_that_cannot_be(self, demo: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        said = refusal(demo | {"INSTANCE": str(tmp_path / "file" / "data")})
        assert said.startswith(f"The data folder {tmp_path / 'file' / 'data'} cannot be made")


class TestFlask:
    def test_public(self, public: dict[str, str]) -> None:
        flask = load_settings(public).flask()
        assert flask["TRUSTED_HOSTS"] == ["events.charity.org.uk"]
        assert flask["SESSION_COOKIE_NAME"] == "__Host-session"
        assert flask["SESSION_COOKIE_SECURE"] is True
        assert flask["PREFERRED_URL_SCHEME"] == "https"
        assert flask["MAX_CONTENT_LENGTH"] == 1024 * 1024
        assert (flask["MAX_FORM_PARTS"], flask["MAX_FORM_MEMORY_SIZE"]) == (500, 500_000)

    def test_demo(self, demo: dict[str, str]) -> None:
        flask = load_settings(demo).flask()
        assert flask["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost"]
        assert flask["SESSION_COOKIE_NAME"] == "session"
        assert flask["SESSION_COOKIE_SECURE"] is False

    @pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
    def test_postgresql_by_one_setting(self, public: dict[str, str], scheme: str) -> None:
        settings = load_settings(public | {"NETAPP_DATABASE_URL": f"{scheme}://u@db/netapp"})
        assert settings.flask()["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@db/netapp"


class TestHelp:
    def test_it_names_every_setting_with_its_default(self) -> None:
        text = help_text()
        for name in Settings.__dataclass_fields__:
            assert f"NETAPP_{name.upper()}\n" in text or f"NETAPP_{name.upper()}  " in text
        assert "Default: Music and Social Justice Network" in text

    @pytest.mark.parametrize(
        ("arguments", "helps"),
        [
            (["/x/bin/flask", "--app", "wsgi", "serve", "--help"], True),
            (["/x/bin/flask", "--app", "wsgi", "settings"], True),
            (["/x/site-packages/flask/__main__.py", "--app", "wsgi", "--help"], True),
            (["/x/bin/flask", "--app", "wsgi", "serve"], False),
            (["/x/bin/gunicorn", "wsgi:app", "settings"], False),
            ([], False),
        ],
    )
    def test_help_needs_no_settings_and_nothing_else_starts_without(
        self, arguments: list[str], helps: bool
    ) -> None:
        assert (help_settings(arguments) is not None) is helps
