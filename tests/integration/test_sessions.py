"""Sessions for SDKs, against real sockets: what left, what did not, and what comes back."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import requests

from spotlight_notify.wire.sessions import NotSent, PublishingSession
from spotlight_notify.wire.wire import Wire
from website import Page, Website, tls_files

FAST = {"connect": 0.3, "read": 0.4}


@pytest.fixture
def session() -> Iterator[PublishingSession]:
    with Wire(allow_private=True, user_agent="spotlight-notify/test").session(**FAST) as opened:
        yield opened


@contextmanager
def bare_server(treat: Callable[[socket.socket], None], backlog: int = 8) -> Iterator[int]:
    """Accept connections and treat them; give the port."""
    with socket.create_server(("127.0.0.1", 0), backlog=backlog) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    treat(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def close_at_once(connection: socket.socket) -> None:
    pass


def close_after_reading(connection: socket.socket) -> None:
    connection.recv(65_536)


def say_nothing(connection: socket.socket) -> None:
    connection.settimeout(5)
    while connection.recv(65_536):
        pass


def break_in_the_body(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"')


def promise_an_absurd_length(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n{}")


def promise_less_than_nothing(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-ff\r\n{}")


def answer_garbage(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00")


def wait_for_the_end(_: IO[bytes], closing: threading.Event) -> None:
    closing.wait(5)


def drip(out: IO[bytes], closing: threading.Event) -> None:
    out.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not closing.wait(0.05):
        out.write(b" ")
        out.flush()


# --- the request never left


def test_not_sent_to_a_port_that_refuses(session: requests.Session) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent, match="refuses the connection"):
            session.post(f"http://127.0.0.1:{unused.getsockname()[1]}/2/tweets", json={})


def test_not_sent_to_a_name_that_cannot_be_resolved(session: requests.Session) -> None:
    with pytest.raises(NotSent, match=r"the name api\.invalid cannot be resolved"):
        session.post("https://api.invalid/2/tweets?access_token=hidden", json={})


def test_not_sent_when_connecting_takes_too_long(session: requests.Session) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(4)]
        for queued in waiting:  # a full queue drops what comes next
            queued.setblocking(False)
            queued.connect_ex(full.getsockname())
        started = time.monotonic()
        with pytest.raises(NotSent, match="does not answer a connection in time"):
            session.post(f"http://127.0.0.1:{full.getsockname()[1]}/", json={})
        assert 0.2 < time.monotonic() - started < 20
        for queued in waiting:
            queued.close()


def test_not_sent_when_there_is_no_tls(site: Website, session: requests.Session) -> None:
    with pytest.raises(NotSent, match="TLS handshake"):
        session.post(site.url("/2/tweets").replace("http:", "https:"), json={})
    assert site.asked == []


def test_not_sent_when_tls_stalls(session: requests.Session) -> None:
    with bare_server(say_nothing) as port, pytest.raises(NotSent):
        session.post(f"https://127.0.0.1:{port}/", json={})


def test_not_sent_when_tls_is_broken_off(session: requests.Session) -> None:
    with bare_server(close_after_reading) as port, pytest.raises(NotSent):
        session.post(f"https://127.0.0.1:{port}/", json={})


def test_not_sent_to_a_stranger(tmp_path: Path, session: requests.Session) -> None:
    with Website(tls=tls_files(tmp_path)) as site:
        for url in (site.url("/"), site.url("/", "localhost")):
            with pytest.raises(NotSent, match="cannot be trusted"):
                session.post(url, json={}, verify=False)
        assert site.asked == []


def test_not_sent_to_a_private_address(site: Website) -> None:
    with (
        Wire(allow_private=False, user_agent="test").session() as careful,
        pytest.raises(
            NotSent,
            match=r"no address of .* is public; if that is meant, set allow_private_addresses = true in",
        ),
    ):
        careful.post(site.url("/"), json={})
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1/", "127.0.0.1/2/tweets", "http://", "http://[", "http://a..b/", "http://x:99999/"],
)
def test_not_sent_to_an_address_that_is_none(session: requests.Session, url: str) -> None:
    with pytest.raises(NotSent):
        session.post(url, json={})


def test_not_sent_with_a_header_that_is_none(site: Website, session: requests.Session) -> None:
    with pytest.raises(NotSent):
        session.post(site.url("/"), headers={"Authorization": "Bearer x\r\ny: z"}, json={})
    assert site.asked == []


@pytest.mark.parametrize("secure", [False, True])
def test_not_sent_when_it_is_too_late_once_the_connection_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secure: bool
) -> None:
    """A process may be stopped, or its machine sleep, while it connects."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_files(tmp_path)[0]))
    wire, asked = Wire(allow_private=True, user_agent="test"), []
    with Website(tls=tls_files(tmp_path) if secure else None) as site, wire.session() as session:
        url = site.put("/", Page(body=b"{}"))

        def too_late() -> bool:
            asked.append("connected")
            return False

        def ready() -> Callable[[], bool]:
            asked.append("before")
            return too_late

        session.depart(ready)
        with pytest.raises(NotSent, match="stood too late"):
            session.post(url, json={"text": "x"})
        assert (asked, site.asked) == (["before", "connected"], [])
        assert session.post(url, json={"text": "x"}).ok
        assert (asked, len(site.asked)) == (["before", "connected"], 1)


def test_what_never_connected_leaves_no_question_to_the_next_request(
    site: Website, session: PublishingSession
) -> None:
    session.depart(lambda: lambda: False)
    with pytest.raises(NotSent):
        session.post("https://api.invalid/2/tweets", json={})
    assert session.post(site.put("/", Page(body=b"{}")), json={}).ok


def test_what_is_in_time_leaves(site: Website, session: PublishingSession) -> None:
    session.depart(lambda: lambda: True)
    assert session.post(site.put("/", Page(body=b"{}")), json={}).ok


# --- the request may have arrived


@pytest.mark.parametrize(
    "treat",
    [
        close_at_once,
        close_after_reading,
        break_in_the_body,
        say_nothing,
        answer_garbage,
        promise_an_absurd_length,
        promise_less_than_nothing,
    ],
)
def test_unclear_when_the_connection_was_made(
    session: requests.Session, treat: Callable[[socket.socket], None]
) -> None:
    with bare_server(treat) as port, pytest.raises(requests.RequestException) as caught:
        session.post(f"http://127.0.0.1:{port}/2/tweets", json={"text": "x"})
    assert not isinstance(caught.value, NotSent)


def test_unclear_when_the_answer_is_slow(site: Website, session: requests.Session) -> None:
    started = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.post(site.put("/", Page(raw=wait_for_the_end)), timeout=99)
    with pytest.raises(requests.ReadTimeout):
        session.post(site.put("/", Page(raw=drip)), timeout=99)
    assert time.monotonic() - started < 20


def test_unclear_when_the_answer_is_huge(site: Website, session: requests.Session) -> None:
    bomb = gzip.compress(b" " * 20_000_000)
    url = site.put("/", Page(body=bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(requests.exceptions.ContentDecodingError, match="larger than"):
        session.post(url, json={})


def test_a_post_is_never_sent_twice(site: Website, session: requests.Session) -> None:
    url = site.put("/", Page(raw=lambda out, closing: None))
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            session.post(url, json={})
    assert len(site.asked) == 2


# --- what comes back


def test_gives_answers_as_they_are(site: Website, session: requests.Session) -> None:
    url = site.put("/2/tweets", Page(status=201, body=b'{"data":{"id":"1"}}', headers={"X-Limit": "9"}))
    answer = session.post(url, json={"text": "Grüße"})
    assert (answer.status_code, answer.json(), answer.headers["x-limit"]) == (201, {"data": {"id": "1"}}, "9")
    assert (answer.reason, answer.ok, answer.url) == ("Created", True, url)
    assert site.asked[0].body == b'{"text": "Gr\\u00fc\\u00dfe"}'


def test_unpacks_chunked_and_packed_answers(site: Website, session: requests.Session) -> None:
    packed = gzip.compress(b'{"data":[]}')
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip", "Content-Type": "application/json"}
    assert session.get(site.put("/", Page(body=chunks, headers=headers))).json() == {"data": []}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_follows_no_redirect(site: Website, session: requests.Session, method: str, status: int) -> None:
    site.put("/elsewhere", Page(body=b'{"data":{"id":"1"}}'))
    url = site.put("/", Page(status=status, headers={"Location": "/elsewhere"}))
    answer = session.request(method, url, data={"a": "b"}, allow_redirects=True)
    assert (answer.status_code, answer.history) == (status, [])
    assert [asked.path for asked in site.asked] == ["/"]


def test_takes_a_fresh_connection_for_every_request(site: Website, session: requests.Session) -> None:
    url = site.put("/", Page(body=b"{}"))  # a server that would keep the connection
    for _ in range(3):
        session.post(url, json={})
    assert len({asked.peer for asked in site.asked}) == 3
    assert site.asked[0].headers["Connection"] == "close"


def test_says_who_we_are_unless_the_sdk_does(site: Website, session: requests.Session) -> None:
    url = site.put("/", Page(body=b"{}"))
    session.get(url)
    session.get(url, headers={"User-Agent": "sdk/1"})
    assert [asked.headers["User-Agent"] for asked in site.asked] == ["spotlight-notify/test", "sdk/1"]


def test_ignores_the_environment(
    site: Website, session: requests.Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert session.get(site.put("/", Page(body=b"{}")), proxies={"http": "http://127.0.0.1:1"}).ok
    assert "Authorization" not in site.asked[0].headers


def test_keeps_no_cookies(site: Website, session: requests.Session) -> None:
    url = site.put("/", Page(body=b"{}", headers={"Set-Cookie": "a=b"}))
    session.get(url)
    session.get(url)
    assert "Cookie" not in site.asked[1].headers


def test_uploads_more_than_fits_into_one_packet(site: Website, session: requests.Session) -> None:
    picture = bytes(range(256)) * 16_000
    assert session.post(site.put("/", Page(body=b"{}")), files={"media": ("a.png", picture)}).ok
    assert picture in site.asked[0].body


def test_loads_no_certificates_for_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls_files(tmp_path)[0]))
    wire = Wire(allow_private=True, user_agent="test")
    loads: list[str] = []
    for name in ("load_verify_locations", "load_default_certs", "set_default_verify_paths"):
        monkeypatch.setattr(ssl.SSLContext, name, lambda *_, name=name, **__: loads.append(name))
    with Website(tls=tls_files(tmp_path)) as site:
        site.put("/", Page(body=b"{}"))
        for host in ("127.0.0.1", "localhost"):
            with wire.session() as session:
                assert session.post(site.url("/", host), json={}).ok
                assert session.get(site.url("/", host), verify=str(tmp_path / "certificate.pem")).ok
    assert loads == []
