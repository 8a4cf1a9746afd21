"""What content management systems put round a text: its title again, who put it there, and when."""

import pytest

from spotlight_notify.sources.feed.words import title_and_summary
from spotlight_notify.text.boilerplate import without_bylines
from spotlight_notify.text.html import plain_text

TITLE, BODY = "Rest between shifts", "How officers rest between shifts."
FIELD = "field field--name-{name} field--type-string field--label-hidden"
DRUPAL_8 = (
    f'<span class="{FIELD.format(name="title")}">{TITLE}</span>\n'
    f'<span class="{FIELD.format(name="uid")}"><span>editor7</span></span>\n'
    f'<span class="{FIELD.format(name="created")}">Mon, 11/23/2026 - 10:00</span>\n'
)
DRUPAL_11 = (
    f'<span class="{FIELD.format(name="title")}">{TITLE}</span>\n\n'
    f'<span class="{FIELD.format(name="uid")}"><a title="View user profile." href="/user/7" class="username" '
    'about="/user/7" typeof="schema:Person" property="schema:name">jane.doe@safety.example</a></span>\n'
    f'<span class="{FIELD.format(name="created")}">'
    '<time datetime="2026-11-23T10:00:00-05:00" class="a">Monday, November 23, 2026 - 10:00</time></span>\n'
)
STARK = (
    f"<span>{TITLE}</span>\n\n<span><span>jane.doe@safety.example</span></span>\n\n"
    "<span>Mon, 11/23/2026 - 10:00</span>\n"
)
DRUPAL_7 = (
    '<div class="submitted">Submitted by <span class="username" xml:lang="" about="/users/editor7" '
    'typeof="sioc:UserAccount">editor7</span> on Mon, 11/23/2026 - 10:00</div>'
)
SHAREPOINT = (
    f"<div><b>Title:</b> {TITLE}</div><div><b>Body:</b> <div class=ExternalClass1><p>{BODY}</p></div></div>"
    "<div><b>Created By:</b> AGENCY\\editor7</div><div><b>Modified By:</b> editor7@safety.example</div>"
    "<div><b>Modified:</b> 11/23/2026 10:00 AM</div>"
)


@pytest.mark.parametrize("head", [DRUPAL_8, DRUPAL_11, STARK, DRUPAL_7], ids=["8", "11", "stark", "7"])
@pytest.mark.parametrize(
    "body",
    [
        f'<div class="clearfix text-formatted {FIELD.format(name="body")} field__item"><p>{BODY}</p></div>',
        '<div class="field field-name-body field-type-text-with-summary field-label-above">'
        f'<div class="field-label">Body:&nbsp;</div><div class="field-items"><p>{BODY}</p></div></div>',
        f"<div><p>{BODY}</p></div>",
    ],
    ids=["field--name", "field-name", "bare"],
)
def test_feeds_drupal_default_shows_the_body_alone(head: str, body: str) -> None:
    assert plain_text(head + body) == BODY
    assert title_and_summary(TITLE, head + body) == (TITLE, BODY)


def test_feeds_drupal_default_without_a_body_shows_neither_author_nor_date() -> None:
    other = f'<div class="{FIELD.format(name="field-teaser")}">{BODY}</div>'
    assert plain_text(DRUPAL_11 + other) == BODY
    assert plain_text(DRUPAL_11) == ""


def test_feeds_drupal_default_of_a_view_shows_the_body_alone() -> None:
    view = (
        f'<div class="views-field views-field-title"><a href="/8">{TITLE}</a></div>'
        '<div class="views-field views-field-name"><a href="/user/7">editor7</a></div>'
        f'<div class="views-field views-field-body"><p>{BODY}</p></div>'
    )
    assert plain_text(view) == BODY


@pytest.mark.parametrize(
    "head",
    [
        "Submitted by editor7 on Mon, 11/23/2026 - 10:00",
        "Submitted by jane.doe@safety.example on November 23, 2026 - 10:00am",
        "Submitted by Jane Doe",
        "Posted by editor7",
        "Posted by: editor7 | Nov 23, 2026",
        "By jane.doe@safety.example",
        "By editor7 | November 23, 2026",
        "Created by editor7",
        "Posted on November 23, 2026 by editor7",
        "Author: editor7",
        "Published by jane.doe@safety.example at 23 November 2026",
    ],
)
def test_feeds_drupal_default_submitted_by(head: str) -> None:
    assert plain_text(f"<p>{head}</p><p>{BODY}</p>") == BODY
    assert plain_text(f"<p>{BODY}</p><p>{head}</p>") == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Posted by jsmith@agency.gov on Nov 23.",
        "Published by jsmith on Monday",
        "Last modified 11/23/2026 10:02 by jsmith",
        "Edited by: jsmith; approved by: mjones",
        "Author: John Smith (jsmith)",
        "jsmith@agency.gov",
        "Enviado por jsmith el lun, 23/11/2026",
    ],
)
def test_feeds_drupal_default_lines_of_other_systems(line: str) -> None:
    assert without_bylines(f"{line}\nWear a belt.") == "Wear a belt."


def test_feeds_drupal_default_submitted_by_before_the_text_in_its_line() -> None:
    assert plain_text(f"Submitted by editor7 on Mon, 11/23/2026 - 10:00 {BODY}") == BODY


@pytest.mark.parametrize("text", [BODY, f"{BODY}\nThe end."])
@pytest.mark.parametrize("author", ["editor7", "Jane Doe", "jane.doe@safety.example"])
def test_feeds_drupal_default_lines_of_a_known_author(text: str, author: str) -> None:
    date = "Nov 23, 2026"
    lines = (
        f"by {author} on {date}",
        f"{author} | {date}",
        f"Posted by {author}, {date}",
        f"{author} – {date}",
    )
    for line in (author, f"By {author}", f"by {author.upper()}:", *lines):
        assert without_bylines(f"{line}\n{text}", ["", author]) == text
    assert title_and_summary(TITLE, f"<p>{author}</p><p>{BODY}</p>", authors=[author]) == (TITLE, BODY)


def test_feeds_drupal_default_a_known_author_and_a_date_before_the_text() -> None:
    assert without_bylines(f"editor7 Mon, 11/23/2026 - 10:00 {BODY}", ["editor7"]) == BODY
    assert without_bylines(f"Posted on 11/23/2026 by editor7 {BODY}") == BODY
    prose = "Officer Lee rests. Lee trains others."
    assert without_bylines(prose, ["Lee", "Officer"]) == prose


def test_feeds_drupal_default_sharepoint_shows_the_body_alone() -> None:
    assert plain_text(SHAREPOINT) == BODY
    assert title_and_summary(TITLE, SHAREPOINT) == (TITLE, BODY)


def test_feeds_drupal_default_wordpress_credit() -> None:
    credit = f'<p>The post <a href="/8">{TITLE}</a> appeared first on <a href="/">Safety office</a>.</p>'
    assert plain_text(f"<p>{BODY}</p>{credit}") == BODY


@pytest.mark.parametrize(
    "prose",
    [
        "Published by the National Institute of Justice, this report shows how officers rest.",
        "By Friday, November 27, 2026",
        "By working together, agencies save lives.",
        "Write to safety@agency.example with questions.",
        "Created by officers for officers.",
        "Submitted by agencies in 12 states.",
        "Webinar on Mon, 11/23/2026 - 10:00",
        "Author: one who writes",
        "November 23, 2026",
    ],
)
def test_what_is_said_in_sentences_stays(prose: str) -> None:
    assert plain_text(f"<p>{BODY}</p><p>{prose}</p>") == f"{BODY}\n{prose}"


def test_a_link_to_an_account_page_stays() -> None:
    assert (
        plain_text('Sign in on <a href="/user/login">your account page</a>.')
        == "Sign in on your account page."
    )
