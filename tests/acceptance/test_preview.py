import json
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from builders import aid
from processes import Notify
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.pictures.screenshot import PROGRAMS
from spotlight_notify.sandbox.server import Sandbox
from website import Page, Website

LINK = "https://spotlight.example.org/aids/defusing-difficult-situations"
ALT = "Poster in deep blue with three speech bubbles"
NEW = ("--title", "Polis Solutions", "--url", "https://spotlight.example.org/aids/polis-solutions")
SAMPLES = Path(__file__).parents[2] / "src/spotlight_notify/sandbox/samples"
POSTER = SAMPLES / "keep-calm-and-de-escalate.png"
WORDS = "Poster in calm green with a gold badge."
NAMES = {
    "campaign", "channel", "network", "text", "link", "images", "left_out", "length", "limit", "price",
    "findings", "state", "trouble", "card",
}  # fmt: skip


@pytest.fixture
def seen(notify: Notify, config: Path) -> Path:
    """Let the program see the sample site once, so that its aids are known."""
    done = notify("--config", config, "once")
    assert done.returncode == 0, done.stderr
    return config


def posts_of(notify: Notify, config: Path, *words: str | Path) -> dict[str, Any]:
    done = notify("--config", config, "preview", *words, "--json")
    assert done.returncode == 0, done.stderr
    return {post["channel"]: post for post in json.loads(done.stdout)["posts"]}


def kept(config: Path) -> tuple[int, int]:
    """Count the deliveries and the pictures in the ledger."""
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger:
        counted = (ledger.execute(f"SELECT count(*) FROM {table}") for table in ("delivery", "picture"))
        deliveries, pictures = (rows.fetchone()[0] for rows in counted)
    return deliveries, pictures


def test_a_preview_tells_weight_price_picture_and_findings(notify: Notify, seen: Path) -> None:
    done = notify("--config", seen, "preview", LINK)
    assert done.returncode == 0, done.stderr
    on_x, on_page = done.stdout.split("--- ")[1:]
    assert re.match(r"sample-x \(x\): \d+ of 280, \$0\.205\n", on_x)
    assert re.match(r"sample-page \(facebook\): \d+ of 63,206\n", on_page)
    assert LINK in on_x
    assert "#SpotlightOnSafety" in on_x
    assert re.search(rf"\[picture: http\S+ \| {ALT}", on_x)


def test_programs_read_the_same_under_stable_names(notify: Notify, seen: Path) -> None:
    posts = posts_of(notify, seen, LINK)
    assert set(posts) == {"sample-x", "sample-page"}
    assert all(set(post) == NAMES for post in posts.values())
    on_x, on_page = posts["sample-x"], posts["sample-page"]
    assert (on_x["price"], on_page["price"]) == (0.205, None)
    assert (on_x["campaign"], on_x["network"], on_x["limit"]) == ("spotlight-on-safety", "x", 280)
    assert 0 < on_x["length"] <= 280
    (image,) = on_x["images"]
    assert image["alt"].startswith(ALT)
    assert len(image["digest"]) == 64


def test_findings_have_rule_level_and_source(notify: Notify, config: Path) -> None:
    words = ("--summary", "PLEASE READ THIS NOW and utilize it, says the text that we look through.")
    shown = notify("--config", config, "preview", *NEW, *words).stdout
    assert re.search(r"^warning capitals: .+ \[.+\]$", shown, re.M)
    found = posts_of(notify, config, *NEW, *words)["sample-x"]["findings"]
    assert {"rule", "level", "message", "source"} == set(found[0])
    assert "capitals" in {finding["rule"] for finding in found}
    levels = [finding["level"] for finding in found]
    assert levels == sorted(levels, key=["error", "warning", "hint"].index)


def test_a_post_without_picture_says_why_and_costs_no_alt_text(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "preview", *NEW)
    assert "[no picture: the aid has none" in done.stdout
    assert posts_of(notify, config, *NEW)["sample-x"]["price"] == 0.2


def test_a_preview_records_nothing(notify: Notify, seen: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    before = kept(seen)
    notify("--config", seen, "preview", LINK)
    notify(
        "--config", seen, "preview", *NEW, "--image", POSTER, "--alt", WORDS, "--html", tmp_path / "p.html"
    )
    assert kept(seen) == before == (0, 0)
    assert not sandbox.x.posts


def test_a_local_picture_is_cleaned_shown_and_sent(notify: Notify, config: Path, sandbox: Sandbox) -> None:
    words = (*NEW, "--image", POSTER, "--alt", WORDS)
    (image,) = posts_of(notify, config, *words)["sample-x"]["images"]
    assert image["url"] == f"urn:sha256:{image['digest']}"
    done = notify("--config", config, "announce", *words)
    assert done.returncode == 0, done.stderr
    for post in (*sandbox.x.posts, *sandbox.graph.posts):
        assert [shown.alt for shown in post.images] == [WORDS]
    with open_ledger(load_config(config, {})) as ledger:
        picture = ledger.kept_picture(image["digest"])
    assert picture is not None
    assert picture.media_type in ("image/png", "image/jpeg")


@pytest.mark.parametrize(
    ("image", "code", "message"),
    [
        ("nowhere.png", 1, "nowhere.png: "),
        ("letter.txt", 1, "letter.txt: "),
        (".", 1, ".: "),
        ("ftp://valor.test/a.png", 2, "no whole http(s) link"),
    ],
)
def test_a_picture_that_is_none_gets_one_clear_line(
    notify: Notify, config: Path, tmp_path: Path, image: str, code: int, message: str
) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    for command in ("preview", "announce"):
        done = notify("--config", config, command, *NEW, "--image", image, "--alt", WORDS)
        assert done.returncode == code
        assert message in done.stderr
        assert "Traceback" not in done.stderr
        assert code == 2 or len(done.stderr.splitlines()) == 1
    assert kept(config) == (0, 0)


def test_words_alone_are_for_the_picture_that_is_there(notify: Notify, seen: Path) -> None:
    (image,) = posts_of(notify, seen, LINK, "--alt", WORDS)["sample-x"]["images"]
    assert image["alt"] == WORDS
    none = notify("--config", seen, "preview", *NEW, "--alt", WORDS)
    assert none.returncode == 1
    assert none.stderr == "there is no picture that --alt could describe; name one by --image\n"


def test_the_page_shows_both_cards_and_is_written_again(notify: Notify, seen: Path, tmp_path: Path) -> None:
    page = tmp_path / "preview.html"
    for _ in range(2):
        done = notify("--config", seen, "preview", LINK, "--html", page)
        assert done.returncode == 0, done.stderr
        assert "of 280" in done.stdout
        assert done.stderr == f"wrote {page}\n"
    text = page.read_text()
    assert text.count("<article") == 2
    assert text.count('src="data:image/') == 2
    assert "Approximate" in text
    assert "$0.205" in text


def test_the_page_goes_to_stdout_alone(notify: Notify, config: Path) -> None:
    done = notify("--config", config, "--quiet", "preview", *NEW, "--html", "-")
    assert done.stdout.startswith("<!DOCTYPE html>")
    assert done.stdout.endswith("</html>\n") or done.stdout.endswith("</html>")
    assert "--- sample-x" not in done.stdout
    both = notify("--config", config, "preview", *NEW, "--html", "-", "--json")
    assert both.returncode == 2


def test_a_page_is_never_written_over_something_else(notify: Notify, config: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.html"
    letter.write_text("<p>Dear all")
    for target, message in ((letter, "is no preview"), (tmp_path / "no" / "p.html", "cannot be written")):
        done = notify("--config", config, "preview", *NEW, "--html", target)
        assert done.returncode == 73
        assert message in done.stderr
    assert letter.read_text() == "<p>Dear all"


def test_without_chromium_one_line_says_what_to_install(notify: Notify, config: Path, tmp_path: Path) -> None:
    done = notify("--config", config, "preview", *NEW, "--png", tmp_path / "p.png", PATH=str(tmp_path))
    assert done.returncode == 69
    assert len(done.stderr.splitlines()) == 1
    assert "install the package chromium" in done.stderr
    assert not (tmp_path / "p.png").exists()


def test_a_picture_of_the_page(notify: Notify, seen: Path, tmp_path: Path) -> None:
    if not any(map(shutil.which, PROGRAMS)):
        pytest.skip("LOUD: no Chromium is installed, so --png was NOT tried with a real one")
    for _ in range(2):
        done = notify("--config", seen, "preview", LINK, "--png", tmp_path / "p.png")
        assert done.returncode == 0, done.stderr
    with Image.open(BytesIO((tmp_path / "p.png").read_bytes())) as picture:
        assert picture.width == 1_200
        assert 600 < picture.height < 4_000
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 100  # a page with a poster on it, not a blank one


def test_a_dry_run_shows_what_a_preview_shows(notify: Notify, config: Path) -> None:
    dry = notify("--config", config, "announce", *NEW, "--dry-run")
    assert dry.stdout == notify("--config", config, "preview", *NEW).stdout


# --- what the web says


HTML = {"Content-Type": "text/html"}
OG_TITLE = b'<meta property="og:title" content="What the page calls itself">'
OG_IMAGE = b'<meta property="og:image" content="/card.png">'


@pytest.fixture
def asking(config: Path) -> Path:
    """Ask links, as is done unless the configuration says otherwise."""
    config.write_text(config.read_text().replace("\ncheck = false\n", "\n"))
    return config


def limited(config: Path, domain: str) -> None:
    config.write_text(config.read_text().replace("\n[links]\n", f'\n[links]\ndomains = ["{domain}"]\n'))


def new_post(notify: Notify, config: Path, url: str, *words: str) -> dict[str, Any]:
    """Preview a new aid on X, whatever the exit code."""
    done = notify(
        "--config", config, "preview", "--title", "Stops", "--url", url, "--to", "sample-x", "--json", *words
    )
    assert done.stdout, done.stderr
    (post,) = json.loads(done.stdout)["posts"]
    return {**post, "code": done.returncode, "rules": {finding["rule"] for finding in post["findings"]}}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://bit.ly/x", "belongs to the link shortener bit.ly"),
        ("https://evil.example.net/x", "is not on an allowed domain"),
    ],
)
def test_a_place_is_judged_even_where_links_are_not_asked(
    notify: Notify, config: Path, url: str, said: str
) -> None:
    limited(config, "spotlight.example.org")
    post = new_post(notify, config, url)
    assert (post["code"], post["state"]) == (1, "proposed")
    assert post["trouble"].startswith(f"it would be asked about: the link {url} {said}")
    assert "link-doubtful" in post["rules"]
    told = notify("--config", config, "preview", "--title", "Stops", "--url", url).stdout
    assert "a person must look first" in told
    assert f"error link-doubtful: the link {url} {said}" in told


@pytest.mark.parametrize("url", ["https://bit.ly/x", "https://evil.example.net/x"])
def test_nothing_leaves_for_a_foreign_place_even_where_links_are_not_asked(
    notify: Notify, config: Path, sandbox: Sandbox, url: str
) -> None:
    limited(config, "spotlight.example.org")
    notify("--config", config, "announce", "--title", "Stops", "--url", url)
    assert not sandbox.x.posts
    assert not sandbox.graph.posts
    shown = json.loads(notify("--config", config, "deliveries", "--json").stdout)["deliveries"]
    assert {delivery["state"] for delivery in shown} == {"proposed"}


def test_a_dead_link_would_be_asked_about(notify: Notify, asking: Path, site: Website) -> None:
    post = new_post(notify, asking, site.put("/gone", Page(status=404)))
    assert (post["code"], post["state"]) == (1, "proposed")
    assert "it would be asked about: the link" in post["trouble"]
    assert "answers 404" in post["trouble"]


@pytest.mark.parametrize("status", [503, 0])
def test_a_silent_link_is_told_and_does_not_ask_a_person_yet(
    notify: Notify, asking: Path, site: Website, status: int
) -> None:
    page = Page(status=status) if status else Page(raw=lambda out, closing: None)
    post = new_post(notify, asking, site.put("/silent", page))
    assert (post["code"], post["state"], post["trouble"]) == (0, "pending", None)
    assert "link-silent" in post["rules"]
    assert post["card"]["from_page"] is False


def test_a_card_is_drawn_from_what_the_page_says(
    notify: Notify, asking: Path, site: Website, tmp_path: Path
) -> None:
    url = site.put("/page", Page(body=OG_TITLE + OG_IMAGE, headers=HTML))
    post = new_post(notify, asking, url, "--html", str(tmp_path / "p.html"))
    assert post["card"] == {
        "host": "127.0.0.1",
        "title": "What the page calls itself",
        "image_url": site.url("/card.png"),
        "image_alt": None,
        "from_page": True,
    }
    assert "What the page calls itself" in (tmp_path / "p.html").read_text()
    assert not {"card-title", "card-image", "link-doubtful"} & post["rules"]
    assert [asked.path for asked in site.asked] == ["/page"]


def test_what_a_card_lacks_and_what_refuses_programs_is_found(
    notify: Notify, asking: Path, site: Website
) -> None:
    bare = new_post(notify, asking, site.put("/bare", Page(body=b"<p>Stops", headers=HTML)))
    assert {"card-title", "card-image"} <= bare["rules"]
    assert (bare["card"]["title"], bare["card"]["from_page"]) == (None, True)
    closed = new_post(notify, asking, site.put("/closed", Page(status=403)))
    assert "link-unchecked" in closed["rules"]
    assert (closed["card"]["title"], closed["card"]["from_page"]) == ("Stops", False)


@pytest.mark.parametrize(
    ("kind", "page", "reason"),
    [
        (
            "article",
            Page(body=OG_IMAGE, headers=HTML),
            "none is taken from its page: the network draws",
        ),
        ("poster", Page(body=OG_TITLE, headers=HTML), "the aid has none, and its page names none"),
        ("poster", Page(status=404), "could not be read for its picture (it answered 404)"),
        ("poster", Page(raw=lambda out, closing: None), "could not be read for its picture (the connection"),
        ("poster", Page(body=OG_IMAGE, headers=HTML), "nobody gives words for it"),
    ],
)
def test_a_missing_picture_says_what_really_happened(
    notify: Notify, config: Path, site: Website, kind: str, page: Page, reason: str
) -> None:
    (left_out,) = new_post(notify, config, site.put("/aid", page), "--kind", kind)["left_out"]
    assert reason in left_out["reason"]


def test_a_strangers_picture_is_not_taken(notify: Notify, config: Path, site: Website) -> None:
    alt = b'<meta property="og:image:alt" content="A stranger">'
    site.put("/there", Page(body=OG_IMAGE + alt, headers=HTML))
    elsewhere = site.url("/there").replace("127.0.0.1", "localhost")
    url = site.put("/poster", Page(status=302, headers={"Location": elsewhere}))
    post = new_post(notify, config, url, "--kind", "poster")
    assert post["images"] == []
    assert elsewhere in post["left_out"][0]["reason"]
    assert "/card.png" not in [asked.path for asked in site.asked]


def test_a_private_picture_is_named_once_and_no_guard_is_talked_down(
    notify: Notify, config: Path, tmp_path: Path
) -> None:
    lines = config.read_text().replace("allow_private_addresses = true", "").splitlines()
    public = [line for line in lines if not line.startswith(("reroute", "base_url", 'url = "http', "every"))]
    feed = 'kind = "feed"\nurl = "https://valor.example.org/feed"'
    text = "\n".join(public).replace('kind = "feed"', feed)
    config.write_text(text)
    picture = "http://169.254.169.254/latest.png"
    words = ("--image", picture, "--alt", WORDS)
    done = notify("--config", config, "preview", *NEW, *words, "--to", "sample-x")
    assert done.stdout, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("[no picture")]
    assert line == f"[no picture: its host has no public address ({picture})]"
    assert "allow_private_addresses" not in done.stdout


def test_what_is_over_would_be_skipped(notify: Notify, config: Path, tmp_path: Path) -> None:
    webinar = aid(source="sample-site", title="Webinar", event_at=datetime(2020, 5, 1, 14, tzinfo=UTC))
    with open_ledger(load_config(config, {})) as ledger, ledger.recording("sample-site") as book:
        book.add(webinar, baseline=True, now=datetime(2026, 11, 23, tzinfo=UTC))
    done = notify("--config", config, "preview", str(webinar.link), "--html", tmp_path / "p.html")
    assert done.returncode == 1
    why = "it would be skipped: its event began at 2020-05-01 14:00 UTC"
    shown = why.replace("2020-05-01 14:00 UTC", "Fri 2020-05-01 10:00 EDT")
    assert re.search(rf"^--- sample-x \(x\): \d+ of 280, \$0\.\d+, {shown}$", done.stdout, re.M)
    assert "Would be skipped" in (tmp_path / "p.html").read_text()
    told = json.loads(notify("--config", config, "preview", str(webinar.link), "--json").stdout)["posts"]
    assert {(post["state"], post["trouble"]) for post in told} == {("skipped", why)}
    assert notify("--config", config, "lint", "--aid", str(webinar.link)).returncode == 0
