"""Fetch a picture for a network: within its size, of a kind it takes, and really a picture."""

from spotlight_notify.errors import FetchError
from spotlight_notify.model import Image, Network, Picture
from spotlight_notify.publishers.formats import is_animated, media_type, name_of
from spotlight_notify.wire import Wire
from spotlight_notify.wire.fetching import shown

MAX_BYTES = {Network.X: 5 * 1024 * 1024, Network.FACEBOOK: 4 * 1024 * 1024}
TAKEN = {
    Network.X: ("image/jpeg", "image/png", "image/gif", "image/webp"),
    Network.FACEBOOK: ("image/jpeg", "image/png"),
}


def load_picture(wire: Wire, image: Image, network: Network) -> Picture:
    """Fetch a picture and read its kind from its bytes, whatever the server calls it.

    Raises FetchError when it cannot be had, is too large, moves, or is not of a kind the network takes.
    """
    fetched = wire.fetch(image.url, max_bytes=MAX_BYTES[network])
    if fetched.status != 200:
        raise FetchError(shown(image.url), f"the picture cannot be had: status {fetched.status}", sent=True)
    kind = media_type(fetched.body)
    refused = _refused(fetched.body, kind, network)
    if kind is None or refused:
        raise FetchError(shown(image.url), refused, sent=True)
    return Picture(content=fetched.body, media_type=kind, alt=image.alt or "")


def _refused(content: bytes, kind: str | None, network: Network) -> str:
    """Say why a network does not take this; empty if it does."""
    if kind is None:
        return f"is not a picture but {name_of(content)}"
    if kind not in TAKEN[network]:
        names = ", ".join(taken.removeprefix("image/").upper() for taken in TAKEN[network])
        return f"is a picture of type {kind}, and {network} takes only {names}"
    return "is an animated picture, which is not posted: use a still one" if is_animated(content) else ""
