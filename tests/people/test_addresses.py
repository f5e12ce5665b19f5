import pytest

from netapp.people.addresses import canonical, shown
from netapp.people.errors import NotAnAddress


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("amina@example.org", "amina@example.org"),
        ("  Amina.Okafor+Events@Example.ORG ", "amina.okafor+events@example.org"),
        ("ａｍｉｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "amina@example.org"),  # Full-width: NFKC.
        ("info@MÜNCHEN.example", "info@xn--mnchen-3ya.example"),
        ("info@mu\u0308nchen.example", "info@xn--mnchen-3ya.example"),  # Two code points.
        ("info@xn--mnchen-3ya.example", "info@xn--mnchen-3ya.example"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("info@почта.example", "info@xn--80a1acny.example"),  # One script, not ours.
    ],
)
def test_one_spelling_for_each_address(typed, kept):
    assert canonical(typed) == kept
    assert canonical(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "amina", "amina@", "@example.org", "amina@example", "a b@example.org",
        "amina@exa mple.org", "amina@@example.org", "amina@example..org", ".amina@example.org",
        "amina@example.org.", "amina@[127.0.0.1]", '"amina"@example.org', "amina@exam_ple.org",
        "amina@example.org, ben@example.org", "Amina <amina@example.org>",
        "amina@example.org\nBcc: all@example.org", "amina\x00@example.org",
        "a" * 65 + "@example.org", "amina@" + "a" * 250 + ".org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_words(typed):
    with pytest.raises(NotAnAddress) as refusal:
        canonical(typed)
    assert str(refusal.value) == "Enter an email address, like name@example.org."


def test_letters_that_only_look_alike_are_refused():
    with pytest.raises(NotAnAddress, match="two alphabets"):
        canonical("info@\u0430pple.example")  # A Cyrillic letter.
    with pytest.raises(NotAnAddress, match="before the @"):
        canonical("\u0430mina@example.org")


def test_a_host_is_shown_as_people_write_it():
    assert shown("info@xn--mnchen-3ya.example") == "info@münchen.example"
    assert shown("info@example.org") == "info@example.org"
