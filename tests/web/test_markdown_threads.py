"""Many threads may ask for markdown at once, also right after the start."""

import subprocess
import sys

# The parser sorts its rules at the first use, and not safely: a thread that comes meanwhile reads
# half of them, and what it makes of a text would be kept.
ALL_SORTED = """
from netapp.web.markdown import _parser as parser
rulers = parser.core.ruler, parser.block.ruler, parser.inline.ruler, parser.inline.ruler2
print([ruler.__cache__ is not None for ruler in rulers])
"""


def test_the_parser_is_ready_before_the_first_request(root):
    command = [sys.executable, "-c", ALL_SORTED]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[True, True, True, True]\n"
