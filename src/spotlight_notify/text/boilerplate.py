"""Take out who put a text on a site, and when: names of accounts and mail addresses are not for readers."""

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


def _opening(text: str, known: str | None) -> int:
    """Tell where a text begins behind who put it there and when."""
    found = [_OPENING.match(text)]
    if known:
        found.append(re.match(rf"{known}{_DATE}{_STOP}", text, re.IGNORECASE))
    return max((opening.end() for opening in found if opening), default=0)


def _describes(line: str) -> bool:
    """Tell whether a line of a record is about it, and not its text."""
    return bool(_RECORD.fullmatch(line) or _TITLE.fullmatch(line))


def _without_label(line: str) -> str:
    label = _OWN.match(line)
    return line[label.end() :] if label else line


def _bare(name: str) -> str:
    return " ".join(name.split()).strip(" :,.|-")
