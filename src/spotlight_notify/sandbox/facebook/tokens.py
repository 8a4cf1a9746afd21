"""Check Page tokens and their proofs, and tell about them, as Graph does."""

import hashlib
import hmac
from typing import Any

from spotlight_notify.sandbox.accounts import FacebookPage
from spotlight_notify.sandbox.facebook import errors
from spotlight_notify.sandbox.facebook.errors import GraphProblem
from spotlight_notify.sandbox.forms import Form

PERMISSIONS = (
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_show_list",
)
ADVERTISING = ("pages_manage_ads", "ads_management")


def refuse_token(page: FacebookPage, form: Form) -> GraphProblem | None:
    """Refuse a token that is missing or wrong, and a proof (where one is sent) that does not fit it."""
    token, proof = form.fields.get("access_token"), form.fields.get("appsecret_proof")
    if not token:
        return errors.NO_TOKEN
    if token != page.access_token:
        return errors.BAD_TOKEN
    if proof is not None and not hmac.compare_digest(proof.encode(), _proof(page.app_secret, token)):
        return errors.BAD_PROOF
    return None


def _proof(secret: str, token: str) -> bytes:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest().encode()


def debug_token(page: FacebookPage, form: Form, *, may_advertise: bool) -> dict[str, Any] | GraphProblem:
    """Tell an app or the Page about a token."""
    if form.fields.get("access_token") not in (f"{page.app_id}|{page.app_secret}", page.access_token):
        return errors.BAD_TOKEN
    if form.fields.get("input_token") != page.access_token:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    scopes = PERMISSIONS + (ADVERTISING if may_advertise else ())
    granular = [{"scope": scope, "target_ids": [page.id]} for scope in scopes]
    about = {"app_id": page.app_id, "application": "spotlight-notify sandbox", "type": "PAGE"}
    times = {"data_access_expires_at": 0, "expires_at": 0, "is_valid": True, "profile_id": page.id}
    return {"data": {**about, **times, "scopes": [*scopes], "granular_scopes": granular}}
