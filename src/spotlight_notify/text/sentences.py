"""Find where sentences end, in text full of ranks, states, times and citations as offices write it."""

from collections.abc import Iterator

import regex

_STATES = """
ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa
tenn tex vt va wash wis wyo n.h n.j n.m n.y n.c n.d s.c s.d r.i d.c w.va p.r
"""
_TITLES = """
adj adm asst atty brig capt cdr cf cmdr cmsr col comdr comm commr cpl cpls cpt dep deps det dets dr dra dres
drs e.g ee ens esq fr gen gens gov govs gral hon i.e ing insp lic lt lt.col ltjg lts maj messrs mr mrs ms
msgr ofc off pfc pres prof profs pvt rep reps ret rev sec sen sens sfc sgt sgts spc sra srta ssgt supt supts
supvr tpr tprs viz vs
"""
_OTHERS = """
a.m al approx apr apt art assn assoc att aug bldg bros bur cap ch chap cir cl co comp corp ct ctr dec dept
dist div ed eds est ex exec ext feb fig figs fl fri ft hts hwy inc incl inst intl jan jr jul jun ltd mar mfg
mgmt mgr mi mon mt mtn natl nov oct op p p.m para ph.d pl pp pt pub ref reg rm rt sat sec secs sep sept sq
sr st ste subsec sun supp tech tel terr thu thur thurs tue tues u.k u.n u.s univ uu v vol vols wed yd
"""
_STREETS = "ave rd blvd ln pkwy"
STREETS = frozenset(_STREETS.split())
IN_ADDRESSES = frozenset({"apt", "n", "s", "e", "w", "ne", "nw", "se", "sw", "suite", "unit"})
"""What goes on after a street."""
STATES = frozenset(_STATES.split())
TITLES = frozenset(_TITLES.split())
"""Words whose full stop never ends a sentence: something is always named after them."""
ABBREVIATIONS = STATES | TITLES | STREETS | frozenset(_OTHERS.split())
"""Words whose full stop seldom ends a sentence."""
NUMBERED = frozenset(
    {"no", "nos", "fig", "figs", "vol", "sec", "pt", "ch", "p", "pp", "bldg", "rm", "apt", "rt"}
)
"""Words whose full stop ends no sentence when a number follows; the first two are words of their own."""
_OPENERS = """
a after all also although an and another any anyone applicants as at attendees because before both bring but
by call click come deputies do does during each every few for from get go he help her here his how however i
if in it its join just last learn many more most new no not now officers on once one only our participants
please read register results see she since so some suspects that the their then there these they this those
though to together until we what when where whether which while who why with you your
"""
OPENERS = frozenset(_OPENERS.split())
"""Words that begin a sentence when they have a capital, and no name."""
_LETTERED = """
annex appendix area bay block bldg booth building category class dock exhibit figure floor gate grade group
hall hepatitis level line lot option part phase plan platform point room schedule section site stage suite
table team terminal tier type unit vitamin wing zone
"""
LETTERED = frozenset(_LETTERED.split())
"""Words that are told apart by a letter: "Room B." ends a sentence, "James B." does not."""
_PARTS_OF_DAY = frozenset({"a.m", "p.m"})
_OF_TIME = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january
february march april may june july august september october november december jan feb mar apr jun jul aug
sept sep oct nov dec et est edt ct cst cdt mt mst mdt pt pst pdt eastern central mountain pacific utc gmt
akst hst
"""
OF_TIME = frozenset(_OF_TIME.split())
"""What goes on a time of day."""
_STOP = regex.compile(r"""(?<![.!?…])[.!?…]++["'”’)\]]*+(?=\s)|[。！？]++[”’」』)]*+|\S(?=\s*\n)""")
_GAP = regex.compile(r"""\s*+["'“‘]*+""")
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}.]*+")
_LONGEST_BEFORE = 20
"""Characters in which the word before a letter stands."""
_NEXT_WORD = regex.compile(r"[\p{L}\p{N}]++")
_BRAND = regex.compile(r"\p{Ll}{1,2}\p{Lu}")
"""How names such as "iPad" begin."""
_NO_BEGINNING = frozenset("([{–—-/&+,;:).…")
"""What goes on a sentence whose full stop was an abbreviation's."""


def sentences(text: str) -> Iterator[str]:
    """Yield a text in pieces, a sentence each, with the white space after it; a line's end ends one."""
    begin = 0
    for end in sentence_ends(text):
        while end < len(text) and text[end].isspace():
            end += 1
        yield text[begin:end]
        begin = end
    if begin < len(text):
        yield text[begin:]


def sentence_ends(text: str) -> list[int]:
    """Return the places after the stops that end a sentence, white space not included."""
    return [stop.end() for stop in _STOP.finditer(text) if _ends_sentence(text, stop)]


def _ends_sentence(text: str, stop: regex.Match[str]) -> bool:
    gap = _GAP.match(text, stop.end())
    begins = gap.end() if gap else stop.end()
    follows = text[begins : begins + 1]
    if stop[0][0] not in ".!?…" or (gap and "\n" in gap[0]):
        return True
    if follows in _NO_BEGINNING or (follows.islower() and not _BRAND.match(text, begins)):
        return False
    return stop[0][:2].rstrip("\"'”’)]") != "." or not _is_abbreviation(text, stop.start(), begins)


def _is_abbreviation(text: str, end: int, begins: int) -> bool:
    """Return whether the full stop at ``end`` is an abbreviation's, and the sentence goes on."""
    found = _LAST_WORD.match(text, endpos=end)
    written = found[0].lstrip(".") if found else ""
    word, follows = written.lower(), _NEXT_WORD.match(text, begins)
    after = follows[0] if follows else ""
    if word in NUMBERED and word not in TITLES:
        return after[:1].isdigit() or (word in ABBREVIATIONS and word != "no")
    if word in TITLES:
        return True
    at = end - len(word)
    if word.isdigit():
        return len(word) <= 2 and (at == 0 or text[at - 1] == "\n")  # it counts a list's items
    if len(word) == 1 and word not in ABBREVIATIONS:
        return _is_initial(text, at, written, after)
    return _is_known(word) and not _begins(text, at, word, after)


def _is_known(word: str) -> bool:
    parts = word.split(".")
    initials = len(parts) > 1 and all(len(part) <= 2 and part.isalpha() for part in parts)
    return word in ABBREVIATIONS or initials


def _is_initial(text: str, at: int, letter: str, after: str) -> bool:
    """Return whether a single letter is a name's, or a list's."""
    before = text[max(0, at - _LONGEST_BEFORE) : at].split()
    if before and before[-1].lower() in LETTERED:
        return False
    return letter.isupper() or after[:1].isdigit() or not before


def _begins(text: str, at: int, word: str, after: str) -> bool:
    """Return whether a sentence begins with the word after an abbreviation that might end one."""
    if word in _PARTS_OF_DAY:
        return after.lower() not in OF_TIME and not after[:1].isdigit() and after[:1].isupper()
    if word in STATES and text[:at].endswith(", "):
        return after[:1].isupper()  # within a sentence a comma stands behind the state, too
    if word in STREETS:
        return after[:1].isupper() and after.lower() not in IN_ADDRESSES
    return after[:1].isupper() and after.lower() in OPENERS
