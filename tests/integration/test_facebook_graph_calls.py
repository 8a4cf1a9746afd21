"""facebook-sdk brought up to date: every helper, where the token goes, and what counts as a failure."""

import hashlib
import hmac
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from canned import BE_LATE, CannedServer, assert_no_secret, reply, unused_url
from clients import IMPATIENT
from fakes import FakeClock
from spotlight_notify.networks.facebook.errors import facebook_evidence
from spotlight_notify.networks.facebook.graph import GRAPH_VERSION, GraphFailure, PageGraph
from spotlight_notify.networks.failures import error_for
from spotlight_notify.networks.redaction import Redactor
from spotlight_notify.wire.wire import Wire

TOKEN = "EAABpageToken0123456789"
APP_SECRET = "app-secret-0123456789abcdef"
PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
OWN = {"access_token": TOKEN, "appsecret_proof": PROOF}


@pytest.fixture
def graph(wire: Wire, server: CannedServer) -> PageGraph:
    return PageGraph(wire.session(), TOKEN, app_secret=APP_SECRET, base_url=server.url + "/g/")


def query(path: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(path).query).items()}


def test_reads_carry_the_token_and_its_proof_in_the_query(graph: PageGraph, server: CannedServer) -> None:
    server.script = [reply(200, {"data": []}, facebook_api_version="v27.0")]
    assert graph.get_connections("1", "published_posts", limit=25, fields="id") == {"data": []}
    [asked] = server.asked
    assert asked.method == "GET"
    assert asked.path.startswith(f"/g/{GRAPH_VERSION}/1/published_posts?")
    assert query(asked.path) == {"limit": "25", "fields": "id", **OWN}
    assert graph.headers["facebook-api-version"] == "v27.0"


def test_a_post_without_arguments_carries_the_token_in_its_body_too(
    graph: PageGraph, server: CannedServer
) -> None:
    server.script = [reply(200, {"success": True})]
    assert graph.request("v26.0/1", post_args={}) == {"success": True}
    assert server.paths() == ["/g/v26.0/1"]
    assert query("?" + server.asked[0].body.decode()) == OWN


def test_a_deletion_carries_the_token_in_the_query(graph: PageGraph, server: CannedServer) -> None:
    server.script = [reply(200, {"success": True})]
    graph.delete_object("1_2")
    assert (server.asked[0].method, query(server.asked[0].path)) == ("DELETE", OWN)


def test_a_call_with_a_token_of_its_own_gets_neither_ours_nor_a_proof(
    graph: PageGraph, server: CannedServer
) -> None:
    server.script = [reply(200, {"data": {"is_valid": True}})]
    graph.debug_access_token(TOKEN, "55", APP_SECRET)
    assert query(server.asked[0].path) == {"input_token": TOKEN, "access_token": f"55|{APP_SECRET}"}


def test_values_go_out_as_graph_reads_them(graph: PageGraph, server: CannedServer) -> None:
    server.script = [reply(200, {"id": "1"})]
    graph.put_object("1", "feed", published=False, hidden=None, media=[{"a": "ü"}], target={"x": 1}, n=3)
    assert query("?" + server.asked[0].body.decode()) == {
        "published": "false",
        "media": '[{"a": "\\u00fc"}]',
        "target": '{"x": 1}',
        "n": "3",
        **OWN,
    }


def test_a_failure_tells_all_that_the_sdk_hides(graph: PageGraph, server: CannedServer) -> None:
    error = {
        "message": "Words",
        "type": "OAuthException",
        "code": 190,
        "error_subcode": 460,
        "is_transient": True,
        "fbtrace_id": "Trace1",
    }
    server.script = [reply(401, {"error": error}, retry_after="5")]
    with pytest.raises(GraphFailure) as caught:
        graph.get_object("me")
    failure = caught.value
    assert (failure.status, failure.code, failure.subcode) == (401, 190, 460)
    assert (failure.is_transient, failure.fbtrace_id, failure.headers["retry-after"]) == (True, "Trace1", "5")
    assert (failure.message, failure.type, str(failure)) == ("Words", "OAuthException", "Words")
    assert graph.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    "answer",
    [
        reply(429, {"message": "no error key"}),
        reply(500, {"id": "1"}),
        reply(302, {"id": "1"}, location="/elsewhere"),
        reply(200, b""),
        reply(200, [1]),
        reply(200, b"<html>", content_type="text/html"),
    ],
)
def test_what_the_sdk_takes_for_success_or_stumbles_over_is_a_failure(
    graph: PageGraph, server: CannedServer, answer: bytes
) -> None:
    server.script = [answer]
    with pytest.raises(GraphFailure) as caught:
        graph.put_object("1", "feed", message="x")
    assert caught.value.code is None
    assert len(server.asked) == 1


def test_a_lost_read_shows_no_token_once_it_is_told(server: CannedServer, wire: Wire) -> None:
    graph = PageGraph(wire.session(read=IMPATIENT), TOKEN, app_secret=APP_SECRET, base_url=server.url + "/g/")
    server.script = [BE_LATE]
    with unused_url() as url:
        for broken in (graph, PageGraph(wire.session(), TOKEN, base_url=url)):
            with pytest.raises(requests.RequestException) as caught:
                broken.get_object("me")
            now = FakeClock()()
            told = error_for(
                facebook_evidence(caught.value, now), caught.value, redactor=Redactor([TOKEN, PROOF]), now=now
            )
            assert_no_secret(told, [TOKEN, PROOF])


def test_debug_logging_of_reads_shows_no_token(
    graph: PageGraph, server: CannedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [reply(200, {"id": "1"})]
    graph.get_object("me")
    assert TOKEN not in caplog.text


def test_the_causes_of_requests_itself_would_show_the_token_and_are_dropped() -> None:
    with unused_url() as url:
        graph = PageGraph(requests.Session(), TOKEN, base_url=url)
        with pytest.raises(requests.ConnectionError) as caught:
            graph.get_object("me")
    assert TOKEN in "".join(traceback.format_exception(caught.value))
    now = FakeClock()()
    told = error_for(facebook_evidence(caught.value, now), caught.value, redactor=Redactor([TOKEN]), now=now)
    assert_no_secret(told, [TOKEN])
    assert told.may_be_public


def test_the_sdk_is_compiled_and_imported_without_a_warning(tmp_path: Path) -> None:
    """On a machine where nothing is compiled yet, Python warns of the SDK's source."""
    command = [sys.executable, "-W", "error", "-c", "import spotlight_notify.networks.facebook.graph"]
    subprocess.run(command, env={**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}, check=True)
