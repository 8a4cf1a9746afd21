"""Look at one source, and record its new aids and their planned deliveries.

What a poll shows is recorded in one transaction; a baseline, which may be huge, look by look.
"""

from spotlight_notify.operations.poll.looking import poll_source
from spotlight_notify.operations.poll.polls import Place, Poll, Polling, refuse_moved
from spotlight_notify.operations.poll.waiting import LONGEST_BACK_OFF, due_after_failure, due_after_success

__all__ = [
    "LONGEST_BACK_OFF",
    "Place",
    "Poll",
    "Polling",
    "due_after_failure",
    "due_after_success",
    "poll_source",
    "refuse_moved",
]
