"""Checking links against real servers: what goes out, what waits for a person, what is tried again."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fakes import FakeClock
from spotlight_notify.links import checker as link_checker
from spotlight_notify.links.checker import LinkChecker
from spotlight_notify.links.pages import PageReader
from spotlight_notify.model.errors import FetchError, LinkDoubtful
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.wire.wire import Wire
from website import Page, Website, tls_files

HOME = "https://valor.invalid"
LINK = f"{HOME}/aids/1"
HTML = {"Content-Type": "text/html"}
TITLE = b'<meta property="og:title" content="Stops">'
IMAGE = b'<meta property="og:image" content="/a.png">'
GOOD = Page(body=TITLE + IMAGE, headers=HTML)
HOUR = timedelta(hours=1)


@pytest.fixture
def wire(site: Website) -> Iterator[Wire]:
    place = f"127.0.0.1:{site.port}"
    domains = ("valor.invalid", "elsewhere.invalid", "notvalor.invalid", "bit.ly", "t.co")
    opened = Wire(allow_private=True, user_agent="test", reroute=dict.fromkeys(domains, place))
    yield opened
    opened.close()


@pytest.fixture
def checker(wire: Wire, clock: FakeClock) -> LinkChecker:
    return make(wire, clock)


def make(wire: Wire, clock: FakeClock, *domains: str) -> LinkChecker:
    return LinkChecker(PageReader(wire).read, domains=domains, cached_for=HOUR, clock=clock)


def leads_to(location: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": location})


def found(checker: LinkChecker, url: str = LINK, network: Network = X) -> dict[str, Finding]:
    findings = checker.check(url, network)
    assert all(finding.level is Level.WARNING and "\n" not in finding.message for finding in findings)
    return {finding.rule: finding for finding in findings}


def doubt(checker: LinkChecker, url: str = LINK) -> str:
    with pytest.raises(LinkDoubtful) as caught:
        checker.check(url, X)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def put(site: Website, *pages: Page) -> None:
    site.put("/aids/1", *pages)


# --- how the page answers


@pytest.mark.parametrize(
    "page", [GOOD, Page(headers={"Content-Type": "application/pdf"}), Page(status=204), Page(body=b"x")]
)
def test_nothing_is_wrong_with_a_page_that_is_there(site: Website, checker: LinkChecker, page: Page) -> None:
    put(site, page)
    assert checker.check(LINK, FACEBOOK) == checker.check(LINK, X) == ()


@pytest.mark.parametrize("status", [302, 304, 400, 402, 404, 409, 410, 418, 422, 451])
def test_a_page_that_is_not_there_waits_for_a_person(
    site: Website, checker: LinkChecker, status: int
) -> None:
    put(site, Page(status=status))
    said = doubt(checker)
    assert said.startswith(f"the link {LINK} answers {status}: mend it at its source")
    assert "retry the delivery" in said


@pytest.mark.parametrize("status", [401, 403, 405, 406, 407, 429, 999])
def test_a_site_that_refuses_programs_is_passed_with_a_warning(
    site: Website, checker: LinkChecker, status: int
) -> None:
    put(site, Page(status=status, headers=HTML))
    warnings = found(checker)
    assert set(warnings) == {"link-unchecked"}
    assert f"{LINK} answers programs with {status}" in warnings["link-unchecked"].message


def test_a_challenge_is_passed_with_a_warning(site: Website, checker: LinkChecker) -> None:
    put(site, Page(status=503, headers={"cf-mitigated": "challenge"}))
    assert set(found(checker)) == {"link-unchecked"}


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 521])
def test_a_site_in_trouble_is_asked_again_later(site: Website, checker: LinkChecker, status: int) -> None:
    put(site, Page(status=status))
    with pytest.raises(FetchError) as caught:
        checker.check(LINK, X)
    assert str(caught.value) == f"{LINK}: the page answers {status}"
    assert caught.value.sent


def test_a_site_that_does_not_answer_is_asked_again_later(
    site: Website, checker: LinkChecker, clock: FakeClock
) -> None:
    put(site, Page(raw=lambda out, closing: None))
    with pytest.raises(FetchError, match="the connection broke"):
        checker.check(LINK, X)
    with pytest.raises(FetchError, match="cannot be resolved"):
        checker.check("https://no-such-name.invalid/", X)
    nowhere = Wire(allow_private=True, user_agent="test", reroute={"valor.invalid": "127.0.0.1:1"})
    with pytest.raises(FetchError, match=r"valor\.invalid refuses the connection") as caught:
        make(nowhere, clock).check(LINK, X)
    assert not caught.value.sent


def test_what_would_be_refused_again_waits_for_a_person(
    site: Website, checker: LinkChecker, clock: FakeClock, tmp_path: Path
) -> None:
    assert "only absolute http and https addresses" in doubt(checker, "mailto:office@valor.invalid")
    put(site, leads_to("/aids/1"))
    assert "more than 5 redirects" in doubt(checker)
    careful = Wire(allow_private=False, user_agent="test")
    said = doubt(make(careful, clock), site.url("/"))
    assert "cannot be checked: its host has no public address; mend it at its source" in said
    assert said.count("127.0.0.1") == 1
    with Website(tls=tls_files(tmp_path)) as stranger:
        assert "cannot be trusted" in doubt(checker, stranger.url("/"))


# --- where the link leads


@pytest.mark.parametrize("host", ["valor.invalid", "www.valor.invalid", "VALOR.invalid", "valor.invalid."])
def test_a_link_may_lead_below_its_domains(site: Website, wire: Wire, clock: FakeClock, host: str) -> None:
    put(site, GOOD)
    allowing = make(wire, clock, "elsewhere.invalid", "valor.invalid")
    assert allowing.check(f"https://{host}/aids/1", X) == ()


@pytest.mark.parametrize("host", ["elsewhere.invalid", "notvalor.invalid", "valor.invalid.elsewhere.invalid"])
def test_a_link_to_another_domain_is_not_even_asked(
    site: Website, wire: Wire, clock: FakeClock, host: str
) -> None:
    said = doubt(make(wire, clock, "valor.invalid"), f"https://{host}/aids/1")
    assert said.startswith(f"the link https://{host}/aids/1 is not on an allowed domain")
    assert f"add {host} to domains in [links]" in said
    assert site.asked == []


def test_a_link_that_is_led_to_another_domain_waits_for_a_person(
    site: Website, wire: Wire, clock: FakeClock
) -> None:
    put(site, leads_to("https://elsewhere.invalid/page?token=hidden"))
    site.put("/page?token=hidden", GOOD)
    said = doubt(make(wire, clock, "valor.invalid"))
    assert f"the link {LINK} leads to https://elsewhere.invalid/page, which is not on an allowed" in said
    assert "hidden" not in said
    assert make(wire, clock).check(LINK, X) == ()


@pytest.mark.parametrize("link", ["https://bit.ly/x", "https://T.co/x", "http://www.bit.ly./x"])
def test_a_link_shortener_is_never_asked(site: Website, wire: Wire, clock: FakeClock, link: str) -> None:
    for domains in ((), ("bit.ly", "t.co")):
        assert "link shortener" in doubt(make(wire, clock, *domains), link)
    assert site.asked == []


def test_a_link_is_not_led_to_a_link_shortener(site: Website, checker: LinkChecker) -> None:
    put(site, leads_to("https://bit.ly/x"))
    site.put("/x", GOOD)
    said = doubt(checker)
    assert f"the link {LINK} leads to https://bit.ly/x, which belongs to the link shortener bit.ly" in said


def test_a_link_is_not_led_out_of_encryption(site: Website, checker: LinkChecker) -> None:
    put(site, leads_to("http://valor.invalid/plain"))
    site.put("/plain", GOOD)
    assert "begins with https and leads to http://valor.invalid/plain, which is not encrypted" in doubt(
        checker
    )


def test_a_link_does_not_pass_through_the_clear(site: Website, checker: LinkChecker) -> None:
    put(site, leads_to("http://valor.invalid/plain"))
    site.put("/plain", leads_to(f"{HOME}/end"))
    site.put("/end", GOOD)
    assert "begins with https and leads through http://valor.invalid/plain, which is not" in doubt(checker)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("https://elsewhere.invalid/hop", "which is not on an allowed domain"),
        ("https://bit.ly/hop", "which belongs to the link shortener bit.ly"),
    ],
)
@pytest.mark.parametrize("status", [200, 503])
def test_a_link_passes_through_no_place_where_it_may_not_lead(
    site: Website, wire: Wire, clock: FakeClock, place: str, said: str, status: int
) -> None:
    put(site, leads_to(place))
    site.put("/hop", leads_to(f"{HOME}/end"))
    site.put("/end", Page(status=status, body=GOOD.body, headers=HTML))
    assert f"the link {LINK} leads through {place}, {said}" in doubt(make(wire, clock, "valor.invalid"))


def test_a_link_does_not_come_back_to_itself_by_way_of_a_stranger(
    site: Website, wire: Wire, clock: FakeClock
) -> None:
    put(site, leads_to("https://elsewhere.invalid/hop"), GOOD)
    site.put("/hop", leads_to(LINK))
    assert "leads through https://elsewhere.invalid/hop" in doubt(make(wire, clock, "valor.invalid"))


def test_a_link_may_be_led_into_encryption_or_begin_without(site: Website, checker: LinkChecker) -> None:
    put(site, GOOD)
    site.put("/up", leads_to(LINK))
    assert checker.check("http://valor.invalid/up", X) == ()
    assert checker.check("http://valor.invalid/aids/1", X) == ()


def test_a_page_behind_a_sign_in_is_fine(site: Website, wire: Wire, clock: FakeClock) -> None:
    put(site, leads_to("https://login.valor.invalid/?next=%2Faids%2F1"))
    site.put("/?next=%2Faids%2F1", GOOD)
    assert make(wire, clock, "valor.invalid").check(LINK, X) == ()


@pytest.mark.parametrize("front", ["/", "/index.html", "/en/", "/en-us/home", "/Default.aspx"])
def test_a_link_that_ends_at_the_front_page_is_noted(site: Website, checker: LinkChecker, front: str) -> None:
    put(site, leads_to(front))
    site.put(front, GOOD)
    warnings = found(checker)
    assert set(warnings) == {"link-front-page"}
    assert f"the front page {HOME}{front}" in warnings["link-front-page"].message
    assert found(checker, HOME + front) == {}


@pytest.mark.parametrize("end", ["/aids/1/", "/aids/", "/?p=12", "/english"])
def test_other_redirects_are_not_noted(site: Website, checker: LinkChecker, end: str) -> None:
    put(site, leads_to(end))
    site.put(end, GOOD)
    assert found(checker) == {}


@pytest.mark.parametrize("fragment", ["", "#/aids/1"])
def test_a_front_page_asked_for_is_not_noted(site: Website, checker: LinkChecker, fragment: str) -> None:
    site.put("/", leads_to("/en/"))
    site.put("/en/", GOOD)
    assert found(checker, f"{HOME}/{fragment}") == {}


def test_a_sign_in_on_the_front_page_is_not_noted(site: Website, checker: LinkChecker) -> None:
    put(site, leads_to("/#/login"))
    site.put("/", GOOD)
    assert found(checker) == {}


# --- the card


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (TITLE, {"card-image"}),
        (IMAGE, {"card-title"}),
        (b"<title>Stops</title>", {"card-title", "card-image"}),
    ],
)
def test_notes_what_a_card_lacks(
    site: Website, checker: LinkChecker, network: Network, body: bytes, missing: set[str]
) -> None:
    put(site, Page(body=body, headers=HTML))
    warnings = found(checker, network=network)
    assert set(warnings) == missing
    for warning in warnings.values():
        assert warning.source == "developers.facebook.com/docs/sharing/webmasters"
        assert ("Facebook" if network is FACEBOOK else "X ") in warning.message


# --- answers are believed for a while


def test_a_good_answer_is_believed_as_long_as_told(
    site: Website, checker: LinkChecker, clock: FakeClock
) -> None:
    put(site, GOOD)
    for network in (X, FACEBOOK, X):
        assert checker.check(LINK, network) == ()
        clock.advance(timedelta(minutes=29))
    assert len(site.asked) == 1
    put(site, Page(status=404))
    doubt(checker)


@pytest.mark.parametrize(
    "page", [Page(status=404), Page(status=503), Page(status=403), Page(raw=lambda out, closing: None)]
)
def test_any_other_answer_is_believed_for_a_minute(
    site: Website, checker: LinkChecker, clock: FakeClock, page: Page
) -> None:
    put(site, page, GOOD)
    first, second = outcome(checker), outcome(checker)
    assert first == second != ()
    assert len(site.asked) == 1
    clock.advance(timedelta(seconds=60))
    assert outcome(checker) == ()


def outcome(checker: LinkChecker) -> object:
    try:
        return checker.check(LINK, X)
    except (FetchError, LinkDoubtful) as error:
        return type(error), str(error)


def test_links_are_told_apart(site: Website, checker: LinkChecker) -> None:
    put(site, GOOD)
    site.put("/aids/1?id=2", Page(status=404))
    assert checker.check(LINK, X) == ()
    doubt(checker, f"{LINK}?id=2")


def test_keeps_a_bounded_number_of_answers(
    site: Website, checker: LinkChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_checker, "MAX_KEPT", 2)
    for path in "abca":
        checker.check(site.put(f"/{path}", GOOD), X)
    checker.check(site.url("/c"), X)
    assert [asked.path for asked in site.asked] == ["/a", "/b", "/c", "/a"]


def test_many_threads_may_check_at_once(site: Website, checker: LinkChecker) -> None:
    links = [site.put(f"/{number}", Page(body=TITLE, headers=HTML)) for number in range(5)]
    rules: list[str] = []
    threads = [
        threading.Thread(target=lambda: rules.extend(rule for link in links for rule in found(checker, link)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rules == ["card-image"] * 40
