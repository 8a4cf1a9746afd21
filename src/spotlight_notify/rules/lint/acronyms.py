"""Know acronyms: everybody's, the programme's, and what looks like one."""

import re

from spotlight_notify.rules.lint.policy import Policy

_EVERYBODYS = """
AC ADA AED AI AIDS AM ATF ATM AV BBC BC BCE CA CBP CBS CD CDC CE CEO CFO CIA CIO CNN COO COVID CPR CSI CT
CTO DC DEA DHS DIY DMV DNA DOD DOE DOJ DOT DST DUI DVD DWI EDT EMS EMT EPA ER EST ET EU FAQ FBI FCC FDA FEMA
FYI GDP GED GMT GPS HHS HIV HQ HR HTML HTTP HTTPS HUD ICE ICU ID IQ IRS IT JPEG JPG JR LED LGBT LGBTQ MD MLK
MP MRI MST MT MVP NASA NATO NBC NFL NGO NIH NOAA NPR OD OK PA PBS PC PDF PDT PHD PIN PM PO POW PR PST PT PTA
PTSD Q&A RN ROTC RSS RSVP RV SARS SMS SOS SUV SWAT TBD TSA TV UCLA UFO UK UN UNESCO UNICEF URL US USA USB
USDA USGS UTC VA VIP VP VR WHO WWI WWII YMCA ZIP
"""
"""What newspapers leave unexplained."""
_PLACES = """
AK AL APR AR AUG AVE AZ BLVD CO DEC DR ENE ESE FEB FL FRI GA GU HI HWY IA IL IN JAN JUL JUN KS KY LA LN MA
MAR ME MI MN MO MON MS MT NC ND NE NH NJ NM NNE NNW NOV NV NW NY NYC OCT OH OR PR RD RI SAT SC SD SE SEP
SEPT SQ SSE SSW ST STE SUN SW THU TN TUE TX UT VI VT WED WI WNW WSW WV WY
"""
"""States, months, days, streets and winds."""
_OURS = """
APB BJA BWC CIT CNA COPS FLETC FOP IACP ICAC ICAT LEO NCJRS NIJ NLEOMF NOBLE NSA OJJDP OJP OVC PERF POST SRO
VALOR
"""
"""The programme's own partners, and what every officer knows."""
KNOWN = frozenset(f"{_EVERYBODYS} {_PLACES} {_OURS}".split())
_SHAPE = re.compile(r"[A-Z][A-Z0-9&/.-]*[A-Z0-9]")
_JOINTS = re.compile(r"[&/.-]")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
LONGEST = 6
"""More letters than this in capitals are a word that shouts."""
_OWNED = re.compile(r"(?:['’][sS]?|s)\Z")


def is_known(word: str, policy: Policy) -> bool:
    """Tell whether a word in capitals is an acronym that followers know, or needs no knowing.

    Numbers, Roman numerals and codes (M4, COVID-19) need none; of "AC/DC" each part must be known.
    """
    bare = singular(word)
    if word in policy.acronyms or bare in policy.acronyms or bare in KNOWN:
        return True
    return all(part in KNOWN or part in policy.acronyms or _needs_none(part) for part in _JOINTS.split(bare))


def looks_like_one(word: str) -> bool:
    """Tell whether a word looks like an acronym: two to six capitals, perhaps with an s."""
    bare = singular(word)
    return bool(_SHAPE.fullmatch(bare)) and 2 <= sum(map(str.isupper, bare)) <= LONGEST


def singular(word: str) -> str:
    """Take off what makes an acronym a plural or an owner: NGOs, FBI's."""
    return _OWNED.sub("", word)


def _needs_none(part: str) -> bool:
    return len(part) < 2 or any(map(str.isdigit, part)) or bool(_ROMAN.fullmatch(part))
