"""Hold what the ledger hands out: frozen values, one for each kind of row, and what is written back."""

from spotlight_notify.model.records.attempts import Attempt, Claim, Conclusion, Doubt, LookUp, Verdict
from spotlight_notify.model.records.orders import Approval, Change, Hold, Renamed, Takedown
from spotlight_notify.model.records.standing import (
    ChannelStatus,
    Delivery,
    KnownAid,
    Queue,
    SourceStatus,
    Tally,
)

__all__ = [
    "Approval",
    "Attempt",
    "Change",
    "ChannelStatus",
    "Claim",
    "Conclusion",
    "Delivery",
    "Doubt",
    "Hold",
    "KnownAid",
    "LookUp",
    "Queue",
    "Renamed",
    "SourceStatus",
    "Takedown",
    "Tally",
    "Verdict",
]
