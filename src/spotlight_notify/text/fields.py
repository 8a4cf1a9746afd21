"""Find what an author wrote among the fields that content management systems put round it."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BODY = ".field--name-body,.field-name-body,.views-field-body"
"""Drupal's own text of a page, 7 and later, as a field or as a column of a view."""
_ABOUT = ",".join(
    [
        *(
            f".{kind}-{name}"
            for kind in ("field--name", "field-name", "views-field")
            for name in ("title", "uid", "created", "changed", "author", "name")
        ),
        ".field-name-post-date,.field--name-links,.field__label,.field-label,.views-label,.links.inline",
        ".submitted,.username,.node__meta,.node__submitted,.byline,.author,.entry-meta,.post-meta,[rel~=author]",
        "[class$='-author'],[class*='-author ']",
        "[typeof~='schema:Person'],[typeof~='sioc:UserAccount'],[about^='/user/'],a[title*='user profile']",
    ]
)
"""What is said about a text: its title again, who put it there and when, the labels of fields."""
_STAMP = re.compile(
    r"(?:[^\W\d_]{2,9}, )?(?:\d\d/\d\d/\d{4}|\d{4}-\d\d-\d\d|[^\W\d_]{3,9} \d{1,2}, \d{4}|"
    r"\d{1,2} [^\W\d_]{3,9} \d{4}) - \d\d:\d\d"
)
"""A date as Drupal writes it below a title."""


def written(tree: LexborHTMLParser) -> LexborHTMLParser:
    """Give of a page's fields its body alone; without one, all but what is said about it."""
    kept = "".join(node.html or "" for node in tree.css(_BODY) if node.text(strip=True))
    if kept:
        tree = LexborHTMLParser(kept)
    for node in reversed(tree.css(_ABOUT)):  # inner ones before those that hold them
        node.decompose()
    _drop_stamp(tree)
    return tree


def _drop_stamp(tree: LexborHTMLParser) -> None:
    """Drop the spans at the beginning that a theme without classes makes of title, author and date."""
    spans: list[LexborNode] = []
    child = tree.body.child if tree.body else None
    while child is not None and (child.tag == "span" or not child.text(strip=True)):
        if child.tag == "span":
            spans.append(child)
        child = child.next
    dated = [at for at, span in enumerate(spans) if _STAMP.fullmatch(" ".join(span.text().split()))]
    for span in spans[: dated[-1] + 1] if dated else ():
        span.decompose()
