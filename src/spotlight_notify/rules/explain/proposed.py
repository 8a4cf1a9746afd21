"""Explain what a person is asked about a proposed delivery."""

from spotlight_notify.model.advice import Advice, Deed, Said, advise, do, joined, on_alarm
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
    Cause.DUPLICATE: Word.DUPLICATE,
}
"""Those that are not here stand for a rule, which was all there was when causes were not kept."""


def explain_proposed(one: Delivery) -> Explanation:
    """Return what is asked, and which answers there are."""
    word = WORDS.get(one.cause, Word.RULE) if one.cause else Word.RULE
    sentence = f"A person is asked: {one.reason}"
    if word is Word.AWAITING_APPROVAL:
        sentence = f"A person must approve it first: {(one.reason or '').removeprefix('awaits approval: ')}"
    return Explanation(word=word, sentence=sentence, change=_answers(one, word))


def _answers(one: Delivery, word: Word) -> Advice:
    send = advise("to send it: ", do(Deed.RETRY, one.id))
    drop = advise("to drop it: ", do(Deed.REJECT, one.id))
    words = advise("to give it other words: ", do(Deed.EDIT, one.id))
    ways: list[Said]
    match word:
        case Word.AWAITING_APPROVAL:
            ways = [advise("to let it go: ", do(Deed.APPROVE, one.id)), words, drop]
        case Word.BRAKED:
            return on_alarm(one.source)
        case Word.DIGEST:
            alone = send if one.post else advise("to announce it by itself: ", do(Deed.ANNOUNCE, one.aid_id))
            ways = [
                alone,
                advise("to tell of it in another digest: ", do(Deed.ANNOUNCE_THEME, one.theme or "")),
                drop,
            ]
        case Word.FOUND:
            ways = [advise("if that is it: ", do(Deed.MARK_SENT, one.id)), advise("if not, ", send), drop]
        case Word.REFUSED:
            ways = [send, words, drop]
        case Word.LINK:
            ways = [advise("mend the page, then, ", send), *_other_link(one), drop]
        case Word.RULE:
            ways = _words_or(one, send, drop)
        case _:
            ways = _about_its_aid(one, word, send, drop)
    return _capitalised(joined("; ", ways))


def _capitalised(sentence: Advice) -> Advice:
    first, *rest = sentence.parts
    return advise(f"{str(first)[0].upper()}{str(first)[1:]}", *rest)


def _about_its_aid(one: Delivery, word: Word, send: Advice, drop: Advice) -> list[Said]:
    match word:
        case Word.CHANGED:
            return [advise("to give it other words: ", do(Deed.EDIT, one.id)), send, drop]
        case Word.GONE:
            return ["it goes on by itself if its source shows it again", send, drop]
        case Word.REPLACED:
            return [advise("if it is another aid, ", send), advise("if it is that one corrected, ", drop)]
        case _:
            return [send, drop]


def _words_or(one: Delivery, send: Advice, drop: Advice) -> list[Said]:
    if one.post is None:
        return ["mend the aid at its source", advise("or give it words: ", do(Deed.EDIT, one.id)), drop]
    if _was_refused(one):
        return [advise("to give it words that pass: ", do(Deed.EDIT, one.id)), drop]
    return [advise("to give it other words: ", do(Deed.EDIT, one.id)), send, drop]


def _was_refused(one: Delivery) -> bool:
    """Return whether it does not pass the last gate, so that it cannot go as it is."""
    return one.cause is Cause.RULE and not any(each.level is Level.ERROR for each in one.findings)


def _other_link(one: Delivery) -> list[Said]:
    """Return what gives the post another link: it keeps the one that it has when it is sent again."""
    if one.is_digest:
        again = advise(do(Deed.REJECT, one.id), "; then: ", do(Deed.ANNOUNCE_THEME, one.theme or ""))
        return [advise("if the theme has another link now: ", again)]
    if one.source == ON_DEMAND:
        return []
    return [advise("if the aid has another link now: ", do(Deed.ANNOUNCE, one.aid_id))]
