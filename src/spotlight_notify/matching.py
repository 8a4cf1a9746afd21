"""Tell which live posts are a post of ours. Pure: text and links, nothing else."""

from spotlight_notify.model import LivePost, Post, Timeline
from spotlight_notify.text.links import normalised_link


def matches(post: Post, timeline: Timeline) -> list[LivePost]:
    """Find the live posts that are this one: those with its very text, or else those that hold its link."""
    same = [live for live in timeline.posts if _plain(live.text) == _plain(post.text)]
    wanted = normalised_link(post.link)
    return same or [live for live in timeline.posts if wanted in map(normalised_link, live.links)]


def _plain(text: str) -> str:
    return " ".join(text.split())
