"""Take out of an aid's words what a press office puts round them, each part by a rule with a name.

What a source says is kept as it is; this is done when a post is written, and whoever looks at the post is
told what was cut, and by which rule. A rule cuts only what it is certain of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spotlight_notify.text.boilerplate import is_same_words, without_footers, without_title
from spotlight_notify.text.contacts import contact_details
from spotlight_notify.text.cutting import ELLIPSIS, FEWEST_WORDS
from spotlight_notify.text.entities import urls
from spotlight_notify.text.press_rules import (
    CONTENTS,
    DATE,
    DATELINE,
    END,
    IN_TITLES,
    LABEL,
    LINES,
    NO_PLACE,
    PLACED,
    RELEASED,
    SALUTATION,
    SENTENCES,
    SIGN_IN,
    TELLING,
    UNSIGNED,
)
from spotlight_notify.text.sentences import sentences

_FIRST = 6
"""A title or a date said again is looked for in so many first lines."""
_LONGEST_LINE = 200
"""Characters of a line that may be nothing but furniture."""
_SIGNS_IN = re.compile(r"(?:sign|log)(?:ned|ged)?[ -]?in\b|registration (?:is )?required", re.IGNORECASE)
"""What must be there before it is worth looking closer."""
_FEW = 8
"""Words of a line that may be a name, a place or a heading."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """What was cut, and the name of the rule that did it."""

    rule: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressText:
    """An aid's title and summary without what a press office puts round them, and what that was."""

    title: str
    summary: str
    cut: tuple[Cutting, ...] = ()


def press_text(title: str, summary: str) -> PressText:
    """Return title and summary fit for a post; a title that is nothing else stays as it is."""
    cut: list[Cutting] = []
    told = _unlinked(_without_notes(title, cut))
    lines = list(_without_lines(_before_end(summary.split("\n"), cut), told, cut))
    text = _without_dateline("\n".join(_without_letterhead(lines, cut)), cut)
    text = _without_sentences(text, cut)
    shorter = without_title(without_footers(text), told)
    if shorter != text:
        cut.append(Cutting("read on", text.replace(shorter, "…", 1)))
    whole = _without_broken_end(shorter.strip(), cut)
    return PressText(title=told, summary=_unlinked(whole), cut=tuple(cut))


def asks_to_sign_in(title: str, summary: str) -> bool:
    """Return whether an aid's words say that one has to sign in for it."""
    if not _SIGNS_IN.search(title) and not _SIGNS_IN.search(summary):
        return False
    return any(each.rule in (UNSIGNED, SIGN_IN) for each in press_text(title, summary).cut)


def _unlinked(text: str) -> str:
    """Put a space where X would make a link of an abbreviation, or of words that a full stop joins.

    "W.Va." becomes "W. Va.", and "stay home.Call" two sentences; names of sites stay.
    """
    for found in reversed(urls(text)):
        host = found.text.partition("/")[0]
        name, _, end = host.rpartition(".")
        if "://" not in found.text and end.istitle() and name:
            at = found.start + len(name) + 1
            text = f"{text[:at]} {text[at:]}"
    return text


def _without_notes(title: str, cut: list[Cutting]) -> str:
    for rule, pattern in IN_TITLES:
        shorter = pattern.sub("", title)
        if shorter != title and shorter.strip(" :-–—"):
            cut += [Cutting(rule, found.strip()) for found in pattern.findall(title)]
            title = " ".join(shorter.split())
    return title


def _before_end(lines: list[str], cut: list[Cutting]) -> list[str]:
    for at, line in enumerate(lines):
        if at and len(line) < _LONGEST_LINE and END.fullmatch(line):
            cut.append(Cutting("end mark", "\n".join(lines[at:])))
            return lines[:at]
    return lines


def _without_lines(lines: list[str], title: str, cut: list[Cutting]) -> Iterator[str]:
    """Yield the lines that are more than furniture."""
    labels = _labelled(lines)
    in_contact = in_contents = False
    for at, line in enumerate(lines):
        rule = _rule_of(line) or _repeats(line, title, at) or ("labels" if at in labels else None)
        ends = _is_sentence(line)
        if rule is None and (in_contact or in_contents) and not ends and len(line.split()) <= _FEW:
            rule = "contact" if in_contact else "contents"
        elif rule is None:
            in_contact = in_contents = False
        in_contact = in_contact or rule == "contact"
        in_contents = in_contents or rule == "contents"
        if rule is None:
            yield line
        elif line.strip():
            cut.append(Cutting(rule, line.strip()))


def _without_letterhead(lines: list[str], cut: list[Cutting]) -> list[str]:
    """Leave out what stands before the first sentence of a release: whose it is, and what it is called."""
    if not any(each.rule in RELEASED for each in cut):
        return lines
    first = next((at for at, line in enumerate(lines) if _is_sentence(line) or len(line.split()) > _FEW), 0)
    cut += [Cutting("letterhead", line) for line in lines[:first]]
    return lines[first:]


def _rule_of(line: str) -> str | None:
    """Return the rule by which a whole line is furniture."""
    if len(line) > _LONGEST_LINE:
        return None
    if CONTENTS.fullmatch(line):
        return "contents"
    for rule, pattern in LINES:
        if pattern.fullmatch(line):
            return rule
    is_sentence = _is_sentence(line) and len(line.split()) > _FEW
    return "contact" if not is_sentence and contact_details(line) else None


def _repeats(line: str, title: str, at: int) -> str | None:
    if at >= _FIRST or len(line) > _LONGEST_LINE:
        return None
    if re.fullmatch(rf"\W*{DATE}\W*", line, re.IGNORECASE):
        return "date"
    return "title" if is_same_words(line, title) else None


def _labelled(lines: list[str]) -> frozenset[int]:
    """Return the places of two and more lines in a row that are a label and a value, but for an event's."""
    found = {at for at, line in enumerate(lines) if _is_label(line)}
    return frozenset(at for at in found if at - 1 in found or at + 1 in found)


def _is_label(line: str) -> bool:
    label = LABEL.fullmatch(line.strip(" *•·-–"))
    is_sentence = _is_sentence(line) and len(line.split()) > _FEW
    return label is not None and label[1].strip().lower() not in TELLING and not is_sentence


def _is_sentence(line: str) -> bool:
    return line.rstrip("\"'”’) ").endswith((".", "!", "?", "…"))


def _without_dateline(text: str, cut: list[Cutting]) -> str:
    """Leave out a letter's salutation, and then a place, date and dash."""
    if greeted := SALUTATION.match(text):
        cut.append(Cutting("greeting", greeted[0].strip()))
        text = text[greeted.end() :]
    found = DATELINE.match(text[: 2 * _LONGEST_LINE])
    if not found or (NO_PLACE.match(found[0].lstrip("([")) and not PLACED.search(found[0])):
        return text
    cut.append(Cutting("dateline", found[0].strip()))
    return text[found.end() :]


def _without_broken_end(text: str, cut: list[Cutting]) -> str:
    """Leave out a last sentence that its source cut short, if whole ones stand before it."""
    if not text.endswith(ELLIPSIS):
        return text
    *whole, broken = sentences(text)
    if len("".join(whole).split()) < FEWEST_WORDS:
        return text
    cut.append(Cutting("broken end", broken))
    return "".join(whole).rstrip()


def _without_sentences(text: str, cut: list[Cutting]) -> str:
    """Leave out the sentences that are furniture; line breaks stay where they are."""
    kept: list[str] = []
    for said in sentences(text):
        rule = next((name for name, finds in SENTENCES if finds(said.strip())), None)
        if rule:
            cut.append(Cutting(rule, said.strip()))
            said = "\n" if "\n" in said else ""
        kept.append(said)
    return "\n".join(line.strip() for line in "".join(kept).split("\n") if line.strip())
