import json

from processes import Notify
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.weights import weight


def test_the_demo_announces_the_same_aids_on_both_networks(notify: Notify) -> None:
    done = notify("demo", "--json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    by_channel = {
        name: [post for post in shown["posts"] if post["channel"] == name]
        for name in ("sample-x", "sample-page")
    }
    assert shown["deliveries"] == {"sent": 8}
    assert shown["baseline"] > 0
    assert {p["link"] for p in by_channel["sample-x"]} == {p["link"] for p in by_channel["sample-page"]}
    assert [len(posts) for posts in by_channel.values()] == [4, 4]
    assert all(
        "SpotlightOnSafety" in [h.text.lstrip("#") for h in hashtags(p["text"])] for p in shown["posts"]
    )
    assert all(0 < weight(post["text"]) <= 280 for post in by_channel["sample-x"])
    assert all(p["link"] in p["text"] for p in shown["posts"])
    assert len({post["id"] for post in shown["posts"]}) == 8


def test_the_demos_pictures_have_alt_text_on_both_networks(notify: Notify) -> None:
    shown = json.loads(notify("demo", "--json").stdout)
    pictured = [post for post in shown["posts"] if post["images"]]
    assert {post["channel"] for post in pictured} == {"sample-x", "sample-page"}
    assert all(image["alt"] for post in pictured for image in post["images"])


def test_the_demo_tells_a_person_what_was_posted(notify: Notify) -> None:
    done = notify("demo")
    assert done.returncode == 0
    assert done.stdout.count("#SpotlightOnSafety") == 8
    assert "8 sent" in done.stdout
    assert "none is announced" in done.stderr
