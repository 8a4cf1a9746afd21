"""Check the words for a post's pictures, and at pictures that a post goes without."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind
from spotlight_notify.rules.lint.parsed_text import Breach, quoted
from spotlight_notify.text.html import MAX_TITLE, plain_title

BEST = 250
_FILE_NAME = re.compile(
    r"\S+\.(?:jpe?g|jfif|png|gif|webp|svg|bmp|tiff?|heic|avif|pdf)"
    r"|(?:img|dsc[fn]?|pxl|image|photo|picture|screenshot|untitled|scan)[\s_-]*\d*",
    re.IGNORECASE,
)
_CODED = re.compile(r"[_\d-]")
_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_OPENING = re.compile(
    r"\W{0,3}(?:(?:this|here) is )?(?:an? |the )?(?:image|picture|photo|photograph|graphic)\b(?: of\b|:)",
    re.IGNORECASE,
)
_SORTS = (
    r"poster|flyer|logo|banner|thumbnail|icon|graphic|infographic|cover|figure|chart|photograph|pic|img"
    r"|(?:featured|header|hero) image|stock photo|screenshot|p[óo]ster|cartel|imagen|foto"
)
_EMPTY = re.compile(
    r"\W*(?:to ?do|tbd|fixme|x{3,9}|null|none|undefined|n/?a|lorem ipsum|placeholder"
    r"|(?:(?:add|insert|enter|missing|no|your) )?(?:an? |the |some )?"
    r"(?:alt(?:ernative|ernate)?[ -]?(?:text|tag)?|(?:image )?description|caption|words)(?: (?:goes )?here)?"
    rf"|(?:the |an? |our |this )?(?:{_SORTS})s?)\b"
    r"(?:\W{1,3}(?:add|insert|write|alt|text|here|me|description)\b){0,6}\W*\d*\W*",
    re.IGNORECASE,
)
"""Words that stand where somebody meant to say what a picture shows, or only what sort of picture it is."""
_FEWEST_SHOUTED = 12
"""So many letters, all in capitals, are no acronym."""
_MOVING = re.compile(r"\banimat", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def picture_breaches(aid: Aid, post: Post, network: Network) -> Iterator[Breach]:
    """Find what is wrong with the words for pictures, and the pictures that are left out, in their order."""
    text = _spoken(post.text)
    title = _spoken(aid.title)
    for image in post.images:
        yield from _words_breaches(image, text, title)
    yield from _equal_words(post.images)
    yield from _cut_words(aid, post)
    yield from _left_out(aid, post)
    own = [image for image in aid.images if image.url != aid.link]
    if network.max_pictures and aid.kind is Kind.POSTER and own and not post.images:
        yield _breach(
            "poster-picture",
            f"the poster would go out without its picture, {quoted(own[0].url)}: give words for it at "
            "the source or under [alt_texts] in the configuration, or let it go without one",
        )


def _words_breaches(image: Image, text: str, title: str) -> Iterator[Breach]:
    alt = (image.alt or "").strip()
    if not alt:
        yield _breach(
            "alt-missing", f"nobody gives words for the picture {quoted(image.url)}: say what it shows"
        )
    if image.trouble and _MOVING.search(image.trouble):
        yield _breach("animated-gif", f"the picture {quoted(image.url)} moves: {image.trouble}")
    if alt:
        yield from _alt_breaches(alt, image, text)
    if alt and (why := _why_empty(alt, title)):
        said = f"the words for a picture, {quoted(alt)}, {why}"
        yield _breach("alt-says-nothing", f"{said}: say what the picture shows, and what words are on it")


def _why_empty(alt: str, title: str) -> str | None:
    """Return why words for a picture are none; None if they may say what it shows."""
    letters = [letter for letter in alt if letter.isalpha()]
    if not letters:
        return "have no letter"
    if _EMPTY.fullmatch(alt[:200]):
        return "do not say what it shows"
    if len(letters) >= _FEWEST_SHOUTED and alt.isupper():
        return "are all in capitals, which some screen readers spell out"
    return "are the aid's title again" if _spoken(alt) == title else None


def _alt_breaches(alt: str, image: Image, text: str) -> Iterator[Breach]:
    said = f"the words for a picture, {quoted(alt)},"
    if len(alt) > MAX_TITLE:
        yield _breach("alt-length", f"{said} are {len(alt)} characters long: networks take {MAX_TITLE}")
    elif len(alt) > BEST:
        yield _breach("alt-long", f"{said} are {len(alt)} characters long: about {BEST} are easier to hear")
    if _is_file_name(alt, image.url):
        yield _breach("alt-file-name", f"{said} are the name of a file: say what the picture shows")
    if _ADDRESS.search(alt):
        yield _breach("alt-url", f"{said} hold a web address: leave it out, it cannot be opened from there")
    if _OPENING.match(alt):
        yield _breach("alt-opening", f"{said} begin by saying that it is a picture: say only what it shows")
    spoken = _spoken(alt)
    if spoken and f" {spoken} " in f" {text} ":
        yield _breach("alt-repeats", f"{said} only repeat the post: say what the picture shows beyond that")


def _equal_words(images: tuple[Image, ...]) -> Iterator[Breach]:
    """Find pictures of one post whose words are the same; who cannot see them cannot tell them apart."""
    alts = [alt for image in images if (alt := (image.alt or "").strip())]
    said = Counter(_spoken(alt) or alt for alt in alts)
    for alt in alts:
        times = said.pop(_spoken(alt) or alt, 0)
        if times > 1:
            yield _breach(
                "alt-equal", f"the words {quoted(alt)} stand for {times} pictures: say of each what it shows"
            )


def _cut_words(aid: Aid, post: Post) -> Iterator[Breach]:
    """Find pictures that go with the beginning of their words alone."""
    posted = {image.url: image.alt or "" for image in post.images}
    for image in aid.images:
        length = len(plain_title(image.alt or ""))
        if length > MAX_TITLE and len(alt := posted.get(image.url, "")) in range(1, MAX_TITLE + 1):
            said = f"the words for the picture {quoted(image.url)} are {length} characters long"
            yield _aside(
                "alt-length", f"{said}, and networks take {MAX_TITLE}: they end with {quoted(alt[-40:])}"
            )


def _left_out(aid: Aid, post: Post) -> Iterator[Breach]:
    """Yield which of the aid's pictures the post goes without, and by which rule."""
    result = "it is left out" if post.images else "the post goes out as a link post"
    shown = {image.url for image in post.images if image.trouble or not _fits(image)}
    absent = [image for image in aid.images if image.url not in shown]
    sound = [(image, plain_title(image.alt or "")) for image in absent if not image.trouble]
    if wordless := [image for image, alt in sound if not alt]:
        yield _aside(
            "alt-missing",
            f"nobody gives words for {_names(wordless)}, so {result}: "
            "give some at the source or under [alt_texts] in the configuration",
        )
    for image, alt in sound:
        if len(alt) > MAX_TITLE and not any(image.url == each.url for each in post.images):
            said = f"the words for the picture {quoted(image.url)} are {len(alt)} characters long"
            yield _aside("alt-length", f"{said}, and networks take {MAX_TITLE}, so {result}")
    for image in absent:
        if image.trouble:
            yield _aside(
                "animated-gif" if _MOVING.search(image.trouble) else "picture-unusable",
                f"the picture {quoted(image.url)} cannot be shown, so {result}: {image.trouble}",
            )


def _fits(image: Image) -> bool:
    return 0 < len((image.alt or "").strip()) <= MAX_TITLE


def _names(images: Iterable[Image]) -> str:
    first, *others = images
    return f"the picture {quoted(first.url)}" + (f" and {len(others)} more" if others else "")


def _is_file_name(alt: str, url: str) -> bool:
    """Return whether words look like a file's name, or are the picture's own with its hyphens and digits."""
    name = unquote(url.rpartition("/")[2])
    return bool(_FILE_NAME.fullmatch(alt) or (alt in (name, name.rpartition(".")[0]) and _CODED.search(alt)))


def _spoken(text: str) -> str:
    """Reduce a text to its words, for comparing."""
    return " ".join(_WORD.findall(text.casefold()))


def _breach(rule: str, message: str) -> Breach:
    return Breach(rule, 0, message)


def _aside(rule: str, message: str) -> Breach:
    return Breach(rule, 0, message, left_out=True)
