"""Write the posts of any feeds' entries with the example configuration, and count how they come out."""

import argparse
from itertools import chain
from pathlib import Path

from spotlight_notify.cli import main

CONFIG = Path(__file__).parent.parent / "config" / "spotlight.toml"


def arguments() -> list[str]:
    """Return what the command line is given: each feed as an option of ``lint``."""
    parser = argparse.ArgumentParser(prog="sh run.sh posts", description=__doc__)
    parser.add_argument("feeds", nargs="+", metavar="FEED", help="a file, or an address")
    parser.add_argument("--config", default=str(CONFIG), metavar="FILE", help="another configuration")
    parser.add_argument("--limit", default="5000", metavar="N", help="at most so many entries of each feed")
    parser.add_argument("--report", metavar="FILE", help="write a page with every post beside its source")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    page = ["--report", given.report] if given.report else []
    feeds = chain.from_iterable(("--feed", feed) for feed in given.feeds)
    as_json = ["--json"] if given.json else []
    return ["--config", given.config, "lint", *feeds, "--limit", given.limit, *page, *as_json]


if __name__ == "__main__":
    main(arguments())
