"""Write the next, empty migration of the ledger: new_migration.py NAME, such as delivery_title."""

import re
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

LEDGER = Path(__file__).parents[1] / "src" / "spotlight_notify" / "ledger"


def new_migration(name: str) -> Path:
    """Return the file of the next revision, made from ``migrations/script.py.mako``."""
    config = Config()
    config.set_main_option("script_location", str(LEDGER / "migrations").replace("%", "%%"))
    head = ScriptDirectory.from_config(config).get_current_head()
    script = command.revision(config, message=name.replace("_", " "), rev_id=f"{int(head or 0) + 1:04}")
    assert isinstance(script, Script), "one revision is asked for"
    return Path(script.path)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z][a-z_]*", sys.argv[1]):
        sys.exit("usage: sh run.sh migration NAME (small letters and _, such as delivery_title)")
    written = new_migration(sys.argv[1])
    print(f"wrote {written.relative_to(Path.cwd())}")
    print("next: change the tables in ledger/, and REVISION in ledger/schema.py")
