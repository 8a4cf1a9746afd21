"""Tell which live posts are a post of ours. Pure: text and links, nothing else."""

from spotlight_notify.model import LivePost, Post, Timeline
from spotlight_notify.text.links import normalised_link


def matches(post: Post, timeline: Timeline) -> list[LivePost]:
    """Find the live posts that are this one: those with its very text, or else those that hold its link.

    A link is shared by a post and the replies to it. So a reply is known by its very text alone, and in its
    very place; and a post of its own is never known by the link in a reply.
    """
    same = [live for live in timeline.posts if _plain(live.text) == _plain(post.text)]
    if post.reply_to is not None:
        return [live for live in same if live.reply_to == post.reply_to]
    wanted = normalised_link(post.link)
    own = [live for live in timeline.posts if live.reply_to is None]
    return same or [live for live in own if wanted in map(normalised_link, live.links)]


def _plain(text: str) -> str:
    return " ".join(text.split())
