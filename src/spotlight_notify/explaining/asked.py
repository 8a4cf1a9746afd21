"""Say what a person is asked about a proposed delivery."""

from spotlight_notify.explaining.explanations import Explanation, Word
from spotlight_notify.model import ON_DEMAND, Cause, Level
from spotlight_notify.records import Delivery

WORDS = {
    Cause.APPROVAL: Word.AWAITING_APPROVAL,
    Cause.RULE: Word.RULE,
    Cause.LINK: Word.LINK,
    Cause.DATE: Word.DATE,
    Cause.LATE: Word.LATE,
    Cause.REFUSED: Word.REFUSED,
    Cause.BRAKE: Word.BRAKED,
    Cause.DIGEST: Word.DIGEST,
    Cause.FOUND: Word.FOUND,
    Cause.CHANGED: Word.CHANGED,
    Cause.GONE: Word.GONE,
    Cause.REPLACED: Word.REPLACED,
    Cause.CALLED_OFF: Word.CALLED_OFF,
}
"""Those that are not here stand for a rule, which was all there was when causes were not kept."""


def explain_proposed(one: Delivery) -> Explanation:
    """Say what is asked, and which answers there are."""
    word = WORDS.get(one.cause, Word.RULE) if one.cause else Word.RULE
    sentence = f"A person is asked: {one.reason}"
    if word is Word.AWAITING_APPROVAL:
        sentence = f"A person must approve it first: {(one.reason or '').removeprefix('awaits approval: ')}"
    return Explanation(word=word, sentence=sentence, change=_answers(one, word))


def _answers(one: Delivery, word: Word) -> str:
    send, drop = f"deliveries retry {one.id} sends it", f"reject {one.id} drops it"
    match word:
        case Word.AWAITING_APPROVAL:
            return f"approve {one.id} lets it go, edit {one.id} gives it other words, {drop}."
        case Word.BRAKED:
            return f"source accept {one.source} lets go what was held, source baseline {one.source} drops it."
        case Word.DIGEST:
            alone = send if one.post else f"announce {one.aid_id} announces it by itself"
            return f'{alone}, announce --theme "{one.theme}" tells of it in another digest, {drop}.'
        case Word.FOUND | Word.REFUSED:
            found = f"deliveries mark-sent {one.id} --url URL records that, {send} all the same"
            refused = f"{send}, as it is or after edit {one.id} with other words"
            return f"{found if word is Word.FOUND else refused}; {drop}."
        case Word.LINK:
            return f"Mend the page, then {send}; {_other_link(one)}{drop}."
        case Word.RULE:
            return _words_or(one, send, drop)
        case _:
            return _about_its_aid(one, word, send, drop)


def _about_its_aid(one: Delivery, word: Word, send: str, drop: str) -> str:
    match word:
        case Word.CHANGED:
            return f"edit {one.id} gives it other words, {send} as it is, {drop}."
        case Word.GONE:
            return f"It goes on by itself if its source shows it again; {send} all the same, {drop}."
        case Word.REPLACED:
            return f"If it is another aid, {send}; if it is that one corrected, {drop}."
        case _:
            return f"{send} now, {drop}."


def _words_or(one: Delivery, send: str, drop: str) -> str:
    if one.post is None:
        return f"edit {one.id} --text gives it words, {drop}; or mend the aid at its source."
    if _was_refused(one):
        return f"edit {one.id} gives it words that pass, {drop}."
    return f"edit {one.id} gives it other words, {send} as it is, {drop}."


def _was_refused(one: Delivery) -> bool:
    """Tell whether it does not pass the last gate, so that it cannot go as it is."""
    return one.cause is Cause.RULE and not any(each.level is Level.ERROR for each in one.findings)


def _other_link(one: Delivery) -> str:
    """Say what gives the post another link: it keeps the one that it has when it is sent again."""
    if one.is_digest:
        return f'if the theme has another link now, reject {one.id}, then announce --theme "{one.theme}"; '
    if one.source == ON_DEMAND:
        return ""
    return f"if the aid has another link now, announce {one.aid_id}; "
