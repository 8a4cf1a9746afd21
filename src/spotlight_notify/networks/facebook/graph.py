"""Bring facebook-sdk (2018) up to the Graph API of today.

The SDK knows no version after 3.1, hides the status and headers of an answer, follows redirects, and
takes some failures for success. Everything it does goes through ``request``, which is replaced here.
"""

import hashlib
import hmac
import json
import warnings
from collections.abc import Mapping
from typing import Any

import requests

from spotlight_notify.networks.redaction import hush

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its source has an invalid escape, and Python says so on first import
    import facebook

GRAPH_URL = "https://graph.facebook.com"
GRAPH_VERSION = "v26.0"
"""The newest since 2026-07-29."""


class GraphFailure(facebook.GraphAPIError):  # type: ignore[misc]  # the SDK has no types
    """An answer that is no success: any status but 200, any ``error``, anything but a JSON object.

    ``code`` and ``subcode`` are None, ``told`` is False, where Graph's own error object is missing.
    ``written``: what Graph had carried out, and answered, before it failed at reading it back: empty where
    that is unreadable; None where there was no such thing.
    """

    def __init__(self, response: requests.Response, result: object) -> None:
        error = result.get("error") if isinstance(result, dict) else None
        self.told = isinstance(error, dict)
        self.error: Mapping[str, Any] = error if isinstance(error, dict) else {}
        super().__init__({"error": self.error} if self.told else f"{response.status_code} {response.reason}")
        self.written = _written(result)
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.code = _number(self.error.get("code"))
        self.subcode = _number(self.error.get("error_subcode"))
        self.is_transient = self.error.get("is_transient") is True
        self.fbtrace_id = str(self.error.get("fbtrace_id") or "")


class PageGraph(facebook.GraphAPI):  # type: ignore[misc]  # the SDK has no types
    """Call the Graph API with a Page token; ``headers`` are those of the last answer.

    Raises GraphFailure for every answer that is not a success, and requests' own errors for none.
    """

    def __init__(
        self,
        session: requests.Session,
        access_token: str,
        *,
        app_secret: str | None = None,
        base_url: str = GRAPH_URL,
        version: str = GRAPH_VERSION,
    ) -> None:
        hush("urllib3.connectionpool")  # at DEBUG it prints the addresses of reads, and their tokens
        super().__init__(access_token=access_token, session=session)
        self.version, self.base_url = version, base_url.rstrip("/")
        self._app_secret = app_secret
        self.headers: Mapping[str, str] = {}

    def request(
        self,
        path: str,
        args: Mapping[str, Any] | None = None,
        post_args: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        method: str | None = None,
    ) -> dict[str, Any]:
        """Call a path, with the token in the body of a POST and in the query of everything else."""
        method = "POST" if post_args is not None else method or "GET"
        params, data = _encoded(args or {}), _encoded(post_args or {})
        carrier = data if method == "POST" else params
        carrier.update(self._token() if "access_token" not in params | data else {})
        url = f"{self.base_url}/{path}"
        response = self.session.request(
            method, url, params=params, data=data, files=files, allow_redirects=False
        )
        self.headers = response.headers
        return _result(response)

    def _token(self) -> dict[str, str]:
        token = {"access_token": self.access_token} if self.access_token else {}
        if token and self._app_secret:
            token["appsecret_proof"] = proof_of_secret(self.access_token, self._app_secret)
        return token


def proof_of_secret(access_token: str, app_secret: str) -> str:
    """Return Graph's ``appsecret_proof``: the token's HMAC-SHA256 under the app secret, in hex."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _encoded(args: Mapping[str, Any]) -> dict[str, Any]:
    """Write arguments as Graph reads them: JSON for all but words and numbers; requests leaves out None."""
    return {
        name: json.dumps(value) if isinstance(value, bool | list | tuple | dict) else value
        for name, value in args.items()
    }


def _result(response: requests.Response) -> dict[str, Any]:
    try:
        result = response.json()
    except (ValueError, RecursionError) as error:
        raise GraphFailure(response, None) from error
    if response.status_code != 200 or not isinstance(result, dict) or result.get("error"):
        raise GraphFailure(response, result)
    return result


def _written(result: object) -> Mapping[str, Any] | None:
    """Find the answer of a write whose reading failed: in the error object, or beside it.

    An id that stands beside an error tells that something was made as well, though not what.
    """
    if not isinstance(result, dict):
        return None
    for place in (result.get("error"), result):
        if isinstance(place, dict) and "original_response" in place:
            written = place["original_response"]
            return written if isinstance(written, dict) else {}
    return {} if result.keys() & {"id", "post_id"} else None


def _number(value: object) -> int | None:
    """Read a code; some come as words."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
