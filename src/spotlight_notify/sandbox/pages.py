"""Write the sandbox's pages from the packaged templates, each under a strict content policy."""

from datetime import UTC, datetime
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from spotlight_notify.text.invisible import visible

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
"""With ``no-referrer`` browsers would say ``Origin: null`` for these pages' own forms: see doorkeeping.py."""


class Pages:
    """Render the packaged pages; everything put into them is escaped."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("spotlight_notify.sandbox"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["rfc822"] = _rfc822
        self._templates.filters["moment"] = _moment

    def text(self, template: str, **values: object) -> str:
        """Render one template."""
        return self._templates.get_template(template).render(**values)

    def html(self, template: str, **values: object) -> Response:
        """Answer with a page, on which people see what else they could not."""
        page = visible(self.text(template, **values), of_lines=True)
        return Response(page, media_type="text/html", headers=HEADERS)


def asset(content: bytes | None, media_type: str) -> Response:
    """Answer with a picture or a style sheet; 404 where there is none."""
    if content is None:
        return Response(
            "There is no such thing here.", status_code=404, media_type="text/plain", headers=HEADERS
        )
    return Response(content, media_type=media_type, headers={"x-content-type-options": "nosniff"})


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%b} {moment.day}, {moment:%Y, %H:%M} UTC"
