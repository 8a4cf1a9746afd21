"""Write posts for a network, within its limit, and let nothing garbled through the last gate."""

from spotlight_notify.posts.rendering.corrections import render_correction
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.posts import render, render_digest
from spotlight_notify.posts.templates.limits import LIMITS, measure

__all__ = ["LIMITS", "gate", "measure", "render", "render_correction", "render_digest"]
