"""How large the file is that an entry leads to, as far as its feed tells."""

import pytest

from spotlight_notify.model.aids import Reading
from spotlight_notify.sources.feed.aids import aids_from
from spotlight_notify.sources.feed.child_main import read

RSS = (
    '<rss version="2.0"><channel><title>V</title><link>https://v.test/</link><item><title>Guide</title>'
    '<link>https://v.test/g.pdf</link><enclosure url="{}" length="{}" type="application/pdf"/></item>'
    "</channel></rss>"
)
JSON_FEED = (
    '{{"version": "https://jsonfeed.org/version/1.1", "title": "V", "items": [{{"id": "1", "title": "Guide", '
    '"url": "https://v.test/g.pdf", "attachments": [{{"url": "{}", "size_in_bytes": {}, '
    '"mime_type": "application/pdf"}}]}}]}}'
)


@pytest.mark.parametrize("form", [RSS, JSON_FEED])
@pytest.mark.parametrize(
    ("url", "length", "size"),
    [
        ("https://v.test/g.pdf", "1234567", 1_234_567),
        ("https://v.test/other.pdf", "1234567", None),
        ("https://v.test/g.pdf", "0", None),
    ],
)
def test_an_attachment_that_is_the_aid_tells_its_size(
    form: str, url: str, length: str, size: int | None
) -> None:
    (one,) = aids_from(read(form.format(url, length).encode(), "", "https://v.test/feed"), "site", Reading())
    assert one.file_size == size
