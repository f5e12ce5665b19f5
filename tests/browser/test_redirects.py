"""What our one door lets through, a browser takes for an address of ours, too."""

import random

import pytest

from netapp.web.redirects import safe_path

pytestmark = pytest.mark.browser

PIECES = (
    *("/", "//", "\\", "/\\", "\\/", ".", "..", "%2f", "%5c", "%2e", "%09", "%00", "%0d%0a", "@"),
    *(":", "?", "#", "&", "=", ";", "~", "+", ",", "-", "_", "\t", "\n", "\r", "\x00", "\x0b", " "),
    *("evil.example", "events", "javascript:", "https:", "data:", "127.0.0.1", "[::1]", "0x7f.1"),
    *("\u00a0", "\u2028", "\u3002", "\uff0f", "\uff3c", "\u200b", "\ufeff", "é", "\u0338"),
)
OURS = "https://ours.example"
AS_A_BROWSER_READS_IT = """(targets) => targets.map((target) => {
  try { return new URL(target, "https://ours.example/sign-in?next=x").origin; }
  catch { return "no address"; }
})"""


def test_whatever_passes_is_on_this_site(chromium):
    chance = random.Random(20270111)
    made = (
        chance.choice(("", "/")) + "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        for _ in range(60_000)
    )
    passed = sorted({target for each in made if (target := safe_path(each, fallback="")) != ""})
    assert len(passed) > 500
    page = chromium.new_page()
    origins = page.evaluate(AS_A_BROWSER_READS_IT, passed)
    page.close()
    strays = [t for t, origin in zip(passed, origins, strict=True) if origin != OURS]
    assert strays == []
