import pytest
from argon2 import PasswordHasher

from netapp.people import passwords
from netapp.people.errors import PasswordRefused
from tests import quick_passwords

EASY = """password1234 passwordpassword P@ssw0rd1234 qwertyuiop12 123456789012 1q2w3e4r5t6y
    aaaaaaaaaaaa abcabcabcabc letmein12345 iloveyou2024! Welcome12345 1qaz2wsx3edc qazwsxedcrfv
    musicandsocialjustice MSJN2027!conf aminaokafor1 AminaOkafor2027 amina.okafor@school.org
    correcthorsebatterystaple changeme12345 administrator1 zxcvbnm12345 111111111111 asdfghjkl123
    Spring2027!! abcdefghijkl 121212121212 passw0rd!!!! Password-1234 network-network"""
ABOUT_ME = ["Music and Social Justice Network", "MSJN", "Amina Okafor", "amina.okafor@school.org"]


@pytest.mark.parametrize(
    "password",
    [
        "purple hippo sings tenor", "kX9#vQ2mLp0z", "correct-lemon-otter", "пароль из слов нет",
        "Ångström & naïve café", "            x  yqzj w", "trumpet\tkettle\x00gate",
        "🎺🎻🥁 jq kettle",
        "z" * 5 + "qpwoxnvjfm" * 12,
    ],
)  # fmt: skip
def test_twelve_to_128_characters_of_any_kind(password):
    passwords.check(password, context=ABOUT_ME)
    kept = passwords.hashed(password)
    assert passwords.is_right(kept, password)
    assert not passwords.is_right(kept, password + " ")
    assert not passwords.is_right(kept, password.swapcase() + "x")


def test_length_is_counted_in_characters_and_nothing_is_cut():
    long = "wren marble gate " * 8
    passwords.check(long[:128])
    with pytest.raises(PasswordRefused, match="128 characters or fewer"):
        passwords.check(long[:129])
    with pytest.raises(PasswordRefused, match="12 characters or more"):
        passwords.check("wren marble")
    kept = passwords.hashed(long[:128])
    assert not passwords.is_right(kept, long[:127])
    assert not passwords.is_right(kept, long[:128] + "x")


def test_two_ways_to_write_an_accent_are_one():
    kept = passwords.hashed("caf\u00e9 trombone otter")
    assert passwords.is_right(kept, "cafe\u0301 trombone otter")
    assert not passwords.is_right(kept, "cafe trombone otter")


@pytest.mark.parametrize(
    "password",
    EASY.split(),
)
def test_what_is_easy_to_guess_is_refused(password):
    with pytest.raises(PasswordRefused, match="easy to guess"):
        passwords.check(password, context=ABOUT_ME)


@pytest.fixture
def true_passwords(monkeypatch):
    for name, value in quick_passwords.TRUE.items():
        monkeypatch.setattr(passwords, name, value)


def test_the_hash_is_argon2id_and_made_again_when_parameters_change(true_passwords):
    kept = passwords.hashed("wren marble kettle")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.is_outdated(kept)
    assert not passwords.is_outdated(passwords._NOBODY)  # Or it would take another time.
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("wren marble")
    assert passwords.is_outdated(older)


def test_nobody_has_a_password(true_passwords):
    assert not passwords.is_right(None, "")
    assert not passwords.is_right(None, "wren marble kettle")
    assert not passwords.is_right("not a hash", "wren marble kettle")
