"""Tell how long a network's posts may be, counted as the network counts."""

from collections.abc import Mapping

from spotlight_notify.model.words import Network
from spotlight_notify.text.weights import weight

LIMITS: Mapping[Network, int] = {Network.X: 280, Network.FACEBOOK: 63_206}
"""The longest post, as ``measure`` counts: X's configuration v3; Facebook's long-standing limit."""
NAMES: Mapping[Network, str] = {Network.X: "X", Network.FACEBOOK: "Facebook"}
"""What people call the networks."""


def measure(text: str, network: Network) -> int:
    """Count a text as the network does: weighted for X, characters for Facebook."""
    return weight(text) if network is Network.X else len(text)
