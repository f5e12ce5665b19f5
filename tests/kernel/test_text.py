import pytest
from hypothesis import given
from hypothesis import strategies as st

from netapp.kernel.text import TooLong, clean


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Working   With\tChaos ", "Working With Chaos"),
        ("two\r\nlines", "two lines"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x7fd\x85e", "abcd e"),
        ("evil \u202egnp.exe", "evil gnp.exe"),
        ("\ud800", ""),
        ("O’Connor-Özil 李", "O’Connor-Özil 李"),
    ],
)
def test_one_line(typed, kept):
    assert clean(typed, max_length=100) == kept


def test_several_lines_keep_their_breaks():
    assert clean("one \r\n\r\ntwo\u2028three\n\n", max_length=100, multiline=True) == (
        "one\n\ntwo\nthree"
    )


def test_too_long_is_refused_not_cut():
    with pytest.raises(TooLong):
        clean("abcd", max_length=3)


@given(st.text(max_size=200))
def test_whatever_passes_passes_again_unchanged(typed):
    once = clean(typed, max_length=1000, multiline=True)
    assert clean(once, max_length=1000, multiline=True) == once
    once.encode()
