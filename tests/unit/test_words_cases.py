"""What becomes of entries as offices write them: the post on X, and whether a person is asked first."""

import pytest

from builders import CAMPAIGN, aid
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Access, Kind, Level
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.networks.x.traits import X
from spotlight_notify.posts.rendering.posts import render
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.rules.lint.linter import lint
from spotlight_notify.sources.feed.fields import title_and_summary

TEMPLATES = packaged_templates(NETWORKS)
THEME = "Defusing Difficult Encounters"
WHOLE = [
    (
        "w02",
        "Bridge Closed",
        "<p>SAMPLE COUNTY, Ore. (Nov. 2, 2026) – Deputies closed it today.</p>",
        "Deputies closed it today.",
    ),
    (
        "w06",
        "Food Safety",
        "<p>PORTLAND, Ore.—Three people tested positive for E. coli after eating cheese.</p>",
        "Three people tested positive for E. coli after eating cheese.",
    ),
    (
        "w09",
        "District Wins",
        "<p>Good afternoon,</p><p>Please see the attached release.</p><p>Thanks</p>",
        "",
    ),
    ("w10", "Center Opens (Photo)", "<p>The center opened today.</p>", "The center opened today."),
    (
        "w11",
        "Person Found",
        "<p>UPDATE</p><ul><li>*</li></ul><p>Name: A. Sample<br>Age: 32<br>Hair: Brown</p>",
        "",
    ),
    (
        "w15",
        "Public Meeting",
        "<p>Join us online.</p><p>Meeting ID: 161 000 0000</p><p>Passcode: 371000</p>",
        "Join us online.",
    ),
    (
        "w16",
        "New Posters",
        '<figure><img src="a.png"><figcaption>Photo by J. Doe/Sample PD</figcaption></figure><p>Three'
        " posters are ready.</p>",
        "Three posters are ready.",
    ),
    (
        "w17",
        "New Posters",
        '<p>Three posters are ready.</p><div class="sharedaddy"><h3>Share'
        " this:</h3><ul><li>Facebook</li></ul></div>",
        "Three posters are ready.",
    ),
    (
        "w18",
        "Slow It Down",
        "<p>Time is an officer&#8217;s best tool of all. Here is how [&hellip;]</p>",
        "Time is an officer’s best tool of all.",
    ),
    (
        "w19",
        "Roll Call Video",
        "<span>Roll Call Video</span><span><span>jdoe</span></span><span>Mon, 11/30/2026 -"
        " 10:00</span><div>A five-minute video.</div>",
        "A five-minute video.",
    ),
    (
        "w23",
        "Belt Study",
        '<div class="ExternalClass0A1"><p>\u200b\u200bA study of 200 belts.&#160;</p></div>',
        "A study of 200 belts.",
    ),
    (
        "x01",
        "Roll Call Video",
        '<span class="field field--name-uid"><span about="/user/12">jdoe</span></span><div class="field'
        ' field--name-body">A five-minute video.</div>',
        "A five-minute video.",
    ),
    (
        "x04",
        "New Guide",
        '<p>The guide has five talks.</p><p><a href="x">Read the full news release</a></p><p>###</p>',
        "The guide has five talks.",
    ),
    (
        "x07",
        "Training in W.Va.",
        "<p>The class in Charleston, W.Va., is free.</p>",
        "The class in Charleston, W. Va., is free.",
    ),
    ("x09", "Bulletin No. 5", "<p>See No. 5 for details.</p>", "See No. 5 for details."),
    (
        "x11",
        "Watch It",
        "<p>Video: https://vimeo.com/11?share=copy&amp;fl=sv</p><p>Deputies made five arrests.</p>",
        "Deputies made five arrests.",
    ),
]
ASKED = [
    (
        "w04",
        "Annual Report",
        "<p>EMBARGOED UNTIL 10 A.M. DECEMBER 9, 2026</p><p>The report counts deaths.</p>",
        "stop-words",
    ),
    (
        "w05",
        "Podcasts on Calm",
        "You are currently not signed in. To view available podcasts, sign in to your VALOR account.",
        "says-nothing",
    ),
    ("x15", "Traffic Stops", "<p>This webinar is canceled.</p>", "stop-words"),
    ("x16", "TEST - please ignore", "<p>Lorem ipsum dolor sit amet.</p>", "stop-words"),
    ("x17", "[DRAFT] New Poster - do not publish", "<p>Draft for review by legal.</p>", "stop-words"),
    ("x18", "Bulletin", "<p>UNCLASSIFIED//FOR OFFICIAL USE ONLY</p>", "stop-words"),
    ("contact in a title", "Call Pat Doe at 202-555-0147", "", "contact-details"),
]


def written(
    title: str, html: str, kind: Kind = Kind.ARTICLE, theme: str | None = None
) -> tuple[Post, set[str]]:
    """Return the post that a feed's entry gets on X, and the rules whose errors stop it."""
    read, summary = title_and_summary(title, html)
    one = aid(title=read, summary=summary, kind=kind, theme=theme, link="https://valor.test/k/1")
    post = render(TEMPLATES, {}, one, CAMPAIGN, X)
    return post, {each.rule for each in lint(one, post, CAMPAIGN, X) if each.level is Level.ERROR}


def summary_in(post: Post) -> str:
    """Return what stands between a post's title and its link."""
    return post.text.partition("\n\n")[2].rpartition(post.link)[0].rpartition("\n")[0].strip()


@pytest.mark.parametrize(("case", "title", "html", "summary"), WHOLE, ids=[case[0] for case in WHOLE])
def test_an_entry_says_what_it_says_and_no_more(case: str, title: str, html: str, summary: str) -> None:
    post, errors = written(title, html)
    assert (summary_in(post), errors) == (summary, set())


@pytest.mark.parametrize(("case", "title", "html", "rule"), ASKED, ids=[case[0] for case in ASKED])
def test_a_person_is_asked(case: str, title: str, html: str, rule: str) -> None:
    assert rule in written(title, html)[1]


def test_a_webinars_first_sentence_is_whole_or_the_second_stands_there() -> None:
    """Words w07."""
    html = (
        "<p>Join Lt. James Ortiz of the Mesa, AZ, Police Department and Dr. Ann Lee on Wednesday,"
        " December 9, 2026, "
        "from 2:00 p.m. to 3:30 p.m. ET, for a live talk on verbal de-escalation skills for patrol officers. "
        "You will learn three ways to slow an encounter down.</p>"
    )
    post, errors = written("Webinar: Words That Work", html, Kind.WEBINAR, THEME)
    assert "for a live talk on verbal de-escalation skills for patrol officers.\n" in post.text
    longer, _ = written("Webinar: Words That Work at Every Call", html, Kind.WEBINAR, THEME)
    assert "\n\nYou will learn three ways to slow an encounter down.\n\n" in longer.text
    assert not errors


def test_the_theme_gives_way_before_the_sentence_does() -> None:
    """Words w08."""
    sentence = (
        "This report summarizes the findings of the Police Executive Research Forum on research presented "
        "at a summit in Washington, DC, in 2012."
    )
    title = "Improving Police Response to Persons Affected by Mental Illness"
    post, _ = written(title, f"<p>{sentence}</p>", Kind.PUBLICATION, THEME)
    assert (sentence in post.text, "Theme" in post.text) == (True, False)


def test_a_long_quotation_is_never_broken_off() -> None:
    """Words w25."""
    quotation = (
        "“We slow down, " + "we listen, and we give people a way out, " * 6 + "each day,” the chief said."
    )
    assert summary_in(written("Chief: “We Slow Down”", f"<p>{quotation}</p>")[0]) == ""


def test_a_room_and_a_time_end_where_they_end() -> None:
    """Words x08."""
    html = (
        "<p>The class starts at 9 a.m. Monday in Room B. Bring water and your ID card, and please tell"
        " the desk if "
        "you need an interpreter, a ramp, a quiet room, large print, or any other help at least five"
        " days before.</p>"
    )
    assert summary_in(written("Class Starts", html)[0]) == "The class starts at 9 a.m. Monday in Room B."


def test_sign_in_is_read_from_words_and_said_once() -> None:
    """Words x13."""
    one = aid(
        title="Podcast (Sign In Required): Slowing It Down",
        summary="Log in to listen.",
        kind=Kind.PODCAST,
        access=Access.SIGN_IN,
    )
    text = render(TEMPLATES, {}, one, CAMPAIGN, X).text
    assert text.startswith("[PODCAST] Slowing It Down\n\n[Sign-in required] Listen: ")


@pytest.mark.parametrize(
    ("case", "title", "summary", "rule"),
    [
        (
            "w14",
            "OFFICER SAFETY ALERT: NEW FENTANYL TEST STRIPS RECALLED BY MAKER",
            "Stop using lot 5.",
            "capitals",
        ),
        ("w22", "🚨 Winter Driving 🚨", "❄️ Slow down. ❄️ Leave room. ❄️", "emoji-many"),
    ],
)
def test_what_is_loud_goes_as_it_is_with_a_warning(case: str, title: str, summary: str, rule: str) -> None:
    told = aid(title=title, summary=summary)
    post = render(TEMPLATES, {}, told, CAMPAIGN, X)
    assert title in post.text, case
    levels = {each.rule: each.level for each in lint(told, post, CAMPAIGN, X)}
    assert levels[rule] is Level.WARNING, case
    assert Level.ERROR not in levels.values(), case
