"""Write src/spotlight_notify/text/tlds.py from the public suffix list. Run from the top of the checkout.

The list only grows. X goes on linking names that have left the root, and may not link yet what came after its
own list; so what is new here is kept apart, and counts the dearer way.
"""

import textwrap
from pathlib import Path

from publicsuffixlist import PSLFILE

from spotlight_notify.text import tlds

TARGET = Path("src/spotlight_notify/text/tlds.py")
HEAD = '''"""List the top-level domains of host names. Written by scripts/make_tlds.py: do not edit.

They are those that X published last (twitter-text 3.1.0), and what the public suffix list
(publicsuffix.org, version {version}) has had since.
"""

# ruff: noqa: E501  some scripts take more room than their characters count
'''


def root_names(lines: list[str]) -> set[str]:
    """Take the last label of every rule in the list's first part (the second is private)."""
    official = lines[: lines.index("// ===END ICANN DOMAINS===")]
    rules = [line.split()[0] for line in official if line.strip() and not line.startswith("//")]
    return {rule.rsplit(".", 1)[-1].lower() for rule in rules}


def block(name: str, words: set[str], comment: str) -> str:
    lines = textwrap.fill(" ".join(sorted(words)), 108, break_on_hyphens=False, break_long_words=False)
    return f'\n{name} = """\n{lines}\n"""\n"""{comment}"""\n'


def main() -> None:
    lines = Path(PSLFILE).read_text(encoding="utf-8").splitlines()
    version = next(line.split()[-1] for line in lines if line.startswith("// VERSION"))
    settled, young = set(tlds.SETTLED.split()), set(tlds.YOUNG.split())
    young |= root_names(lines) - settled
    TARGET.write_text(
        HEAD.format(version=version)
        + block("SETTLED", settled, "X links these for certain.")
        + block("YOUNG", young, "X may not link these yet."),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
