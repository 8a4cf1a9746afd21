"""Read what clients ask of Graph: which object, which edge, with which arguments."""

import json
import re
from dataclasses import dataclass

from spotlight_notify.sandbox.exchanges import Received
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.forms import Form, read_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Hold one call; ``version`` and ``edge`` are empty where the path has none."""

    method: str
    version: str
    subject: str
    edge: str
    form: Form

    def text(self, name: str, default: str = "") -> str:
        """Return an argument's words."""
        return self.form.fields.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return an argument as yes or no; Graph takes true, false, 1 and 0 in any case."""
        words = self.form.fields.get(name)
        return default if words is None else words.strip().lower() not in ("false", "0", "")

    @property
    def step(self) -> Step:
        """Tell what the call is for: unpublished posts and photos only prepare."""
        if self.method == "DELETE":
            return Step.DELETE
        if self.method != "POST":
            return Step.READ
        if self.edge == "comments":
            return Step.REPLY
        draft = self.edge in ("feed", "photos") and not self.flag("published", default=True)
        return Step.PREPARE if draft else Step.PUBLISH


def read_call(received: Received) -> Call:
    """Split a request; the body's arguments outrank the query's, and a bearer header counts as the token."""
    match = re.fullmatch(r"(?:/(v\d+\.\d+))?/([\w|.-]+)(?:/(\w+))?/?", received.path)
    version, subject, edge = match.groups("") if match else ("", "", "")
    form = read_form(received)
    bearer = received.header("authorization").removeprefix("Bearer ")
    token = {"access_token": bearer} if bearer else {}
    fields = token | received.query | form.fields
    form = Form(fields=fields, files=form.files)
    return Call(method=received.method, version=version, subject=subject, edge=edge, form=form)


def read_attached(words: str) -> tuple[str, ...] | None:
    """Read the ids in ``attached_media``, a JSON list of ``{"media_fbid": id}``; None when it is none."""
    try:
        return tuple(str(entry["media_fbid"]) for entry in json.loads(words))
    except (ValueError, TypeError, KeyError):
        return None
