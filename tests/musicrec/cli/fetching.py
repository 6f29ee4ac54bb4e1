"""``musicrec`` with outside services at other addresses: `python -m … ADDRESSES.json COMMAND …`."""

import json
import sys
from dataclasses import replace
from pathlib import Path

from musicrec.cli import run
from musicrec.sources import SourceSettings

if __name__ == "__main__":
    addresses = json.loads(Path(sys.argv[1]).read_text("utf-8"))

    def sources() -> SourceSettings:
        settings = SourceSettings(contact="tests@example.invalid")
        for name, url in addresses.items():
            moved = replace(getattr(settings, name), base_url=url, interval_s=0.0, tries=1)
            settings = replace(settings, **{name: moved})
        return settings

    sys.exit(run(sys.argv[2:], data_dir=Path("data"), sources=sources))
