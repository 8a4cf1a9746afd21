"""Read feed documents as a source does, in a child process; what is the matter is told in the document."""

from spotlight_notify.sources.feed.document import Document
from spotlight_notify.sources.feed.parser_pool import FeedParser, ParsingFailed

URL = "https://safety.example/feed.xml"


def read(parser: FeedParser, body: str | bytes, content_type: str = "application/xml") -> Document:
    data = body if isinstance(body, bytes) else body.encode()
    try:
        return parser.parse(data, content_type=content_type, url=URL)
    except ParsingFailed as failed:
        return Document(error=str(failed))
