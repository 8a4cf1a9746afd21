"""Carry out people's orders to announce: an aid, a digest of several, a correction; now or at a set time."""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.operations.announce.aids import announce_aid
    from spotlight_notify.operations.announce.cancelled import cancelled_digest, why_cancelled
    from spotlight_notify.operations.announce.corrections import RenderCorrection, correct
    from spotlight_notify.operations.announce.digests import (
        RenderDigest,
        announce_digests,
        digest_aid,
        digest_writing,
        plan_digest,
        theme_spelt,
        themes_told,
    )
    from spotlight_notify.operations.announce.gathering import (
        Gathered,
        digest_with,
        gather,
        names_of,
        standing_digest,
        too_few,
    )
    from spotlight_notify.operations.announce.orders import (
        Order,
        Place,
        Signature,
        When,
        is_made,
        places_for,
        waits,
    )
    from spotlight_notify.operations.announce.rewriting import Rewriting, Rewritten, rewrite_unfit

__getattr__ = later(
    __name__,
    aids="announce_aid",
    cancelled="cancelled_digest why_cancelled",
    corrections="RenderCorrection correct",
    digests="RenderDigest announce_digests digest_aid digest_writing plan_digest theme_spelt themes_told",
    gathering="Gathered digest_with gather names_of standing_digest too_few",
    orders="Order Place Signature When is_made places_for waits",
    rewriting="Rewriting Rewritten rewrite_unfit",
)
