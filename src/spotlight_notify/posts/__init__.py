"""How a post is written: templates, and what fills them. Pure but for reading the templates."""
