"""Join the parts: the one place that knows which class plays which part, reads the clock and rolls the dice.

SDKs are imported where they are built, so that a command pays only for what it uses.
"""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.app.chance import clock, jitter, pause
    from spotlight_notify.app.channels import LedgerDrafts
    from spotlight_notify.app.joining import App, open_app
    from spotlight_notify.app.ledgers import configured_in, open_ledger, read_ledger
    from spotlight_notify.app.marking import open_looker, permalink_of
    from spotlight_notify.app.watched import survey_databases
    from spotlight_notify.app.wording import (
        Outlook,
        open_cleaner,
        open_illustrate,
        open_lint,
        open_outlook,
        open_render,
        open_render_correction,
        open_render_digest,
        open_writing,
        policy_of,
    )

__getattr__ = later(
    __name__,
    chance="clock jitter pause",
    channels="LedgerDrafts",
    joining="App open_app",
    ledgers="configured_in open_ledger read_ledger",
    marking="open_looker permalink_of",
    watched="survey_databases",
    wording=(
        "Outlook open_cleaner open_illustrate open_lint open_outlook open_render "
        "open_render_correction open_render_digest open_writing policy_of"
    ),
)
