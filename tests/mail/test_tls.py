"""The way to the mail server is protected, or nothing goes out."""

import ipaddress
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netapp.mail.delivery import ServerAway, SmtpTransport
from netapp.mail.jobs import deliver_due
from tests.factories import NOW
from tests.mail.samples import queue
from tests.mail.smtp_server import mail_server, password_is, tls_context

YEARS = timedelta(days=3650)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[str, str]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server of the tests")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(NOW + YEARS)
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(folder / "certificate.pem"), str(folder / "key.pem")


@pytest.fixture
def trusted(certificate, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])


def way_to(port: int, **options) -> SmtpTransport:
    return SmtpTransport("127.0.0.1", port, "bookings@network.example", **options)


def test_starttls_is_used_and_the_password_sent_only_behind_it(session, certificate, trusted):
    options = {
        "tls_context": tls_context(*certificate),
        "require_starttls": True,
        "auth_required": True,
        "authenticator": password_is("network", "a long password"),
    }
    with mail_server(**options) as server:
        queue(session)
        way = way_to(server.port, user="network", password="a long password")
        assert deliver_due(session, way).sent == 1
        assert server.addressees() == ["amara@example.org"]


def test_tls_from_the_first_byte(session, certificate, trusted):
    with mail_server(ssl_context=tls_context(*certificate)) as server:
        queue(session)
        assert deliver_due(session, way_to(server.port, tls="tls")).sent == 1


def test_a_wrong_password_is_told_and_no_mail_is_blamed(session, certificate, trusted):
    options = {
        "tls_context": tls_context(*certificate),
        "auth_required": True,
        "authenticator": password_is("network", "a long password"),
    }
    with mail_server(**options) as server:
        row = queue(session)
        with pytest.raises(ServerAway, match="535"):
            deliver_due(session, way_to(server.port, user="network", password="wrong"))
        assert (server.arrived, row.attempts) == ([], 0)


def test_a_certificate_nobody_vouches_for_is_refused(session, certificate):
    with mail_server(tls_context=tls_context(*certificate)) as server:
        queue(session)
        with pytest.raises(ServerAway, match="certificate"):
            deliver_due(session, way_to(server.port))
        assert server.arrived == []


def test_a_certificate_of_another_name_is_refused(session, certificate, trusted):
    with mail_server(tls_context=tls_context(*certificate)) as server:
        queue(session)
        other_name = SmtpTransport("localhost", server.port, "bookings@network.example")
        with pytest.raises(ServerAway, match="certificate"):
            deliver_due(session, other_name)
        assert server.arrived == []


def test_a_server_without_starttls_gets_nothing(session):
    with mail_server() as server:
        queue(session)
        with pytest.raises(ServerAway, match="STARTTLS"):
            deliver_due(session, way_to(server.port))
        assert server.tries == []


def test_the_password_does_not_show():
    assert "secret word" not in repr(way_to(25, user="network", password="secret word"))
