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

from spotlight_notify.model.errors import FetchError, FetchRefused
from spotlight_notify.wire import sockets
from spotlight_notify.wire.fetching import MAX_BODY
from spotlight_notify.wire.wire import Wire
from website import Page, Website, tls_files

MEGABYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"


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
    assert refused.message == "its host has no public address"
    assert str(refused).count("127.0.0.1") == 1
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data", "http://[::1]:8080/", "http://[fd00::1]/"]
)
def test_a_private_address_is_named_once_as_addresses_are_written(url: str) -> None:
    assert str(failure(Wire(allow_private=False, user_agent="test"), url)) == (
        f"{url}: its host has no public address"
    )


def test_a_redirect_to_a_private_ipv6_address_is_named_in_brackets(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
    careful = Wire(allow_private=False, user_agent="test")
    url = site.put("/feed", Page(status=302, headers={"Location": "http://[::1]/inside"}))
    assert failure(careful, url).message == "no address of [::1] is public"
    careful.close()


def test_refuses_a_redirect_to_a_private_address(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "is_public", lambda address: address == "127.0.0.1")
    careful = Wire(allow_private=False, user_agent="test")
    inside = site.put("/inside", Page(body=b"secret")).replace("127.0.0.1", "127.0.0.2")
    refused = failure(careful, site.put("/feed", Page(status=302, headers={"Location": inside})))
    assert refused.message == "no address of 127.0.0.2 is public"
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
    assert time.monotonic() - started < 20


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


# --- only the start


PDF_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: Application/PDF; version=1.7\r\n"
TYPES = frozenset({"text/xml"})


@pytest.mark.parametrize(("head", "taken"), [(HEAD, 1000), (PDF_HEAD, 0)])
def test_reads_only_the_start_of_200_megabytes(site: Website, wire: Wire, head: bytes, taken: int) -> None:
    sent: list[int] = []
    length = f"Content-Length: {200 * MEGABYTE}\r\n\r\n".encode()
    url = site.put("/aid", stream(head + length, b"x" * MEGABYTE, 200, sent))
    fetched = wire.fetch(url, max_bytes=1000, start_of=TYPES)
    assert (fetched.status, fetched.body) == (200, b"x" * taken)
    assert sum(sent) < 30 * MEGABYTE
    site.put("/aid", Page(body=b"short", headers={"Content-Type": "text/xml"}))
    assert wire.fetch(url, max_bytes=1000, start_of=TYPES).body == b"short"


def test_does_not_wait_for_a_body_it_does_not_want(site: Website, wire: Wire) -> None:
    url = site.put("/aid", drip(PDF_HEAD + b"Content-Length: 100000\r\n\r\n", b"x"))
    fetched = wire.fetch(url, start_of=TYPES, whole=5.0)
    assert (fetched.status, fetched.body, fetched.media_type) == (200, b"", "application/pdf")


def test_knows_no_type_where_none_is_given(site: Website, wire: Wire) -> None:
    fetched = wire.fetch(site.put("/aid", Page(body=b"x")), start_of=TYPES)
    assert (fetched.media_type, fetched.body) == ("", b"")


@pytest.mark.parametrize(
    ("encoding", "packed", "taken"),
    [
        ("gzip", gzip.compress(b"x" * MEGABYTE), b"x" * 1000),
        ("gzip", gzip.compress(b"\0" * (200 * MEGABYTE)), b"\0" * 1000),
        ("br", b"whatever it is", b""),
    ],
)
def test_reads_the_start_of_what_it_can_unpack(
    site: Website, wire: Wire, encoding: str, packed: bytes, taken: bytes
) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "text/xml"}
    url = site.put("/aid", Page(body=packed, headers=headers))
    assert wire.fetch(url, max_bytes=1000, start_of=TYPES).body == taken


def test_notices_that_even_the_start_breaks_off(site: Website, wire: Wire) -> None:
    url = site.put("/aid", stream(HEAD + b"Content-Length: 100\r\n\r\n", b"x", 50, []))
    with pytest.raises(FetchError, match="broke off"):
        wire.fetch(url, max_bytes=1000, start_of=TYPES)


# --- what would end the same another time


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "/feed", "http://x:99999/"])
def test_an_address_that_is_none_is_refused(wire: Wire, url: str) -> None:
    assert isinstance(failure(wire, url), FetchRefused)


def test_private_addresses_loops_and_sizes_are_refused(site: Website, wire: Wire) -> None:
    careful = Wire(allow_private=False, user_agent="test")
    assert isinstance(failure(careful, site.url("/")), FetchRefused)
    loop = site.put("/loop", Page(status=302, headers={"Location": "/loop"}))
    assert isinstance(failure(wire, loop), FetchRefused)
    with pytest.raises(FetchRefused):
        wire.fetch(site.put("/large", Page(body=b"x" * 11)), max_bytes=10)


def test_trouble_that_may_pass_is_not_refused(site: Website, wire: Wire) -> None:
    broken = site.put("/feed", Page(raw=lambda out, closing: None))
    for url in (broken, "http://no-such-name.invalid/", broken.replace("http:", "https:")):
        assert not isinstance(failure(wire, url), FetchRefused)


def test_a_certificate_that_cannot_be_trusted_is_refused(tmp_path: Path, wire: Wire) -> None:
    with Website(tls=tls_files(tmp_path)) as site:
        assert isinstance(failure(wire, site.url("/")), FetchRefused)


# --- a trial asks elsewhere


@pytest.fixture
def astray(site: Website) -> Iterator[Wire]:
    place = f"127.0.0.1:{site.port}"
    opened = Wire(allow_private=True, user_agent="test", reroute={"spotlight.invalid": place})
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://spotlight.invalid", "spotlight.invalid"),
        ("http://spotlight.invalid", "spotlight.invalid"),
        ("https://WWW.Spotlight.invalid", "www.spotlight.invalid"),
        ("https://spotlight.invalid:8443", "spotlight.invalid:8443"),
        ("https://user:hidden@spotlight.invalid", "spotlight.invalid"),
    ],
)
def test_asks_elsewhere_for_a_domain(site: Website, astray: Wire, origin: str, host: str) -> None:
    site.put("/aids/1?a=b", Page(body=b"here"))
    fetched = astray.fetch(f"{origin}/aids/1?a=b#part")
    assert (fetched.body, fetched.url, fetched.moved_to) == (b"here", f"{origin}/aids/1?a=b#part", None)
    assert [asked.headers.get_all("Host") for asked in site.asked] == [[host]]


def test_asks_all_others_where_they_are(site: Website, astray: Wire) -> None:
    assert astray.fetch(site.put("/feed", Page(body=b"feed"))).body == b"feed"
    assert site.asked[0].headers["Host"] == f"127.0.0.1:{site.port}"
    assert "cannot be resolved" in failure(astray, "https://notspotlight.invalid/").message


def test_the_longest_domain_decides_where_to_ask(site: Website) -> None:
    routes = {"invalid": "127.0.0.1:1", "aids.spotlight.invalid": f"127.0.0.1:{site.port}"}
    astray = Wire(allow_private=True, user_agent="test", reroute=routes)
    site.put("/", Page(body=b"here"))
    assert astray.fetch("https://aids.spotlight.invalid").body == b"here"
    astray.close()


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/end", "https://spotlight.invalid/end"),
        ("https://www.spotlight.invalid/end", "https://www.spotlight.invalid/end"),
        ("//spotlight.invalid/end", "https://spotlight.invalid/end"),
        ("http://spotlight.invalid/end", "http://spotlight.invalid/end"),
    ],
)
def test_redirects_are_asked_elsewhere_too(site: Website, astray: Wire, location: str, url: str) -> None:
    site.put("/end", Page(body=b"here"))
    site.put("/start", Page(status=301, headers={"Location": location}))
    fetched = astray.fetch("https://spotlight.invalid/start")
    assert (fetched.body, fetched.url, fetched.moved_to) == (b"here", url, url)


def test_redirects_lead_out_of_and_into_a_trial(site: Website, astray: Wire) -> None:
    end = site.put("/end", Page(body=b"here"))
    site.put("/out", Page(status=302, headers={"Location": end}))
    back = site.put("/in", Page(status=302, headers={"Location": "https://spotlight.invalid/out"}))
    assert astray.fetch(back).url == end
    hosts = [asked.headers["Host"] for asked in site.asked]
    assert hosts == [f"127.0.0.1:{site.port}", "spotlight.invalid", f"127.0.0.1:{site.port}"]


def test_errors_speak_of_the_address_asked_for(site: Website, astray: Wire) -> None:
    site.put("/feed", Page(raw=lambda out, closing: None))
    broken = failure(astray, "https://spotlight.invalid/feed")
    assert str(broken).startswith("https://spotlight.invalid/feed: the connection broke")
    nowhere = Wire(allow_private=True, user_agent="test", reroute={"spotlight.invalid": "127.0.0.1:1"})
    refused = failure(nowhere, "https://www.spotlight.invalid/feed")
    assert str(refused) == "https://www.spotlight.invalid/feed: www.spotlight.invalid refuses the connection"
    careful = Wire(allow_private=False, user_agent="test", reroute={"spotlight.invalid": "127.0.0.1:1"})
    private = failure(careful, "https://spotlight.invalid/")
    assert str(private) == "https://spotlight.invalid/: its host has no public address"


@pytest.mark.parametrize("url", ["https://spotlight.invalid:99999/", "https://spotlight.invalid:x/"])
def test_a_trial_makes_no_address_valid(site: Website, astray: Wire, url: str) -> None:
    assert isinstance(failure(astray, url), FetchRefused)
    assert site.asked == []
