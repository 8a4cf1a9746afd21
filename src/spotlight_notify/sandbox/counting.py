"""Count and find as X does: the one place where the stand-ins lean on the product's own rules.

They are proven on X's official cases; a second set of rules here could only be a worse one.
"""

from spotlight_notify.text.entities import hashtags, urls
from spotlight_notify.text.weights import weight

__all__ = ["hashtags", "urls", "weight"]
