"""Explain what a person is asked about a proposed delivery."""

from spotlight_notify.model import advice
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Level
from spotlight_notify.rules.explain.explanations import Explanation, Word

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
    Cause.REJECTED: Word.REJECTED,
}
"""Those that are not here stand for a rule, which was all there was when causes were not kept."""


def explain_proposed(one: Delivery) -> Explanation:
    """Return what is asked, and which answers there are."""
    word = WORDS.get(one.cause, Word.RULE) if one.cause else Word.RULE
    sentence = f"A person is asked: {one.reason}"
    if word is Word.AWAITING_APPROVAL:
        sentence = f"A person must approve it first: {(one.reason or '').removeprefix('awaits approval: ')}"
    return Explanation(word=word, sentence=sentence, change=_answers(one, word))


def _answers(one: Delivery, word: Word) -> str:
    send, drop = f"to send it: {advice.retry(one.id)}", f"to drop it: {advice.reject(one.id)}"
    words = f"to give it other words: {advice.edit(one.id)}"
    match word:
        case Word.AWAITING_APPROVAL:
            ways = [f"to let it go: {advice.approve(one.id)}", words, drop]
        case Word.BRAKED:
            return advice.on_alarm(one.source)
        case Word.DIGEST:
            alone = send if one.post else f"to announce it by itself: {advice.announce(one.aid_id)}"
            ways = [alone, f"to tell of it in another digest: {advice.announce_theme(one.theme)}", drop]
        case Word.FOUND:
            ways = [f"if that is it: {advice.mark_sent(one.id)}", f"if not, {send}", drop]
        case Word.REFUSED:
            ways = [send, words, drop]
        case Word.LINK:
            ways = [f"mend the page, then, {send}", *_other_link(one), drop]
        case Word.RULE:
            ways = _words_or(one, send, drop)
        case _:
            ways = _about_its_aid(one, word, send, drop)
    whole = "; ".join(ways)
    return f"{whole[0].upper()}{whole[1:]}"


def _about_its_aid(one: Delivery, word: Word, send: str, drop: str) -> list[str]:
    match word:
        case Word.CHANGED:
            return [f"to give it other words: {advice.edit(one.id)}", send, drop]
        case Word.GONE:
            return ["it goes on by itself if its source shows it again", send, drop]
        case Word.REPLACED:
            return [f"if it is another aid, {send}", f"if it is that one corrected, {drop}"]
        case _:
            return [send, drop]


def _words_or(one: Delivery, send: str, drop: str) -> list[str]:
    if one.post is None:
        return ["mend the aid at its source", f"or give it words: {advice.edit(one.id)}", drop]
    if _was_refused(one):
        return [f"to give it words that pass: {advice.edit(one.id)}", drop]
    return [f"to give it other words: {advice.edit(one.id)}", send, drop]


def _was_refused(one: Delivery) -> bool:
    """Return whether it does not pass the last gate, so that it cannot go as it is."""
    return one.cause is Cause.RULE and not any(each.level is Level.ERROR for each in one.findings)


def _other_link(one: Delivery) -> list[str]:
    """Return what gives the post another link: it keeps the one that it has when it is sent again."""
    if one.is_digest:
        again = f"{advice.reject(one.id)}; then: {advice.announce_theme(one.theme)}"
        return [f"if the theme has another link now: {again}"]
    if one.source == ON_DEMAND:
        return []
    return [f"if the aid has another link now: {advice.announce(one.aid_id)}"]
