"""Fetching from real servers on loopback, kind and hostile."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from spotlight_notify.errors import FetchError
from spotlight_notify.wire import MAX_BODY, Wire, sockets
from website import Page, Website, tls_files

MEGABYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield opened
    opened.close()


def failure(wire: Wire, url: str, *, whole: float = 10.0) -> FetchError:
    with pytest.raises(FetchError) as caught:
        wire.fetch(url, connect=1.0, whole=whole)
    assert "\n" not in str(caught.value)
    return caught.value


def drip(start: bytes, piece: bytes, pause: float = 0.05) -> Page:
    def write(out: IO[bytes], closing: threading.Event) -> None:
        out.write(start)
        while not closing.wait(pause):
            out.write(piece)
            out.flush()

    return Page(raw=write)


def stream(start: bytes, piece: bytes, pieces: int, sent: list[int]) -> Page:
    def write(out: IO[bytes], closing: threading.Event) -> None:
        out.write(start)
        for _ in range(pieces):
            out.write(piece)
            out.flush()
            sent.append(len(piece))

    return Page(raw=write)


def test_gives_status_headers_and_body(site: Website, wire: Wire) -> None:
    url = site.put("/feed", Page(body=b"<rss/>", headers={"ETag": '"1"'}))
    fetched = wire.fetch(url, headers={"If-None-Match": '"0"'})
    assert (fetched.status, fetched.body, fetched.url, fetched.moved_to) == (200, b"<rss/>", url, None)
    assert fetched.headers["etag"] == fetched.headers["ETAG"] == '"1"'
    asked = site.asked[0].headers
    assert (asked["User-Agent"], asked["If-None-Match"]) == ("spotlight-notify/test", '"0"')
    assert asked["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("status", [200, 304])
def test_keeps_connections(site: Website, wire: Wire, status: int) -> None:
    url = site.put("/feed", Page(status=status))
    assert [wire.fetch(url).status for _ in range(3)] == [status] * 3
    assert len({asked.peer for asked in site.asked}) == 1


@pytest.mark.parametrize("status", [204, 404, 410, 500, 503])
def test_gives_other_statuses_without_their_body(site: Website, wire: Wire, status: int) -> None:
    fetched = wire.fetch(site.put("/feed", Page(status=status, body=b"" if status == 204 else b"sorry")))
    assert (fetched.status, fetched.body) == (status, b"")


def test_asks_again_when_a_kept_connection_is_dead(site: Website, wire: Wire) -> None:
    dead = Page(raw=lambda out, closing: None)
    url = site.put("/feed", Page(body=b"first"), dead, Page(body=b"second"))
    assert [wire.fetch(url).body, wire.fetch(url).body] == [b"first", b"second"]
    assert [asked.peer == site.asked[0].peer for asked in site.asked] == [True, True, False]


def test_asks_only_once_on_a_fresh_connection(site: Website, wire: Wire) -> None:
    url = site.put("/feed", Page(raw=lambda out, closing: None))
    assert failure(wire, url).sent
    assert len(site.asked) == 1


def test_says_when_nothing_was_sent(site: Website, wire: Wire) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        refused = failure(wire, f"http://127.0.0.1:{unused.getsockname()[1]}/")
    assert (refused.sent, refused.message) == (False, "127.0.0.1 refuses the connection")
    unresolved = failure(wire, "http://no-such-name.invalid/feed")
    assert (unresolved.sent, unresolved.message) == (
        False,
        "the name no-such-name.invalid cannot be resolved",
    )
    plain = failure(wire, site.url("/feed").replace("http:", "https:"))
    assert not plain.sent
    assert "TLS handshake" in plain.message


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\nx", "larger than"),
        (b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", "broke off"),
        (b"Transfer-Encoding: chunked\r\n\r\n-ff\r\n", "broke off"),
    ],
)
def test_believes_no_absurd_length(site: Website, wire: Wire, head: bytes, said: str) -> None:
    sent: list[int] = []
    url = site.put("/feed", stream(HEAD + head, b"x" * MEGABYTE, 40, sent))
    tracemalloc.start()
    failed = failure(wire, url)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said in failed.message
    assert failed.sent
    assert peak < 20 * MEGABYTE


def test_refuses_private_addresses_unless_allowed(site: Website) -> None:
    careful = Wire(allow_private=False, user_agent="test")
    refused = failure(careful, site.put("/feed", Page()))
    assert not refused.sent
    assert "allow_private_addresses" in refused.message
    assert site.asked == []


def test_refuses_a_redirect_to_a_private_address(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
    careful = Wire(allow_private=False, user_agent="test")
    inside = site.put("/inside", Page(body=b"secret")).replace("127.0.0.1", "127.0.0.2")
    refused = failure(careful, site.put("/feed", Page(status=302, headers={"Location": inside})))
    assert "no address of 127.0.0.2 is public" in refused.message
    assert [asked.path for asked in site.asked] == ["/feed"]
    careful.close()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "/feed", "http://", "http://[", ""]
)
def test_fetches_http_only(wire: Wire, url: str) -> None:
    refused = failure(wire, url)
    assert not refused.sent
    assert "only absolute http and https" in refused.message


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:alert(1)", "http://[::1/"])
def test_follows_redirects_to_http_only(site: Website, wire: Wire, location: str) -> None:
    refused = failure(wire, site.put("/feed", Page(status=301, headers={"Location": location})))
    assert refused.sent


def test_follows_redirects_and_remembers_permanent_ones(site: Website, wire: Wire) -> None:
    end = site.put("/end", Page(body=b"here"))
    site.put("/second", Page(status=308, headers={"Location": end}))
    fetched = wire.fetch(site.put("/first", Page(status=301, headers={"Location": "/second"})))
    assert (fetched.body, fetched.url, fetched.moved_to) == (b"here", end, end)


def test_remembers_no_move_behind_a_temporary_redirect(site: Website, wire: Wire) -> None:
    site.put("/end", Page(body=b"here"))
    middle = site.put("/middle", Page(status=302, headers={"Location": "/end"}))
    assert wire.fetch(middle).moved_to is None
    first = site.put("/first", Page(status=301, headers={"Location": "/middle"}))
    assert wire.fetch(first).moved_to == middle


def test_follows_five_redirects_and_no_more(site: Website, wire: Wire) -> None:
    for step in range(6):
        site.put(f"/{step}", Page(status=302, headers={"Location": f"/{step + 1}"}))
    site.put("/6", Page(body=b"end"))
    assert wire.fetch(site.url("/1")).body == b"end"
    assert "more than 5 redirects" in failure(wire, site.url("/0")).message


def test_leaves_a_redirect_loop(site: Website, wire: Wire) -> None:
    assert failure(wire, site.put("/loop", Page(status=302, headers={"Location": "/loop"}))).sent
    assert len(site.asked) == 6


@pytest.mark.parametrize("declared", [True, False])
def test_refuses_60_megabytes(site: Website, wire: Wire, declared: bool) -> None:
    sent: list[int] = []
    length = f"Content-Length: {60 * MEGABYTE}\r\n\r\n" if declared else "Connection: close\r\n\r\n"
    url = site.put("/feed", stream(HEAD + length.encode(), b"x" * MEGABYTE, 60, sent))
    assert f"larger than {MAX_BODY:,} bytes" in failure(wire, url).message
    assert sum(sent) < 30 * MEGABYTE


def test_takes_a_body_of_just_the_limit(site: Website, wire: Wire) -> None:
    url = site.put("/feed", Page(body=b"x" * 1000))
    assert len(wire.fetch(url, max_bytes=1000).body) == 1000
    with pytest.raises(FetchError):
        wire.fetch(url, max_bytes=999)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


TEXT = b"<rss>" + bytes(range(256)) * 2000


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("gzip", gzip.compress(TEXT[:99]) + gzip.compress(TEXT[99:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 100),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("identity", TEXT),
    ],
)
def test_unpacks(site: Website, wire: Wire, encoding: str, packed: bytes) -> None:
    url = site.put("/feed", Page(body=packed, headers={"Content-Encoding": encoding}))
    assert wire.fetch(url).body == TEXT


def test_refuses_a_gzip_bomb_with_little_memory(site: Website, wire: Wire) -> None:
    bomb = gzip.compress(b"\0" * (200 * MEGABYTE), compresslevel=9)
    url = site.put("/feed", Page(body=bomb, headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        assert "larger than" in failure(wire, url).message
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BODY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "packed", "said"),
    [
        ("gzip", gzip.compress(TEXT)[:-100], "cut short"),
        ("gzip", b"\x1f\x8bnonsense", "damaged"),
        ("br", TEXT, "not asked for"),
    ],
)
def test_refuses_what_cannot_be_unpacked(
    site: Website, wire: Wire, encoding: str, packed: bytes, said: str
) -> None:
    url = site.put("/feed", Page(body=packed, headers={"Content-Encoding": encoding}))
    assert said in failure(wire, url).message


@pytest.mark.parametrize(
    "page",
    [
        drip(b"", b""),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        drip(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["silence", "headers", "body", "chunks"],
)
def test_does_not_wait_past_the_whole_time(site: Website, wire: Wire, page: Page) -> None:
    started = time.monotonic()
    assert failure(wire, site.put("/feed", page), whole=0.4).sent
    assert time.monotonic() - started < 3


def test_redirects_share_the_whole_time(site: Website, wire: Wire) -> None:
    slow = b"HTTP/1.1 302 Found\r\nLocation: /feed\r\nContent-Length: 0\r\n\r\n"

    def late(out: IO[bytes], closing: threading.Event) -> None:
        closing.wait(0.25)
        out.write(slow)

    assert "redirects" not in failure(wire, site.put("/feed", Page(raw=late)), whole=0.6).message
    assert len(site.asked) <= 3


def test_notices_an_answer_that_breaks_off(site: Website, wire: Wire) -> None:
    url = site.put("/feed", stream(HEAD + b"Content-Length: 100\r\n\r\n", b"x", 50, []))
    assert "broke off" in failure(wire, url).message


def test_shows_no_secrets_of_an_address(site: Website, wire: Wire) -> None:
    url = site.put("/feed?key=hidden", Page(raw=lambda out, closing: None))
    said = str(failure(wire, url.replace("//", "//user:hidden@")))
    assert "/feed" in said
    assert "hidden" not in said


def test_trusts_known_certificates_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    with Website(tls=tls_files(tmp_path)) as site:
        url = site.put("/feed", Page(body=b"safe"))
        refused = failure(wire, url)
        assert not refused.sent
        assert "certificate of 127.0.0.1 cannot be trusted" in refused.message
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        trusting = Wire(allow_private=True, user_agent="test")
        hosts = ("127.0.0.1", "localhost", "127.0.0.1")
        assert [trusting.fetch(site.url("/feed", host)).body for host in hosts] == [b"safe"] * 3
        with Website(tls=tls_files(tmp_path), host="127.0.0.2") as stranger:
            assert "cannot be trusted" in failure(trusting, stranger.url("/feed", "127.0.0.2")).message
        assert site.asked[0].peer == site.asked[2].peer
        trusting.close()


def test_fetches_from_many_threads_at_once(site: Website, wire: Wire) -> None:
    url = site.put("/feed", Page(body=b"x" * 10_000))
    bodies: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: bodies.extend(wire.fetch(url).body for _ in range(5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [b"x" * 10_000] * 40
