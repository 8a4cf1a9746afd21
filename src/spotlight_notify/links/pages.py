"""Fetch web pages and read what they say about themselves, each once where it is asked for again."""

from spotlight_notify.links.cards import Card, read_card
from spotlight_notify.model.errors import FetchError
from spotlight_notify.model.posts import WebPage
from spotlight_notify.ports.parts import ReadPage
from spotlight_notify.wire.fetching import Fetched
from spotlight_notify.wire.wire import Wire

HTML = frozenset({"text/html", "application/xhtml+xml"})
MAX_PAGE = 512 * 1024
"""Bytes of a page that are read, unpacked: tags about cards stand near the start."""
WHOLE = 30.0
"""Seconds for all of it, redirects too: a page that is slower than that is none to send readers to."""
ACCEPT = {"Accept": "text/html, application/xhtml+xml, */*;q=0.8"}
FORBIDDEN = 403


class PageReader:
    """Read web pages over one wire, each within ``whole`` seconds. Safe to use from many threads."""

    def __init__(self, wire: Wire, *, whole: float = WHOLE) -> None:
        self._wire, self._whole = wire, whole

    def read(self, url: str) -> WebPage:
        """Fetch a page, whatever its status, and read its card if it is an HTML page that was found.

        Of HTML only the start is read, of anything else nothing. A site that asks for a proof that no program
        is asking has forbidden it, whatever status it chose: it counts as 403. Raises FetchError when no
        answer comes; FetchRefused, which is one, when another time would end the same.
        """
        fetched = self._wire.fetch(url, headers=ACCEPT, max_bytes=MAX_PAGE, start_of=HTML, whole=self._whole)
        status = FORBIDDEN if _is_challenge(fetched) else fetched.status
        card = Card()
        if status == fetched.status and fetched.body:
            card = read_card(fetched.body, fetched.headers.get("content-type", ""), fetched.url)
        return WebPage(
            url=fetched.url,
            status=status,
            media_type=fetched.media_type,
            title=card.title,
            image_url=card.image_url,
            image_alt=card.image_alt,
            event_at=card.event_at,
            hops=fetched.hops,
        )


def _is_challenge(fetched: Fetched) -> bool:
    """Return whether it is a page for browsers to prove themselves, by what Cloudflare and AWS document.

    Cloudflare sends these with 403 or 503, AWS with 202 or 405.
    """
    cloudflare = fetched.headers.get("cf-mitigated", "") == "challenge"
    return cloudflare or fetched.headers.get("x-amzn-waf-action", "") in ("challenge", "captcha")


class PageCache:
    """What pages answered, kept for as long as a command takes. For one thread."""

    def __init__(self, read: ReadPage) -> None:
        self._read = read
        self._answers: dict[str, WebPage | FetchError] = {}

    def read(self, url: str) -> WebPage:
        """Read a page, or give what it answered before; raises the same FetchError again, too."""
        if url not in self._answers:
            self._answers[url] = self._asked(url)
        answer = self._answers[url]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def page_at(self, url: str) -> WebPage | None:
        """Return the page that was read there; None when nobody asked for it, or it did not answer."""
        answer = self._answers.get(url)
        return answer if isinstance(answer, WebPage) else None

    def _asked(self, url: str) -> WebPage | FetchError:
        try:
            return self._read(url)
        except FetchError as error:
            return error
