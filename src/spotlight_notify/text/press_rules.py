"""The patterns by which ``press.py`` knows what a press office puts round its words: a name and"
" patterns each.

To add one, put it into ``LINES`` (what a whole line may be), ``SENTENCES`` (a whole sentence) or
``IN_TITLES``, and an entry into the table of its test. Each is bounded in length: no text makes it slow.
"""

import re
from collections.abc import Callable

from spotlight_notify.text.contacts import contact_details

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_TIME = r"(?:,? ?(?:at|-|–|@)? ?\d{1,2}(?::\d\d){1,2} ?(?:[ap]\.?m\.?)?(?: [A-Z]{2,4})?)?"
DATE = (
    rf"{_DAY}(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|\d{{1,2}} {_MONTH} \d{{4}}"
    rf"|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}){_TIME}"
)
"""A date as offices write it, for patterns without regard to letter case."""
_STATE = (
    r"(?:(?:Ala|Ariz|Ark|Calif|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Ky|La|Md|Mass|Mich|Minn|Miss|Mo|Mont|Neb|Nev"
    r"|Okla|Ore|Pa|Tenn|Tex|Vt|Va|Wash|Wis|Wyo|W\.\s?Va|N\.\s?[HJMYCD]|[SN]\.\s?D|S\.\s?C|R\.\s?I|D\.\s?C"
    r"|P\.\s?R)\."
    r"|(?:A[KLRZ]|C[AOT]|D[CE]|FL|G[AU]|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI"
    r"|S[CD]|T[NX]"
    r"|UT|V[AIT]|W[AIVY])\b"
    r"|(?:Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia"
    r"|Hawaii|Idaho"
    r"|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    r"|Mississippi|Missouri|Montana|Nebraska|Nevada|Ohio|Oklahoma|Oregon|Pennsylvania|Tennessee|Texas|Utah"
    r"|Vermont|Virginia|Washington|Wisconsin|Wyoming|(?:New|North|South|West|Rhode) [A-Z][a-z]{3,10})\b)"
)
_CAPS = r"[A-Z][A-Z.'’-]{1,20}"
_PLACE = rf"{_CAPS}(?:(?: |/|, )(?:{_CAPS}|AND|&)){{0,5}}"
_TOWN = r"[A-Z][a-z.'’]{1,20}(?: [A-Z][a-z.'’]{1,20}){0,3}"
_WHEN = rf"(?:,? ?[(\[]?(?i:{DATE})[)\]]?\.?)?"
_AGENCY = r"(?: ?(?:/[A-Z][\w ]{2,30}/|\([A-Z][A-Za-z ]{1,30}\)))?"
_DASH = r"(?:\s{0,3}(?:—|–|―|--)-?\s{0,3}|\s-\s)"
DATELINE = re.compile(
    rf"[(\[]?(?:{_PLACE}(?:, ?{_STATE})?|{_TOWN}, ?{_STATE}),?{_WHEN}[)\]]?{_AGENCY}{_DASH}"
    r"(?=[\"“‘'(]?[A-Z0-9])"
)
"""Place, perhaps state and date, and a dash, at a text's beginning."""
SALUTATION = re.compile(
    r"(?:dear|good (?:morning|afternoon|evening)|hello|greetings)\b[^.!?,\n]{0,40}[,:]\s+(?=(?-i:[A-Z]))",
    re.IGNORECASE,
)
"""A letter's beginning, before its first sentence."""
NO_PLACE = re.compile(
    r"(?:ALERT|UPDATED?|REMINDER|WARNING|NOTICE|ADVISORY|BREAKING|SCAM|RECALL|FREE|NEW(?! [A-Z])|VIDEO"
    r"|PHOTOS?|PODCAST|WEBINAR|TRAINING|MISSING|FOUND|ARREST(?:ED)?|WANTED|NEWS|RELEASE|MEDIA|PRESS"
    r"|PUBLIC|SAFETY|COVID"
    r"|DUI|EMBARGO\w*|DRAFT|TEST|NOTE|IMPORTANT|URGENT|CANCELL?ED|POSTPONED|CLOSED|OPEN|STOP"
    r"|[A-Z]{1,4}(?=\s?[—–-]))(?![A-Z])"
)
"""Capitals before a dash that are a call or an acronym and no place, unless ``PLACED`` finds more there."""
PLACED = re.compile(rf"\b{_STATE}|(?i:{DATE})|COUNTY|CITY|TOWNSHIP|VALLEY|BEACH|HEIGHTS")


def _line(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\W{{0,4}}(?:{'|'.join(patterns)})\W{{0,4}}", re.IGNORECASE)


_NAME = r"[A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{0,20}){1,3}"
_MEDIA = r"(?:news|press|media)"
LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "release line",
        _line(
            rf"(?:for )?(?:immediate|general|media|press|news|public) (?:release"
            rf"|advisory)(?:\W{{1,3}}{DATE})?",
            rf"{_MEDIA} (?:releases?|advisory|alert)(?:\W{{1,3}}(?:{DATE}|(?:no\.?|#) ?[\w-]{{1,12}}))?",
            rf"(?:for release|release date|date of release|released|issued|posted|published"
            rf"|(?:last )?updated)(?: on)?\W{{0,3}}{DATE}",
            r"(?:release|case|incident|report|docket) (?:no|number|#)\W{0,3}[\w-]{1,20}",
            r"immediate|breaking(?: news)?|update(?:d|s| \d+)?|news|alert|advisory|media only",
            r"comunicado de prensa|para publicaci[oó]n inmediata",
        ),
    ),
    (
        "embargo",
        _line(
            r"(?:(?:under|strict|strictly|news) )?embargo(?:ed)?\b.{0,120}",
            r"(?:not for release|not for publication|hold(?: for release)?) (?:before|until)\b.{0,90}",
        ),
    ),
    (
        "greeting",
        _line(
            r"(?:good (?:morning|afternoon|evening|day)|hello|hi|dear|greetings|buenos d[ií]as"
            r"|estimad[oa]s?)\b"
            r".{0,60}",
            r"(?:many )?(?:thanks|thank you|gracias)(?: (?:for|and|so|very|in)\b.{0,40})?",
            r"(?:sincerely|respectfully|(?:(?:best|kind|warm) )?regards|v/r)\b.{0,40}",
            r"(?:please )?(?:see|find|view) (?:the )?attach(?:ed|ments?)\b.{0,160}",
            r"attached (?:is|are|please|you)\b.{0,160}",
        ),
    ),
    (
        "link",
        _line(r"(?:[\w ]{1,40}: ?)?(?:https?://|www\.)\S{1,400}"),
    ),
    (
        "caption",
        _line(
            r"(?:photos?|images?|pictures?|videos?|graphics?|file photo)(?: credits?)?"
            r" ?(?::|by\b|courtesy\b|provided\b|credit\b|from\b|via\b).{0,140}",
            r"(?:photo )?(?:courtesy of|credit:|credit to)\b.{0,100}",
            r"(?:photo|video|image)s?",
            r".{1,180}[(\[](?:[\w ]{1,20} )?(?:photo|image|courtesy|credit)\b[^()\[\]]{0,80}[)\]]",
        ),
    ),
    (
        "labels",
        _line(r"(?:attachments?|tags?|categor(?:y|ies)|filed under|keywords?|topics?|downloads?) ?:.{0,160}"),
    ),
    (
        "note",
        _line(r"(?:ed(?:itor)?(?:['’]s|s)?\.? ?note|note to (?:editors?|media))\b.{0,180}"),
    ),
    (
        "labels",
        re.compile(
            r"\s*(?:(?-i:[A-Z])[\w()/ ]{1,30}:\s(?!\s)[^:.!?]{0,40}(?::\d\d){0,2}\s?){2,8}"
            r"(?:[\w ]{1,20}:)?\s*"
        ),
    ),
    (
        "share buttons",
        _line(
            r"share(?: (?:this|on|via)\b.{0,60})?",
            r"(?:click|tap) to (?:share|email|print|tweet)\b.{0,80}",
            r"facebook|twitter|x|linkedin|pinterest|reddit|whatsapp|tumblr|telegram|e-?mail|print"
            r"|tweet|copy link",
            r"like this|like loading|loading|related(?: (?:posts|stories|content|articles|links))?",
            r"follow us\b.{0,60}",
        ),
    ),
    (
        "meeting codes",
        _line(
            r"(?:(?:zoom|webex|teams|meeting|webinar|conference|event) ){0,2}"
            r"(?:id|passcode|password|pin|access code|dial[- ]?in"
            r"|dial[- ]?in)\b ?:?[ #]{0,3}[\d #*+()-]{3,40}\w{0,12}",
            r"(?:passcode|password|access code|one tap mobile|dial[- ]in)\b.{0,80}",
        ),
    ),
    (
        "contact",
        _line(
            r"(?:(?:media|press|news|public|primary|agency|pio)[ /]{1,3}){0,3}contacts?\b"
            r"(?: info\w{0,8})?(?: ?:.{0,120})?",
            r"(?:point of contact|poc|pio|public information officer|spokes(?:man|woman"
            r"|person))\b ?:.{0,100}",
            r"(?:phone|tel|telephone|cell|mobile|office|fax|e-?mail|twitter|facebook"
            r"|web(?:site)?)\.? ?:.{0,80}",
            rf"(?-i:{_NAME}),? (?:public information|public affairs|communications"
            rf"|media relations)\b.{{0,60}}",
        ),
    ),
    (
        "by-line",
        _line(rf"(?-i:By:? {_NAME}(?:,? (?:[A-Z/|]|Staff|PIO).{{0,60}})?)"),
    ),
    (
        "read on",
        _line(
            r"(?:watch|listen|view|follow|subscribe)(?: (?:it|now|us|this|here))? on (?:youtube"
            r"|vimeo|facebook|spotify"
            r"|apple podcasts|x|twitter|instagram)",
            r"(?:click here|read|view|see|download|open)\b(?: (?:to|the|this|our|full|more|entire"
            r"|complete|news|press"
            r"|media|release|story|article|post|report|document|pdf|here|view|read|download"
            r"|attachment|file)){1,8}",
        ),
    ),
    ("marks", re.compile(r"[\s*•·‣▪◦●○■□–—_=+|.…#~>-]*")),
)
"""What a whole line may be, the first that fits."""
RELEASED = frozenset({"release line", "contact"})
"""Rules that show that a text is a release, with a head of its own."""
END = re.compile(
    r"\s*(?:(?:#\s*){2,8}|[-–—]\s*30\s*[-–—]|(?:-\s*)?end(?: of release)?(?:\s*-)?|\(end\))\s*", re.IGNORECASE
)
"""What press offices put under their text; what comes after it is about them."""
CONTENTS = _line(r"(?:table of )?contents|in this (?:issue|article|guide)|on this page|jump to")
LABEL = re.compile(r"(?!https?:)([^\W\d_][\w/ ]{0,24}):\s{1,3}\S.{0,80}")
TELLING = frozenset(
    {"when", "where", "what", "who", "why", "date", "time", "location", "cost", "place", "register"}
)
"""Labels of an event's lines, which a reader wants."""
UNSIGNED, SIGN_IN = "not signed in", "sign-in"
"""The rules by which a site's notice to strangers is cut, and words that say that one has to sign in."""


def _sentence(*patterns: str) -> Callable[[str], object]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL).fullmatch


SENTENCES: tuple[tuple[str, Callable[[str], object]], ...] = (
    (UNSIGNED, _sentence(r"you are (?:currently )?not (?:signed|logged) in\b.{0,60}")),
    (
        SIGN_IN,
        _sentence(
            r"to (?:view|access|see|read|watch|listen to|download)\b.{1,160}?,? (?:please )?(?:sign"
            r"|log) ?in\b.{0,100}",
            r"(?:please |you must )?(?:sign|log)[ -]?in\b(?: or register)? (?:to|with|for|here"
            r"|required)\b.{0,100}",
            r"(?:log-?in|sign[- ]?in|registration) (?:is )?required\b.{0,60}",
        ),
    ),
    ("link", re.compile(r"https?://|\bwww\.", re.IGNORECASE).search),
    (
        "greeting",
        _sentence(
            r"(?:sincerely|respectfully|(?:(?:best|kind|warm) )?regards|thank you|thanks)\b,?.{0,60}"
            r"(?<![.!?])"
        ),
    ),
    (
        "contact",
        _sentence(
            r"for (?:more|further|additional) (?:information|details|questions)\b.{0,30}?"
            r"(?:contact|call|email|e-mail|reach)\b.{0,160}",
        ),
    ),
    ("contact", contact_details),
)
"""What a whole sentence may be: the name of the rule, and what finds it."""
_SHOWN = r"(?:photo|video|image|picture|pic|audio|map|attachment|foto|vídeo)s?"
IN_TITLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "title's note",
        re.compile(
            rf"\s{{0,3}}[\[(*]{{1,3}}\s?(?:with |w/ ?)?{_SHOWN}(?: (?:and|&) {_SHOWN})?"
            r"(?: (?:attached|included|available))?\s?[\])*]{1,3}",
            re.IGNORECASE,
        ),
    ),
    (
        SIGN_IN,
        re.compile(
            r"\s{0,3}[\[(]\s?(?:(?:sign|log)[ -]?in|registration|account) (?:is )?(?:required"
            r"|needed)\s?[\])]",
            re.IGNORECASE,
        ),
    ),
)
"""What is taken out of a title."""
