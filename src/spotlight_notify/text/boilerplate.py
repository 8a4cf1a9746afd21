"""Take out what sites add to a text: who put it there and when, invitations to read on, the title again."""

import re
from collections.abc import Iterable

_LONGEST = 200
"""Characters of a line that may say nothing but that."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:[a-z]{{3,9}}day|(?:[a-z]{{3,9}},? )?(?:"
    rf"\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|{_MONTH} \d{{1,2}}(?:,? \d{{4}})?|"
    rf"\d{{1,2}} {_MONTH} \d{{4}}))(?:,? ?(?:-|at)? ?\d{{1,2}}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?)?"
)
_ACCOUNT = r"(?:[^\s@]+@[^\s@]+|\S+)"
_PUT = (
    r"(?:(?:last )?(?:submitted|posted|created|added|uploaded|entered|modified|edited|updated|published|"
    r"written|authored|reviewed|approved))"
)
_ON = r"(?:on|at|[|,·–-])"
_STOP = r"(?=\W|\Z)[\s|·–:.-]*"
_OPENING = re.compile(
    rf"(?:{_PUT} by:? [^\n]{{1,80}}? {_ON} {_DATE}|{_PUT} (?:on )?{_DATE},? by {_ACCOUNT}){_STOP}",
    re.IGNORECASE,
)
"""A text's beginning that says who put it there and when."""
_LINE = re.compile(
    rf"(?:by:? )?(?:submitted|posted) by:? .{{1,80}}(?<!\.)|author: [\w .'-]{{1,40}} \(\S+\)"
    rf"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|(?:{_PUT} by:?|author:) {_ACCOUNT}(?:[;,] {_PUT} by:? {_ACCOUNT})*"
    rf"|(?:enviado|publicado) por:? .{{1,80}}(?<!\.)"
    rf"|{_PUT} by:? .{{1,80}}? {_ON} {_DATE}\W*|by:? .{{1,80}}? [|·–-] {_DATE}\W*"
    rf"|(?:{_PUT} )?(?:on )?{_DATE},? by .{{1,60}}(?<!\.)|by:? [^\s@]+@[^\s@]+|by",
    re.IGNORECASE,
)
"""A line that says nothing else."""
_AROUND = rf"(?:\b(?:{_PUT}|by|on|at|author)\b|[^\w\n])*"
"""What may stand beside a known name in such a line."""
_RECORD = re.compile(
    r"(?:created|modified|author|editor|changed|owner|last modified|version|attachments|content type|"
    r"approval status|(?:created|modified) date|assigned to|checked out to|"
    r"(?:created|modified|submitted|posted|last modified|last changed|uploaded|published) by):(?: .*)?",
    re.IGNORECASE,
)
"""A line of a record, as SharePoint's feeds list all the columns of a list."""
_RECORDED = re.compile(r"(?:created|modified) by:(?: .*)?", re.IGNORECASE)
_OWN = re.compile(r"(?:body|description|summary|abstract|comments|text):\s*", re.IGNORECASE)
_TITLE = re.compile(r"title:(?: .*)?", re.IGNORECASE)
_REACH = 1_000
"""Tails are looked for in so many last characters."""
_ROUNDS = 4
"""How many tails a text may have, one after the other."""
_CREDIT = re.compile(
    r"(?:(?:^|(?<=\s))(?:The|THE|This|THIS)|(?<![^\n])th(?:e|is)) (?i:post) "
    r"(?:(?!(?:The|THE) (?i:post) ).){1,500}? (?i:appeared first|first appeared) (?i:on) "
    r"[^\n]{1,200}\Z",
    re.DOTALL,
)
_ARROWS = "→»›>▶►➔➜➡⇒⟶👉👈👇"
_FOR_MORE = r"(?:read|learn|see|view|find out|discover) more|read on|more(?=\s*[…\])→»›>.])"
_GO_ON = rf"(?:continue|keep) reading(?:[^\n]{{0,200}}[…{_ARROWS}]|[^\n.!?]{{0,200}})"
_TEXT = (
    r"(?:article|story|post|blog|blog post|report|entry|text|version|(?:press |news )?release|announcement)"
)
_WHOLE = r"(?:full|entire|whole|complete|original|rest of (?:the|this))"
_IN_FULL = (
    rf"(?:(?:read|view|see|get) (?:(?:the|this|our) )?{_WHOLE} {_TEXT}|read (?:the|this|our) {_TEXT}"
    rf"|full {_TEXT})(?: here)?"
)
_CLICK = r"click (?:here|below)(?: (?:to|for) [^\n.!?]{1,100})?"
_LINK = r"(?:(?: at| on)?:? ?https?://[^\s<>]{1,300})?"
_END = rf"[\s\ufe0f{_ARROWS}….:!\])]*"
_ABOUT = r"(?<![^\n])read more (?:about|on|at|in|from) [^\n]{1,200}(?<![.!?])"
"""Only as a line of its own that is no sentence."""
_INVITATION = re.compile(
    rf"(?:(?:^|(?<=[\sa-z\d,;:.!?…\])(\[{_ARROWS}]))(?=[A-Z])"
    rf"|^|(?<=[\n.!?…\])(\[{_ARROWS}])|(?<=[.!?…\])\"”’|–—{_ARROWS}-]\s))"
    rf"(?i:(?:{_FOR_MORE}|{_GO_ON}|{_IN_FULL}|{_CLICK}){_LINK}{_END}|{_ABOUT})\Z"
)
"""In small letters only where a sentence has ended: "they want to read more" is none. With a capital it may
be glued to a word, as a link often is."""
_BRACKETED = re.compile(rf"\s*[\[(]\s?(?:…|\.\.\.|\. \. \.)\s?[\])][\s{_ARROWS}]*\Z")
_LEAD = re.compile(rf"(?:[\s\[(<«|•·–—{_ARROWS}-]\ufe0f?)*\Z")
"""What may have led to an invitation."""
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*\Z")
_LONGEST_SITE = 60
"""The longest name of a site after a title, in characters."""
_SITE = re.compile(r"(.*\S)\s+(?:[|–—»·•-]|::)\s+(\S.*)", re.DOTALL)
_HAS_SENTENCE = re.compile(r"[.!?…](?:\s|\Z)")
_WORD = re.compile(r"[^\W_]+")
_TITLE_STOP = r"[\W_]{0,3}?[.!?…:]{1,5}[\"'”’)\]]{0,3}\s+"
_AFTER_TITLE = re.compile(rf"(?:{_TITLE_STOP}|[\"'”’)\]]?\s[|–—»·•-]\s+)(?=\S)")
_AFTER_SHORT_TITLE = re.compile(rf"{_TITLE_STOP}(?=\S)")
"""After the title without its site: what stands behind a dash may be what the title has there, too."""
_PADDING = 100
"""Characters more than the title has, within which a text shows that it says more."""
_MOST_REPEATS = 3
"""How often a title may stand at the beginning of its summary, one after the other."""


def without_bylines(text: str, authors: Iterable[str] = ()) -> str:
    """Take out lines that say who put a text there, and when; ``authors``: names that a source gives.

    Of a record (``Created By: ...``) what describes the text itself stays, without its label.
    """
    names = sorted({_bare(name) for name in authors} - {""}, key=len, reverse=True)
    known = rf"{_AROUND}(?:{'|'.join(map(re.escape, names))}){_AROUND}" if names else None
    lines = text[_opening(text, known) :].split("\n")
    if any(_RECORDED.fullmatch(line[:_LONGEST]) for line in lines):
        lines = [_without_label(line) for line in lines if not _describes(line)]
    byline = re.compile(rf"{known}(?:{_DATE})?\W*|{_LINE.pattern}" if known else _LINE.pattern, re.IGNORECASE)
    return "\n".join(
        line for line in lines if line and not (len(line) <= _LONGEST and byline.fullmatch(line))
    )


def without_footers(text: str) -> str:
    """Cut off credits and invitations to read on; a text cut short in brackets ends with an ellipsis."""
    for _ in range(_ROUNDS):
        shorter = _without_brackets(_without_invitation(_without_credit(text)))
        if shorter == text:
            break
        text = shorter
    return text


def without_title(text: str, title: str) -> str:
    """Leave out of a plain text what only repeats the title.

    Letter case, punctuation, quotes, and the name of a site behind a bar or a dash make no difference. A text
    that is but the beginning of the title goes, too.
    """
    for _ in range(_MOST_REPEATS):
        shorter = _without_title_once(text, title)
        if shorter == text:
            break
        text = shorter
    bare_title = _letters(title)
    if len(_letters(text[: len(title) + _PADDING])) > len(bare_title):
        return text
    return "" if bare_title.startswith(_letters(text)) else text


def is_same_words(line: str, title: str) -> bool:
    """Return whether a line is a title again, whatever its capitals and punctuation."""
    bare = _letters(line)
    return bool(bare) and bare in (_letters(title), _letters(_without_site(title)))


def _opening(text: str, known: str | None) -> int:
    """Return where a text begins behind who put it there and when."""
    found = [_OPENING.match(text)]
    if known:
        found.append(re.match(rf"{known}{_DATE}{_STOP}", text, re.IGNORECASE))
    return max((opening.end() for opening in found if opening), default=0)


def _describes(line: str) -> bool:
    """Return whether a line of a record is about it, and not its text."""
    return bool(_RECORD.fullmatch(line) or _TITLE.fullmatch(line))


def _without_label(line: str) -> str:
    label = _OWN.match(line)
    return line[label.end() :] if label else line


def _bare(name: str) -> str:
    return " ".join(name.split()).strip(" :,.|-")


def _without_credit(text: str) -> str:
    credit = _CREDIT.search(text, max(0, len(text) - _REACH))
    return text[: credit.start()].rstrip() if credit else text


def _without_invitation(text: str) -> str:
    invitation = _INVITATION.search(text, max(0, len(text) - _REACH))
    if not invitation:
        return text
    shorter = text[: invitation.start()]
    lead = _LEAD.search(shorter, max(0, len(shorter) - _REACH))
    return shorter[: lead.start()] if lead else shorter


def _without_brackets(text: str) -> str:
    cut_short = _BRACKETED.search(text, max(0, len(text) - _REACH))
    if not cut_short:
        return text
    shorter = text[: cut_short.start()]
    return shorter if not shorter or _ENDED.search(shorter) else f"{shorter}…"


def _without_title_once(text: str, title: str) -> str:
    line, _, rest = text.partition("\n")
    short, bare, whole = _without_site(title), _letters(line), _letters(title)
    if not bare.startswith(_letters(short)):  # most texts end here
        return text
    if (bare and bare in (whole, _letters(short))) or _letters(_without_site(line)) == whole:
        return rest
    said = _end_of_title(line, title, _AFTER_TITLE)
    said = said or _end_of_title(line, short, _AFTER_SHORT_TITLE)
    return text[said:] if said and not text[said].islower() else text


def _end_of_title(line: str, title: str, stop: re.Pattern[str]) -> int:
    """Return where the words after the title begin, if the line begins with it and this stop; else 0."""
    words = _WORD.findall(title)
    begins = (
        re.match(r"[\W_]*" + r"[\W_]+".join(map(re.escape, words)), line, re.IGNORECASE) if words else None
    )
    stopped = stop.match(line, begins.end()) if begins else None
    return stopped.end() if stopped else 0


def _without_site(title: str) -> str:
    """Take off the name of a site: a few words behind the last bar or dash, all long ones with a capital."""
    parts = _SITE.fullmatch(title)
    if not parts or len(parts[2]) > _LONGEST_SITE or _HAS_SENTENCE.search(parts[2]):
        return title
    small = any(len(word) > 3 and word[0].islower() and "." not in word for word in parts[2].split())
    return title if small else parts[1]


def _letters(text: str) -> str:
    """Reduce a text to its letters and digits, for comparing."""
    return "".join(_WORD.findall(text)).casefold()
