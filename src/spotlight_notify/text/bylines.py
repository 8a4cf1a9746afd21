"""Take out who put a text on a site, and when: names of accounts and mail addresses are not for readers."""

import re
from collections.abc import Iterable

_LONGEST = 200
"""Characters of a line that may say nothing but that."""
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:[a-z]{{3,9}},? )?(?:\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}|{_MONTH} \d{{1,2}},? \d{{4}}|"
    rf"\d{{1,2}} {_MONTH} \d{{4}})(?:,? ?(?:-|at)? ?\d{{1,2}}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?)?"
)
_ACCOUNT = r"(?:[^\s@]+@[^\s@]+|\S+)"
_PUT = (
    r"(?:submitted|posted|created|added|uploaded|entered|modified|edited|updated|published|written|authored)"
)
_OPENING = re.compile(
    rf"{_PUT} by:? [^\n]{{1,80}}? (?:on|at|[|,·–-]) {_DATE}(?=\W|\Z)[\s|·–:-]*", re.IGNORECASE
)
"""A text's beginning that says who put it there and when."""
_LINE = re.compile(
    rf"(?:by:? )?(?:submitted|posted) by:? .{{1,80}}(?<!\.)|{_PUT} by:? {_ACCOUNT}"
    rf"|{_PUT} by:? .{{1,80}}? (?:on|at|[|,·–-]) {_DATE}\W*|by:? .{{1,80}}? [|·–-] {_DATE}\W*"
    rf"|by:? [^\s@]+@[^\s@]+|by",
    re.IGNORECASE,
)
"""A line that says nothing else."""
_RECORD = re.compile(
    r"(?:created|modified|author|editor|changed|owner|last modified|version|attachments|content type|"
    r"approval status|(?:created|modified) date|assigned to|checked out to|"
    r"(?:created|modified|submitted|posted|last modified|last changed|uploaded|published) by):(?: .*)?",
    re.IGNORECASE,
)
"""A line of a record, as SharePoint's feeds list all the columns of a list."""
_OF_RECORD = re.compile(r"(?:created|modified) by:(?: .*)?", re.IGNORECASE)
_OWN = re.compile(r"(?:body|description|summary|abstract|comments|text):\s*", re.IGNORECASE)
_TITLE = re.compile(r"title:(?: .*)?", re.IGNORECASE)


def without_bylines(text: str, authors: Iterable[str] = ()) -> str:
    """Take out lines that say who put a text there, and when; ``authors``: names that a source gives.

    Of a record (``Created By: ...``) what describes the text itself stays, without its label.
    """
    opening = _OPENING.match(text)
    lines = (text[opening.end() :] if opening else text).split("\n")
    if any(_OF_RECORD.fullmatch(line[:_LONGEST]) for line in lines):
        lines = [
            _OWN.sub("", line, count=1) if _OWN.match(line) else line
            for line in lines
            if not _of_record(line)
        ]
    names = {_bare(name) for name in authors} - {""}
    return "\n".join(line for line in lines if line and not _is_byline(line, names))


def _of_record(line: str) -> bool:
    return bool(_RECORD.fullmatch(line) or _TITLE.fullmatch(line))


def _is_byline(line: str, names: set[str]) -> bool:
    if len(line) > _LONGEST:
        return False
    return bool(_LINE.fullmatch(line)) or bool({_bare(line), _bare(line).removeprefix("by ")} & names)


def _bare(name: str) -> str:
    return " ".join(name.split()).strip(" :,.|-").casefold()
