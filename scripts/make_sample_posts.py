"""Write docs/sample-posts.md: the posts of all the sample programme's aids, on both networks."""

import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.sources import build_sources
from spotlight_notify.app.wire import open_wire
from spotlight_notify.app.writing import writers_of
from spotlight_notify.operations.lint_report import Entry, report_on_source, verdict_on
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

TARGET = Path(__file__).parents[1] / "docs" / "sample-posts.md"
AT = datetime(2026, 12, 1, 15, tzinfo=UTC)
HEAD = """# Sample posts

What the programme's theme "Defusing Difficult Encounters" looks like on X and Facebook: every aid of the
sample programme, written by the templates that come with the program. `sh run.sh samples` writes it anew.
"""


def page() -> str:
    """Return the page; the sample site is served on loopback, and nothing is sent."""
    with Sandbox(clock=lambda: AT) as sandbox, tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        config = load_config(write_configuration(sandbox, Path(folder)), {})
        while sandbox.site.publish_one():
            pass
        wire = stack.enter_context(open_wire(config))
        sources, writers = build_sources(config, wire, stack), writers_of(config, AT)
        reports = [report_on_source(each, 100, writers, config.alt_texts) for each in sources.values()]
    entries = [entry for report in reports for entry in report.entries]
    return "\n".join([HEAD, *map(section_of, entries)])


def section_of(entry: Entry) -> str:
    """Return an aid's posts, each as a quoted block under its network's name."""
    lines = [f"## {entry.aid.title}", ""]
    for post in entry.posts:
        length = f"{post.length} of {post.limit:,}, {verdict_on(post)}"
        lines += [
            f"**{post.network.title}** ({length})",
            "",
            "```text",
            post.text or str(post.trouble),
            "```",
            "",
        ]
        lines += [line for image in post.images for line in (f"Picture: {image.alt}", "")]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"wrote {TARGET}")
