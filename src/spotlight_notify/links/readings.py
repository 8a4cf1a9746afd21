"""Read each page once, and remember how it answered."""

from spotlight_notify.model.errors import FetchError
from spotlight_notify.model.posts import WebPage
from spotlight_notify.ports.parts import ReadPage


class PageCache:
    """Keep what pages answered for as long as a command takes. For one thread."""

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
