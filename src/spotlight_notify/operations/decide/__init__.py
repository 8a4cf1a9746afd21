"""Carry out what a person decides: approve, reject, edit, let go; hold, and lift holds; rename."""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.operations.decide.approvals import approve, reject, why_not_approve
    from spotlight_notify.operations.decide.edits import Edit, edit, edited, readable
    from spotlight_notify.operations.decide.holds import (
        Held,
        Names,
        held_by,
        lift_holds,
        place_hold,
        read_scope,
    )
    from spotlight_notify.operations.decide.marks import Marked, mark_sent, unmark
    from spotlight_notify.operations.decide.renames import Configured, Stray, refuse_renamed, rename, strays
    from spotlight_notify.operations.decide.retries import RETRIED, retry

__getattr__ = later(
    __name__,
    approvals="approve reject why_not_approve",
    edits="Edit edit edited readable",
    holds="Held Names held_by lift_holds place_hold read_scope",
    marks="Marked mark_sent unmark",
    renames="Configured Stray refuse_renamed rename strays",
    retries="RETRIED retry",
)
