"""The sample site publishes the programme's theme as a feed, as pages and as a table."""

import io
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
import requests
from selectolax.lexbor import LexborHTMLParser

from fakes import FakeClock
from spotlight_notify.model.errors import Refused
from spotlight_notify.sandbox.samples import read_files, read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.text.entities import urls

THEME = "Theme: Defusing Difficult Encounters"


def read_feed(sandbox: Sandbox) -> Any:
    answer = requests.get(sandbox.feed_url, timeout=60)
    assert answer.status_code == 200
    headers = {"content-type": answer.headers["content-type"]}
    feed = feedparser.parse(io.BytesIO(answer.content), response_headers=headers, sanitize_html=False)
    assert feed.version == "rss20"
    assert not feed.bozo
    return feed


def rows(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM digital_aids ORDER BY id")]


def test_the_feed_marks_kind_theme_and_access_as_categories(sandbox: Sandbox) -> None:
    sandbox.site.publish_next(3)
    marked = {entry.title: [tag.term for tag in entry.tags] for entry in read_feed(sandbox).entries}
    assert marked["Keep Calm and De-Escalate"] == ["Poster", THEME]
    assert marked["Polis Solutions"] == ["Article", THEME]
    title = "Final Report of The President's Task Force on 21st Century Policing"
    assert marked[title] == ["Publication", THEME]
    assert marked["Defusing Difficult Encounters: The Podcast"] == ["Podcast", THEME, "Sign-in required"]


def test_posters_on_the_feed_have_a_picture_with_alt_text(sandbox: Sandbox) -> None:
    sandbox.site.publish_next(3)
    posters = [entry for entry in read_feed(sandbox).entries if entry.tags[0].term == "Poster"]
    assert len(posters) == 2
    for entry in posters:
        (media,) = entry.media_content
        (enclosure,) = entry.enclosures
        picture = requests.get(media["url"], timeout=60)
        assert picture.headers["content-type"] == "image/png"
        assert enclosure.href == media["url"]
        assert int(enclosure.length) == len(picture.content)
    words = requests.get(sandbox.feed_url, timeout=60).text
    assert words.count('<media:description type="plain">Poster in ') == 2


def test_three_new_aids_come_out_one_after_the_other_dated_now(sandbox: Sandbox, clock: FakeClock) -> None:
    before = [entry.id for entry in read_feed(sandbox).entries]
    assert len(before) == 4
    clock.advance(timedelta(hours=1))
    (first,) = sandbox.site.publish_next()
    assert (first.aid.kind, first.published_at) == ("Poster", clock.now)
    assert [aid.aid.kind for aid in sandbox.site.publish_next(5)] == ["Publication", "Podcast"]
    assert sandbox.site.publish_next() == ()
    after = read_feed(sandbox).entries
    assert [entry.id for entry in after[3:]] == before
    assert after[0].published == "Mon, 23 Nov 2026 13:00:00 +0000"
    assert len({entry.id for entry in after}) == 7


def test_every_link_is_a_url_to_x_and_its_page_is_served_here(sandbox: Sandbox) -> None:
    sandbox.site.publish_next(3)
    assert len(sandbox.site.aids) > 3
    for entry in sandbox.site.aids:
        assert [url.text for url in urls(entry.link)] == [entry.link]
        page = LexborHTMLParser(requests.get(entry.page, timeout=60).text)
        og = {node.attributes["property"]: node.attributes["content"] for node in page.css("meta[property]")}
        assert (og["og:title"], og["og:description"]) == (entry.aid.title, entry.aid.summary)
        assert og["og:url"] == entry.link
        assert requests.get(og["og:image"] or "", timeout=60).content.startswith(b"\x89PNG")


def test_an_unchanged_feed_is_a_304_by_etag_and_by_date(sandbox: Sandbox, clock: FakeClock) -> None:
    first = requests.get(sandbox.feed_url, timeout=60)
    etag, date = first.headers["etag"], first.headers["last-modified"]

    def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.get(sandbox.feed_url, headers=named, timeout=60)
        assert (answer.content == b"") == (answer.status_code == 304)
        return answer.status_code

    assert status(if_none_match=etag) == 304
    assert status(if_none_match=f'"other", W/{etag}') == 304
    assert status(if_modified_since=date) == 304
    assert status(if_none_match='"other"', if_modified_since=date) == 200
    assert status(if_modified_since="yesterday") == 200
    clock.advance(timedelta(seconds=1))
    sandbox.site.publish_next()
    assert status(if_none_match=etag) == 200
    assert status(if_modified_since=date) == 200


def test_the_database_begins_with_a_baseline_and_gains_a_poster(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "aids.sqlite3"
    sandbox.site.write_database(path)
    baseline = rows(path)
    assert [row["kind"] for row in baseline] == ["training", "training"]
    new = sandbox.site.publish_row(path)
    assert new is not None
    assert sandbox.site.publish_row(path) is None
    after = rows(path)
    assert after[:2] == baseline
    row = after[2]
    assert (row["title"], row["kind"], row["access"]) == ("De-Escalation Techniques", "poster", "public")
    assert (row["theme"], row["status"]) == ("Defusing Difficult Encounters", "published")
    assert (row["url"], row["published_at"]) == (new.link, "2026-11-23 12:00:00Z")
    assert (row["image_url"], row["image_alt"]) == (None, None)
    assert row["url"].endswith("/posters/de-escalation-techniques.pdf")
    file = requests.get(
        row["url"].replace("https://spotlight.example.org", f"{sandbox.url}/site"), timeout=60
    )
    assert (file.headers["content-type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_site_answers_under_its_own_name_too(sandbox: Sandbox) -> None:
    home = {"Host": "spotlight.example.org"}
    page = requests.get(f"{sandbox.url}/aids/polis-solutions", headers=home, timeout=60)
    assert "Polis Solutions" in page.text
    assert requests.get(f"{sandbox.url}/aids/polis-solutions", timeout=60).status_code == 404


def test_a_file_that_is_there_is_not_written_over(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "aids.sqlite3"
    path.write_text("mine")
    with pytest.raises(Refused, match=r"aids\.sqlite3 is there already"):
        sandbox.site.write_database(path)
    assert path.read_text() == "mine"


def test_the_button_publishes_what_waits_then_the_row(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "aids.sqlite3"
    sandbox.site.write_database(path)
    for _ in range(4):
        home = requests.get(f"{sandbox.url}/site/", timeout=60).text
        assert f"Publish the next aid: {sandbox.site.waiting[0]}" in home
        requests.post(f"{sandbox.url}/site/publish", timeout=60)
    assert sandbox.site.waiting == ()
    assert (len(read_feed(sandbox).entries), len(rows(path))) == (7, 3)


def test_pictures_are_small_and_every_poster_has_words() -> None:
    site = read_site()
    pictures, files = read_pictures(site), read_files(site)
    assert pictures
    assert files
    assert all(len(content) < 60_000 for content in pictures.values())
    posters = [aid for aid in site.aids if aid.kind == "Poster"]
    assert [aid.title for aid in posters] == [
        "Defusing Difficult Situations",
        "Keep Calm and De-Escalate",
        "De-Escalation Techniques",
    ]
    assert all((aid.image or aid.file) and aid.alt and 40 < len(aid.alt) <= 250 for aid in posters)
    assert all(len(content) < 100_000 for content in files.values())


def test_summaries_copy_no_run_of_words_from_the_programmes_page(shared_data: Path) -> None:
    page = (shared_data / "000_edcc459059aad2cc.txt").read_text(encoding="utf-8").lower().split()
    runs = {tuple(page[start : start + 8]) for start in range(len(page))}
    for aid in read_site().aids:
        words = aid.summary.lower().split()
        copied = [run for start in range(len(words) - 7) if (run := tuple(words[start : start + 8])) in runs]
        assert copied == [], aid.slug
