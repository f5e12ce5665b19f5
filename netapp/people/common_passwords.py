"""Which passwords of twelve and more characters are easy to guess; asked of no other service.

Lists of leaked passwords are full of short words: of twelve characters and more they hold little
but the same words with digits, doubled words and runs on the keyboard. So this module takes a
password apart into such pieces and counts what is left.
"""

import re
from collections.abc import Iterable

ENOUGH = 6
"""What must be left, in points: a letter or sign nobody can foresee is one, a digit half a one,
a different common word two, a piece of a run or of the context none."""

# The words that lead the published counts of leaked passwords, and those of our own field.
_WORD_LIST = """
    aaron abc abcdef access account admin administrator alexander alexis always amanda amazing
    amazon america andrea andrew angel angela anthony apple apples april arsenal asdf ashley august
    austin autumn awesome baby babygirl bailey banana barcelona baseball basketball batman bear
    beautiful beer benjamin best bigdog bitch black blessed blink blue bond booboo boomer boston
    brandon brian britain british brother buddy bullshit buster butterfly camera canada captain
    carlos casino change changeme changeit charles charlie chelsea cheese chester chicken chocolate
    chris christian christmas christopher city claire classic code coffee college computer cookie
    cool corvette cowboy crystal daddy dallas daniel dance danielle david december default demo
    destiny diamond dog dolphin donald dragon dreams eagle eagles easy elephant elizabeth email
    emily enter england ever everton facebook family fender ferrari fish flower flowers football
    forest forever free freedom friday friend friends fuck fucker fuckyou gabriel game garden george
    girl ginger god golden golf good google gordon great green guest guitar hannah happy harley
    heart heather hello help hockey holiday home honey horse house hunter iceman iloveyou india
    internet ireland iwantu jackson jacob jake james january jasmine jason jasper jennifer jessica
    jesus joanna john johnny jonathan jordan joseph joshua july june justin keeper kevin killer king
    kitty knight ladybug lakers lauren legend leonardo letmein liberty life lifehack little
    liverpool login london lonely long look love lovely loveme lover lucky maggie magic manager
    manchester march marina mark marlboro martin martina mary master matrix matthew maverick
    maxwell member melissa mercedes michael michelle mickey midnight mike mine money monkey monday
    monster morgan mother mountain muffin music musician mustang my myspace mypassword naruto
    nascar natasha nathan nature never new nicholas nicole nissan nothing november october
    office one online open orange organisation organization oscar pass passw passwd password
    passwort patrick peace peanut people pepper peter phoenix piano picard player please pokemon
    police porsche power precious princess private purple qwert qwerty rachel rainbow ranger
    raiders rangers real red redsox reset richard robert rock rocket ronaldo rose royal samantha
    samsung samuel sarah saturday school scooter scotland secret secure security september service
    sexy shadow shannon sierra silver simple simpsons slayer smile smokey snoopy soccer sophie
    spider spiderman spring star starwars steelers stella stephen steven strong student success
    summer sun sunday sunflower sunshine superman superstar support sweet sweetheart sweetie system
    taylor teacher team temp temporary tennis teresa test tester testing thank thankyou the thomas
    thunder thursday tiger tigers tigger time today toyota travis trustno truelove trust tuesday
    united user vanessa victoria video viking vincent voyager wales warrior water weasel wednesday
    welcome william windows winner winston winter wizard wonder word world yamaha yankees
    yellow you yours your zxcv
    music musics social justice network networks practice practitioner inclusion inclusive youth
    event events booking bookings conference coordinator coordinators training charity community
    choir orchestra concert calendar singing singer workshop session sessions
    correcthorsebatterystaple iloveyouforever thequickbrownfox letmeinnow opensesame
    """
_WORDS = frozenset(_WORD_LIST.split())
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaqxswcdevfrbgtnhymjukilop",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9j0k",
    "1a2b3c4d5e6f7g8h9i0j",
    "1z2x3c4v5b6n7m",
    "1qazxsw23edcvfr45tgbnhy67ujm",
    "!@#$%^&*()_+",
    '!"£$%^&*()_+',
    "147258369",
    "159357",
    "13579",
    "24680",
)
_SHORTEST_RUN = 3
_SPELLINGS = str.maketrans("0134578@$!€", "oleastbasie")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SAME = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"(.{1,64}?)\1+")


def is_easy_to_guess(password: str, *, context: Iterable[str] = ()) -> bool:
    """Whether too little is left when all that is common has been taken away.

    ``context`` are words everybody can connect with the account, in any spelling and length.
    """
    text = password.casefold()
    if repeated := _REPEATED.fullmatch(text):
        text = repeated.group(1)
    known = {piece for words in context for piece in _pieces(words)}
    return min(_points(text, known), _points(text.translate(_SPELLINGS), known)) < ENOUGH


def _pieces(words: str) -> set[str]:
    """The parts of a name or address, and the whole without blanks and signs."""
    parts = re.findall(r"\w+", words.casefold())
    joined = "".join(parts)
    initials = "".join(part[0] for part in parts)
    return {piece for piece in (*parts, joined, initials) if len(piece) >= _SHORTEST_RUN}


def _points(text: str, context: set[str]) -> float:
    seen: set[str] = set()
    points, at = 0.0, 0
    while at < len(text):
        length = _foreseen(text, at, context)
        word = _longest_word(text, at)
        if len(word) > length:
            points += 0 if word in seen else 2
            seen.add(word)
            at += len(word)
        elif length:
            at += length
        else:
            points += 0.5 if text[at].isdigit() else 0 if text[at] in " -_.," else 1
            at += 1
    return points


def _foreseen(text: str, at: int, context: set[str]) -> int:
    """How many characters from here on are a run, a repeat, a year or a word of the context."""
    lengths = [len(piece) for piece in context if text.startswith(piece, at)]
    lengths += [match.end() - at for form in (_SAME, _YEAR) if (match := form.match(text, at))]
    lengths += [_run_length(text, at, run) for run in _ALL_RUNS]
    return max(lengths, default=0)


def _run_length(text: str, at: int, run: str) -> int:
    length = _SHORTEST_RUN
    if text[at : at + length] not in run or at + length > len(text):
        return 0
    while at + length < len(text) and text[at : at + length + 1] in run:
        length += 1
    return length


def _longest_word(text: str, at: int) -> str:
    for length in range(min(_LONGEST_WORD, len(text) - at), 2, -1):
        if text[at : at + length] in _WORDS:
            return text[at : at + length]
    return ""


_ALL_RUNS = (*_RUNS, *(run[::-1] for run in _RUNS))
_LONGEST_WORD = max(map(len, _WORDS))
