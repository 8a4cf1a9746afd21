"""Script, list and clear faults over HTTP: by people on a page, by programs in JSON."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from spotlight_notify.model.errors import Refused
from spotlight_notify.sandbox.fault_scripts import FaultDesk, Order, order, parse_script
from spotlight_notify.sandbox.faults import MEANINGS, OK, Step
from spotlight_notify.sandbox.pages import Pages, is_browser, json_page
from spotlight_notify.sandbox.shown import STOOD_IN_FOR
from spotlight_notify.sandbox.stand_in import json_object


class FaultPages:
    """Answer for ``/faults``: a page for browsers, JSON for everybody else."""

    def __init__(self, desk: FaultDesk, pages: Pages) -> None:
        self._desk, self._pages = desk, pages

    def routes(self) -> list[Route]:
        """List the addresses."""
        return [
            Route("/faults", self._get),
            Route("/faults", self._post, methods=["POST"]),
            Route("/faults.json", self._state),
            Route("/faults/clear", self._clear, methods=["POST"]),
        ]

    async def _get(self, request: Request) -> Response:
        return self._page() if is_browser(request) else self._json()

    async def _state(self, request: Request) -> Response:
        return self._json()

    async def _post(self, request: Request) -> Response:
        """Take orders in JSON or from a form; what cannot be read is a 400, says why, and changes nothing."""
        body, for_people = await request.body(), is_browser(request)
        try:
            orders = _from_json(body) if body.lstrip()[:1] in b"{[" else _from_form(await request.form())
        except Refused as error:
            return self._page(str(error)) if for_people else json_page({"error": str(error)}, 400)
        self._desk.carry_out(orders)
        return self._done(for_people)

    async def _clear(self, request: Request) -> Response:
        self._desk.clear()
        return self._done(is_browser(request))

    def _done(self, for_people: bool) -> Response:
        return RedirectResponse("/faults", status_code=303) if for_people else self._json()

    def _json(self) -> Response:
        return json_page(self._desk.state())

    def _page(self, error: str = "") -> Response:
        page = self._pages.html(
            "faults.html",
            state=self._desk.state(),
            networks=STOOD_IN_FOR.values(),
            steps=list(Step),
            meanings=MEANINGS,
            error=error,
        )
        page.status_code = 400 if error else 200
        return page


def _from_form(form: FormData) -> tuple[Order, ...]:
    """Read one of the page's forms: a whole script, a lag, or one fault so many times or percent."""
    fields = {name: str(value) for name, value in form.items()}
    if "text" in fields:
        return parse_script(fields["text"])
    network = fields.get("network", "")
    if "lag" in fields:
        return (order(network, "lag", f"{fields['lag']}s"),)
    step, fault, often = (fields.get(name, "") for name in ("step", "fault", "often"))
    value = f"{often}% {fault}" if fields.get("unit") == "percent" else f"{fault}*{often}"
    return (order(network, step, value),)


def _from_json(body: bytes) -> tuple[Order, ...]:
    """Read ``{"text": SCRIPT}``, or ``{network, step, ...}`` with ``script`` (names in order, ``NAME*TIMES``
    too) or with ``probability`` (0 to 1) and ``faults`` (names, or names with weights).
    """
    asked = json_object(body)
    if asked is None:
        raise Refused("the body must be a JSON object")
    if "text" in asked:
        return parse_script(str(asked["text"]))
    network, step = str(asked.get("network", "")), str(asked.get("step", Step.PUBLISH))
    if "probability" in asked:
        return (order(network, step, _odds_words(asked["probability"], asked.get("faults"))),)
    names = asked.get("script", asked.get("faults"))
    if not isinstance(names, list) or not names:
        raise Refused(f'"script" must be a list of faults and "{OK}"')
    return (order(network, step, ",".join(map(str, names))),)


def _odds_words(probability: object, faults: object) -> str:
    if isinstance(probability, bool) or not isinstance(probability, int | float):
        raise Refused('"probability" must be a number from 0 to 1')
    weights = (
        faults if isinstance(faults, dict) else dict.fromkeys(faults, 1) if isinstance(faults, list) else {}
    )
    choice = " | ".join(f"{name}*{weight}" for name, weight in weights.items())
    return f"{100 * probability:.6f}% {choice}"
