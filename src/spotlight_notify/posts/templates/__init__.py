"""Hold how posts look: template files, read and tried before the first aid comes."""

from spotlight_notify.posts.templates.layouts import Layout, Templates
from spotlight_notify.posts.templates.loading import load_templates, packaged_templates

__all__ = ["Layout", "Templates", "load_templates", "packaged_templates"]
