"""Verify OAuth 1.0a signatures (HMAC-SHA1), as X does for requests in a user's name."""

from urllib.parse import urlsplit

from oauthlib.common import Request
from oauthlib.oauth1.rfc5849.signature import collect_parameters, verify_hmac_sha1

from spotlight_notify.sandbox.samples import XAccount
from spotlight_notify.sandbox.stand_in import Received

STALE_SECONDS = 300
"""How far a signature's time may lie behind the newest one seen; X is understood to allow five minutes."""


class SignatureCheck:
    """Check that requests are signed with the account's keys, each signature once. One thread at a time."""

    def __init__(self, account: XAccount) -> None:
        self._account = account
        self._used: set[tuple[int, str]] = set()
        self._newest = 0

    def accepts(self, received: Received, *, again: bool = False) -> bool:
        """Verify keys, freshness, nonce and signature.

        Freshness is judged against the newest signature seen, so that the sandbox's clock may stand still.
        ``again``: the request was delivered twice, so its nonce was seen.
        """
        parameters = _parameters(received)
        oauth = dict(parameters)
        stamp, nonce = oauth.get("oauth_timestamp", ""), oauth.get("oauth_nonce", "")
        if not self._names_us(oauth) or not stamp.isdecimal() or not nonce:
            return False
        new = again or (int(stamp), nonce) not in self._used
        fresh = int(stamp) > self._newest - STALE_SECONDS and new
        if not fresh or not self._signed(received, parameters):
            return False
        self._remember(int(stamp), nonce)
        return True

    def _names_us(self, oauth: dict[str, str]) -> bool:
        return (
            oauth.get("oauth_consumer_key") == self._account.consumer_key
            and oauth.get("oauth_token") == self._account.access_token
            and oauth.get("oauth_signature_method") == "HMAC-SHA1"
            and oauth.get("oauth_version", "1.0") == "1.0"
        )

    def _signed(self, received: Received, parameters: list[tuple[str, str]]) -> bool:
        request = Request(received.url, http_method=received.method)
        request.params = [pair for pair in parameters if pair[0] != "oauth_signature"]
        request.signature = dict(parameters).get("oauth_signature", "")
        return bool(
            verify_hmac_sha1(request, self._account.consumer_secret, self._account.access_token_secret)
        )

    def _remember(self, stamp: int, nonce: str) -> None:
        if stamp > self._newest:
            self._newest = stamp
            self._used = {used for used in self._used if used[0] > stamp - STALE_SECONDS}
        self._used.add((stamp, nonce))


def _parameters(received: Received) -> list[tuple[str, str]]:
    """Collect what is signed: the header, the query and a form's fields, but never JSON or multipart."""
    is_form = received.header("content-type").startswith("application/x-www-form-urlencoded")
    try:
        return list(
            collect_parameters(
                uri_query=urlsplit(received.url).query,
                body=received.body.decode() if is_form else [],
                headers={"Authorization": received.header("authorization")},
                exclude_oauth_signature=False,
            )
        )
    except ValueError:
        return []
