"""What is more work for a known address takes longer, and so tells that it is known."""

import sys
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from netapp.kernel.db import unit_of_work
from netapp.people import passwords
from netapp.people.errors import WrongPassword
from netapp.people.operations import accounts, codes, sign_ins
from netapp.people.operations.codes import Newcomer
from tests.factories import NOW, make_person

KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"
APART = 1.15
"""Leaving out the mail makes it many times as many calls, leaving out the hash one call less."""


def try_password(session, email):
    with pytest.raises(WrongPassword):
        sign_ins.check_password(session, email=email, password="gravel otter kettle")


def ask_for_code(session, email):
    codes.ask_to_sign_in(session, email=email, browser="b", device="a browser", now=NOW)


def register(session, email):
    newcomer = Newcomer("Amina Okafor")
    codes.ask_to_register(
        session, email=email, newcomer=newcomer, browser="b", device="a browser", now=NOW
    )


def join(session, email):
    codes.ask_to_join(
        session, email=email, name="Amina Okafor", browser="b", device="a browser", now=NOW
    )


def ask_for_reset(session, email):
    accounts.ask_for_reset(session, email=email, device="a browser", now=NOW)


@contextmanager
def counting_calls():
    """How many functions are called, and how often a password is hashed or compared: the work,
    whatever else the machine does."""
    count = {"calls": 0, "hashes": 0}

    def see(frame, happening, called):
        count["calls"] += happening in {"call", "c_call"}
        if happening == "c_call":
            count["hashes"] += called.__name__ in {"argon2_hash", "argon2_verify"}

    sys.setprofile(see)
    try:
        yield count
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("ask", [try_password, ask_for_code, register, join, ask_for_reset])
def test_known_and_unknown_addresses_are_as_much_work(session, ask: Callable[..., None]):
    make_person(session, email=KNOWN, password_hash=passwords.hashed("wren marble kettle"))
    work = {}
    for email in (KNOWN, UNKNOWN, KNOWN, UNKNOWN):  # The first two fill what is kept in memory.
        with counting_calls() as count, unit_of_work(session):
            ask(session, email)
        work[email] = count
    assert work[KNOWN]["hashes"] == work[UNKNOWN]["hashes"]
    calls = sorted(count["calls"] for count in work.values())
    assert calls[1] < calls[0] * APART
