"""Cut off what sites add to the end of every entry: credits, invitations to read on, brackets with dots."""

import re

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


def without_tails(text: str) -> str:
    """Cut off credits and invitations to read on; a text cut short in brackets ends with an ellipsis."""
    for _ in range(_ROUNDS):
        shorter = _without_brackets(_without_invitation(_without_credit(text)))
        if shorter == text:
            break
        text = shorter
    return text


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
