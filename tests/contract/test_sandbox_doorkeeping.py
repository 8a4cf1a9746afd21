"""The sandbox answers to its own names alone, and changes nothing for another site's page."""

import http.client
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from spotlight_notify.sandbox.server import Sandbox

FORM = "application/x-www-form-urlencoded"


def ask(sandbox: Sandbox, method: str, path: str, body: str = "", **headers: str) -> int:
    """Send one request with exactly these headers (underscores are hyphens); returns its status."""
    port = urlsplit(sandbox.url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    given = {"host": f"127.0.0.1:{port}", "content_type": FORM} | headers
    for name, value in given.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body.encode())
    status = connection.getresponse().status
    connection.close()
    return status


def of(sandbox: Sandbox, name: str) -> str:
    return f"{name}:{urlsplit(sandbox.url).port}"


SCRIPT = urlencode({"text": "x publish: 429"})
CROSS_SITE = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://127.0.0.1"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
]


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_promise_19_a_cross_site_form_changes_nothing_at_the_fault_desk(
    sandbox: Sandbox, headers: dict[str, str]
) -> None:
    assert ask(sandbox, "POST", "/faults", SCRIPT, **headers) == 403
    assert sandbox.x.faults.waiting == ()
    assert ask(sandbox, "POST", "/faults", SCRIPT) == 200
    assert ask(sandbox, "POST", "/faults/clear", **headers) == 403
    assert len(sandbox.x.faults.waiting) == 1


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_promise_19_a_cross_site_form_publishes_nothing_on_site_or_networks(
    sandbox: Sandbox, headers: dict[str, str]
) -> None:
    out = len(sandbox.site.aids)
    assert ask(sandbox, "POST", "/site/publish", "title=Ours", **headers) == 403
    assert ask(sandbox, "POST", "/publish", "title=Ours", host=sandbox.home, **headers) == 403
    words = urlencode({"message": "Ours", "access_token": sandbox.graph.page.access_token})
    assert ask(sandbox, "POST", f"/graph/v26.0/{sandbox.page_id}/feed", words, **headers) == 403
    assert ask(sandbox, "DELETE", "/x/2/tweets/1", **headers) == 403
    assert (len(sandbox.site.aids), sandbox.graph.history, sandbox.journal.exchanges) == (out, (), ())


@pytest.mark.parametrize("path", ["/", "/faults", "/posts.json", "/received.json", "/site/", "/x/2/users/me"])
@pytest.mark.parametrize("name", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", ""])
def test_promise_19_a_strange_host_is_answered_by_nothing(sandbox: Sandbox, path: str, name: str) -> None:
    host = name.format(port=urlsplit(sandbox.url).port)
    assert ask(sandbox, "GET", path, host=host) == 421
    assert ask(sandbox, "POST", path, SCRIPT, host=host, origin=f"http://{host}") == 421
    assert (sandbox.x.faults.waiting, sandbox.journal.exchanges) == ((), ())


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_promise_19_the_sandboxs_own_pages_and_programs_pass(sandbox: Sandbox, name: str) -> None:
    host = of(sandbox, name)
    assert ask(sandbox, "GET", "/faults", host=host, sec_fetch_site="cross-site") == 200
    for said in (
        {},
        {"origin": f"http://{host}", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ):
        assert ask(sandbox, "POST", "/faults", SCRIPT, host=host, **said) == 200
    assert len(sandbox.x.faults.waiting) == 3


def test_promise_19_pages_with_forms_let_browsers_name_their_origin(sandbox: Sandbox) -> None:
    for path in ("/faults", "/site/"):
        page = requests.get(sandbox.url + path, headers={"Accept": "text/html"}, timeout=60)
        assert "<form" in page.text
        assert page.headers["referrer-policy"] == "same-origin"


def test_promise_19_the_site_answers_to_its_own_name(sandbox: Sandbox) -> None:
    for host in (sandbox.home, of(sandbox, sandbox.home)):
        assert ask(sandbox, "GET", "/", host=host) == 200
        assert ask(sandbox, "GET", "/faults.json", host=host) == 404
