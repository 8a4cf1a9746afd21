"""Keep a preview's pictures for as long as it takes to show them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from spotlight_notify.model.posts import CleanPicture

if TYPE_CHECKING:
    from spotlight_notify.ports.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Album:
    """Show what the ledger keeps, and keep what is new beside it: a preview records nothing."""

    ledger: "Ledger"
    new: dict[str, CleanPicture] = field(default_factory=dict)

    def keep_picture(self, picture: CleanPicture, now: datetime) -> str:
        """Keep a picture in memory and return its digest, the same that the ledger would give it."""
        digest = hashlib.sha256(picture.content).hexdigest()
        self.new[digest] = picture
        return digest

    def kept_picture(self, digest: str) -> CleanPicture | None:
        """Return the picture of this digest; None when neither this nor the ledger keeps it."""
        return self.new.get(digest) or self.ledger.kept_picture(digest)
