"""Write config/spotlight.schema.json, which editors use, from the settings themselves."""

from pathlib import Path

from spotlight_notify.app.configuration import schema_text

TARGET = Path(__file__).parents[1] / "config" / "spotlight.schema.json"

if __name__ == "__main__":
    TARGET.write_text(schema_text(), encoding="utf-8")
    print(f"wrote {TARGET}")
