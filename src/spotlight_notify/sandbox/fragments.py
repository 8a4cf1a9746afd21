"""Cut a post's text into plain words, hashtags and links, for a page to colour."""

from dataclasses import dataclass

from spotlight_notify.sandbox.counting import hashtags, urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """Hold a piece of text; ``kind`` is "words", "hashtag" or "link", ``href`` is for links alone."""

    kind: str
    text: str
    href: str = ""


def fragments(text: str) -> tuple[Fragment, ...]:
    """Cut a text; the pieces in order make the whole text again."""
    marked = [("link", url) for url in urls(text)] + [("hashtag", tag) for tag in hashtags(text)]
    pieces: list[Fragment] = []
    done = 0
    for kind, entity in sorted(marked, key=lambda pair: pair[1].start):
        pieces.append(Fragment(kind="words", text=text[done : entity.start]))
        href = entity.text if "://" in entity.text else f"https://{entity.text}"
        pieces.append(Fragment(kind=kind, text=entity.text, href=href if kind == "link" else ""))
        done = entity.end
    pieces.append(Fragment(kind="words", text=text[done:]))
    return tuple(piece for piece in pieces if piece.text)


def bears(text: str, hashtag: str) -> bool:
    """Tell whether a text holds the hashtag (with its ``#``) as a real one, in any letter case."""
    return any(tag.text.casefold() == hashtag.casefold() for tag in hashtags(text))
