"""Faults happen on the wire as they do in life, and what was live by then stays live."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import requests
from requests_oauthlib import OAuth1

from fakes import FakeClock
from processes import until
from spotlight_notify.sandbox.faults import DONE, LIVE, MEANINGS, Fault, Step
from spotlight_notify.sandbox.server import Sandbox

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SILENT = {Fault.LOST_ANSWER, Fault.LATE_ANSWER, Fault.RESET_BEFORE, Fault.RESET_AFTER}


def tweet(sandbox: Sandbox, text: str = "A post", timeout: float = 60) -> requests.Response:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    url = f"{sandbox.x_url}/2/tweets"
    return requests.post(url, json={"text": text}, auth=auth, timeout=timeout, allow_redirects=False)


def page_post(sandbox: Sandbox, timeout: float = 60, **arguments: str) -> requests.Response:
    data = {"message": "A post", "access_token": sandbox.graph.page.access_token, **arguments}
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/feed"
    return requests.post(url, data=data, timeout=timeout, allow_redirects=False)


def test_a_lost_answer_closes_the_connection_after_the_post_is_live(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("lost-answer")
    sandbox.graph.faults.add("lost-answer")
    with pytest.raises(requests.ConnectionError, match="without response"):
        tweet(sandbox)
    with pytest.raises(requests.ConnectionError, match="without response"):
        page_post(sandbox)
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)
    assert tweet(sandbox, "the next one is fine").status_code == 201


def test_a_reset_before_leaves_nothing_live(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("reset-before")
    sandbox.graph.faults.add("reset-before")
    with pytest.raises(requests.ConnectionError, match="reset"):
        tweet(sandbox)
    with pytest.raises(requests.ConnectionError, match="reset"):
        page_post(sandbox)
    assert (sandbox.x.posts, sandbox.graph.posts) == ((), ())


def test_a_reset_after_cuts_the_connection_when_the_post_is_live(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("reset-after")
    sandbox.graph.faults.add("reset-after")
    with pytest.raises(requests.ConnectionError, match="reset"):
        tweet(sandbox)
    with pytest.raises(requests.ConnectionError, match="reset"):
        page_post(sandbox)
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)


def test_a_lost_answer_is_told_as_a_duplicate_the_second_time(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("lost-answer")
    sandbox.graph.faults.add("reset-after")
    for send in (tweet, page_post):
        with pytest.raises(requests.ConnectionError):
            send(sandbox)
    assert tweet(sandbox).status_code == 403
    assert page_post(sandbox).json()["error"]["code"] == 506
    assert (len(sandbox.x.posts), len(sandbox.graph.posts)) == (1, 1)


def test_a_late_answer_outlasts_the_client_while_the_post_is_live(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("late-answer")
    with pytest.raises(requests.ReadTimeout):
        tweet(sandbox, timeout=0.2)
    until(lambda: len(sandbox.x.posts) == 1)
    assert tweet(sandbox, "meanwhile others are served").status_code == 201


def test_a_slow_answer_is_true_and_comes_after_the_post_is_live(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("slow-answer")
    with pytest.raises(requests.ReadTimeout):
        tweet(sandbox, timeout=0.2)
    until(lambda: len(sandbox.x.posts) == 1)
    sandbox.graph.faults.add("slow-answer")
    assert page_post(sandbox).json()["id"] == sandbox.graph.posts[0].id


@pytest.mark.parametrize("fault", sorted(set(Fault) - SILENT - {Fault.SLOW_ANSWER}))
def test_every_fault_that_answers_is_live_or_not_as_its_kind_says(sandbox: Sandbox, fault: Fault) -> None:
    sandbox.x.faults.add(fault)
    sandbox.graph.faults.add(fault)
    for answer, posts in ((tweet(sandbox), sandbox.x.posts), (page_post(sandbox), sandbox.graph.posts)):
        assert len(posts) == (1 if fault in DONE else 0)
        told = answer.json() if answer.content.endswith(b"}") else {}
        assert "id" not in told
        assert "data" not in told
    assert [exchange.fault for exchange in sandbox.journal.exchanges] == [fault, fault]
    assert [exchange.made_public for exchange in sandbox.journal.exchanges] == [fault in DONE] * 2


def test_every_fault_says_what_it_means_and_whether_the_work_is_done() -> None:
    assert set(MEANINGS) == set(Fault)
    assert {fault for fault, meaning in MEANINGS.items() if meaning.startswith("done, ")} == DONE
    assert LIVE < DONE


def test_what_was_truly_done_is_kept_beside_what_the_client_was_told(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("500-live", times=2)
    tweet(sandbox)
    tweet(sandbox)
    live, refused = sandbox.journal.exchanges
    for exchange in (live, refused):
        assert exchange.answer is not None
        assert exchange.answer.status == 500
    assert live.done is not None
    assert sandbox.x.posts[0].id.encode() in live.done.body
    assert refused.done is not None
    assert refused.done.status == 403
    assert (live.made_public, refused.made_public) == (True, False)


@pytest.mark.parametrize(
    ("fault", "status", "detail"),
    [
        ("500-live", 500, "Internal Server Error"),
        ("429-no-reset", 429, "Too Many Requests"),
        ("402", 402, "Your enrolled account does not have any credits to fulfill this request."),
        ("403-duplicate", 403, "You are not allowed to create a Tweet with duplicate content."),
        ("dead-token", 401, "Unauthorized"),
        ("missing-permission", 403, "You are not permitted to perform this action."),
    ],
)
def test_x_tells_its_troubles_in_its_own_words(
    sandbox: Sandbox, fault: str, status: int, detail: str
) -> None:
    sandbox.x.faults.add(fault)
    answer = tweet(sandbox)
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)
    assert "x-rate-limit-reset" not in answer.headers


@pytest.mark.parametrize(
    ("fault", "status", "code", "subcode"),
    [
        ("code-1-live", 500, 1, None),
        ("code-2-live", 500, 2, None),
        ("429-no-reset", 403, 4, None),
        ("403-duplicate", 400, 506, None),
        ("dead-token", 400, 190, 460),
        ("missing-permission", 403, 200, None),
        ("checkpoint", 400, 190, 459),
    ],
)
def test_graph_tells_its_troubles_in_its_own_envelope(
    sandbox: Sandbox, fault: str, status: int, code: int, subcode: int | None
) -> None:
    sandbox.graph.faults.add(fault)
    answer = page_post(sandbox)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (status, code, subcode)


def test_throttling_tells_when_it_ends(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("429")
    sandbox.graph.faults.add("429")
    reset = int((NOW + timedelta(minutes=15)).timestamp())
    assert tweet(sandbox).headers["x-rate-limit-reset"] == str(reset)
    usage = page_post(sandbox).headers["x-business-use-case-usage"]
    assert '"estimated_time_to_regain_access": 15' in usage


def test_a_redirect_leads_to_a_200_that_is_no_success(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("redirect")
    answer = tweet(sandbox)
    assert answer.status_code == 302
    assert requests.get(answer.headers["location"], timeout=60).status_code == 200


def test_faults_wait_for_their_step_and_are_used_up_in_order(sandbox: Sandbox) -> None:
    sandbox.graph.faults.add("code-1-live", times=2)
    sandbox.graph.faults.add("html-503")
    sandbox.graph.faults.add("429", on=Step.READ)
    assert page_post(sandbox, message="draft", published="false").status_code == 200
    statuses = [page_post(sandbox, message=f"{number}").status_code for number in range(4)]
    assert statuses == [500, 500, 503, 200]
    token = {"access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/published_posts"
    reads = [requests.get(url, params=token, timeout=60).status_code for _ in range(2)]
    assert reads == [403, 200]


def test_an_unknown_fault_is_refused_by_name(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="earthquake"):
        sandbox.x.faults.add("earthquake")


def test_the_sandbox_ends_although_a_client_still_waits() -> None:
    with Sandbox(FakeClock(NOW)) as sandbox:
        sandbox.x.faults.add("late-answer")
        errors: list[Exception] = []

        def wait() -> None:
            try:
                tweet(sandbox, timeout=30)
            except requests.RequestException as error:
                errors.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        while not sandbox.journal.exchanges:
            waiting.join(0.01)
    waiting.join(60)
    assert not waiting.is_alive()
    assert len(errors) == 1
