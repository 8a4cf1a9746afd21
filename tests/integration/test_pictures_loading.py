"""Pictures, fetched over real HTTP: within each network's limits, or one clear line."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image as Drawing

from canned import HANG_UP, CannedServer, reply
from spotlight_notify.errors import FetchError
from spotlight_notify.model import Image, Network
from spotlight_notify.publishers.pictures import MAX_BYTES, load_picture
from spotlight_notify.wire import Wire


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    wire = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield wire
    wire.close()


@pytest.fixture
def server() -> Iterator[CannedServer]:
    with CannedServer() as server:
        yield server


def draw(kind: str, frames: int = 1, comment: bytes = b"", mode: str = "RGB") -> bytes:
    drawings = [Drawing.new(mode, (8, 8), colour) for colour in ("red", "blue", "green", "white")[:frames]]
    more = {"save_all": True, "append_images": drawings[1:]} if frames > 1 else {}
    more |= {"comment": comment} if comment else {}
    drawn = io.BytesIO()
    drawings[0].save(drawn, kind, **more)
    return drawn.getvalue()


def draw_bare(frames: int) -> bytes:
    """Draw a GIF whose pictures have colours of their own, without a word of how many there are."""
    size = b"\x01\x00\x01\x00"
    still = b"\x2c" + b"\x00" * 4 + size + b"\x80" + b"\x00\x00\x00\xff\xff\xff" + b"\x02\x02\x44\x01\x00"
    return b"GIF87a" + size + b"\x00\x00\x00" + still * frames + b"\x3b"


def draw_with_exif() -> bytes:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "red").save(drawn, "WEBP", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00")
    return drawn.getvalue()


def served(server: CannedServer, content: bytes, status: int = 200) -> Image:
    server.script = [reply(status, content, content_type="text/plain", connection="close")]
    return Image(url=f"{server.url}/a.png?key=secret", alt="An officer talks")


@pytest.mark.parametrize(
    ("kind", "network", "media_type"),
    [
        ("JPEG", Network.X, "image/jpeg"),
        ("PNG", Network.X, "image/png"),
        ("GIF", Network.X, "image/gif"),
        ("WEBP", Network.X, "image/webp"),
        ("JPEG", Network.FACEBOOK, "image/jpeg"),
        ("PNG", Network.FACEBOOK, "image/png"),
    ],
)
def test_a_picture_is_known_by_its_bytes(
    wire: Wire, server: CannedServer, kind: str, network: Network, media_type: str
) -> None:
    content = draw(kind)
    picture = load_picture(wire, served(server, content), network)
    assert (picture.content, picture.media_type, picture.alt) == (content, media_type, "An officer talks")


def test_a_picture_without_words_has_an_empty_alt(wire: Wire, server: CannedServer) -> None:
    image = served(server, draw("PNG"))
    assert load_picture(wire, Image(url=image.url), Network.X).alt == ""


@pytest.mark.parametrize(
    "still",
    [
        draw("GIF", comment=b"NETSCAPE2.0 \x21\xf9\x04\x2c"),
        draw("GIF", mode="L"),
        draw("WEBP"),
        draw_bare(1),
        draw_with_exif(),
    ],
)
def test_a_still_picture_is_not_taken_for_an_animation(
    wire: Wire, server: CannedServer, still: bytes
) -> None:
    assert load_picture(wire, served(server, still), Network.X).content == still


@pytest.mark.parametrize(
    ("content", "network", "words"),
    [
        (b"<!DOCTYPE html><p>gone", Network.X, "is not a picture but HTML"),
        (b"\xef\xbb\xbf \n<HTML>", Network.X, "is not a picture but HTML"),
        (b"<svg xmlns='x'/>", Network.X, "is not a picture but SVG"),
        (b"%PDF-1.7", Network.X, "is not a picture but PDF"),
        (b'{"error":1}', Network.X, "is not a picture but JSON"),
        (b"", Network.X, "is not a picture but empty"),
        (b"\x00\x01", Network.X, "is not a picture but something unknown"),
        (draw("GIF", frames=2), Network.X, "animated"),
        (draw("GIF", frames=4), Network.X, "animated"),
        (draw_bare(2), Network.X, "animated"),
        (draw("WEBP", frames=2), Network.X, "animated"),
        (draw("GIF"), Network.FACEBOOK, "image/gif, and facebook takes only JPEG, PNG"),
        (draw("WEBP"), Network.FACEBOOK, "image/webp"),
        (draw("BMP"), Network.X, "is not a picture but something unknown"),
        (b"\xff\xd8\xff" + b"0" * (4 * 1024 * 1024), Network.FACEBOOK, "4"),
        (b"\xff\xd8\xff" + b"0" * (5 * 1024 * 1024), Network.X, "5"),
    ],
)
def test_what_is_no_picture_for_the_network_is_refused_in_one_line(
    wire: Wire, server: CannedServer, content: bytes, network: Network, words: str
) -> None:
    with pytest.raises(FetchError) as caught:
        load_picture(wire, served(server, content), network)
    assert words in caught.value.message
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_largest_picture_allowed_is_taken(wire: Wire, server: CannedServer) -> None:
    content = b"\xff\xd8\xff".ljust(MAX_BYTES[Network.FACEBOOK], b"0")
    assert load_picture(wire, served(server, content), Network.FACEBOOK).content == content


@pytest.mark.parametrize("status", [404, 410, 500, 204])
def test_a_picture_that_is_not_there_says_so(wire: Wire, server: CannedServer, status: int) -> None:
    with pytest.raises(FetchError, match=rf"a\.png: the picture cannot be had: status {status}"):
        load_picture(wire, served(server, b"", status), Network.X)


def test_a_picture_whose_server_hangs_up_is_a_fetch_error(wire: Wire, server: CannedServer) -> None:
    server.script = [HANG_UP, HANG_UP]
    with pytest.raises(FetchError):
        load_picture(wire, Image(url=server.url), Network.X)


@pytest.mark.parametrize("length", range(14))
def test_a_picture_cut_short_ends_no_walk_badly(wire: Wire, server: CannedServer, length: int) -> None:
    cut = draw("GIF")[: 6 + 9 * length]
    assert load_picture(wire, served(server, cut), Network.X).content == cut
