"""Decide which aids a source or a campaign does not want announced. Pure."""

import re
from collections.abc import Iterator

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Campaign, Choice
from spotlight_notify.text.names import folded_name


def why_left_out(aid: Aid, campaign: Campaign) -> str | None:
    """Return why a campaign does not announce an aid; None if it does. What is excepted is always out."""
    selections = (
        (f"source {aid.source}", campaign.source_selections.get(aid.source)),
        (f"campaign {campaign.name}", campaign.selection),
    )
    for who, selection in selections:
        if selection and selection.without and (fits := next(_fitting(aid, selection.without), None)):
            return f"left out: {who} takes nothing with {fits}"
        if selection and selection.only and next(_fitting(aid, selection.only), None) is None:
            return f"left out: {who} takes only what has {' or '.join(_named(selection.only))}"
    return None


def _fitting(aid: Aid, choice: Choice) -> Iterator[str]:
    """Yield, in words, what of a choice fits an aid. Themes count as categories."""
    names = {folded_name(name) for name in (*aid.categories, *aid.themes)}
    yield from (_category(name) for name in choice.categories if folded_name(name) in names)
    if choice.words:
        texts = (folded_name(aid.title), folded_name(aid.summary))
        yield from (_word(word) for word in choice.words if any(_is_said(word, text) for text in texts))
    yield from (_kind(kind) for kind in choice.kinds if kind is aid.kind)


def _named(choice: Choice) -> Iterator[str]:
    yield from map(_category, choice.categories)
    yield from map(_word, choice.words)
    yield from map(_kind, choice.kinds)


def _is_said(word: str, folded_text: str) -> bool:
    """Return whether a word, or several, stand in a text as they are, and not as a part of others."""
    return re.search(rf"(?<!\w){re.escape(folded_name(word))}(?!\w)", folded_text) is not None


def _category(name: str) -> str:
    return f"the category “{name}”"


def _word(word: str) -> str:
    return f"the word “{word}”"


def _kind(kind: str) -> str:
    return f"the kind {kind}"
