"""The named exceptions of the engines."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
MARK = re.compile(r'cannot\(\s*"[a-z-]+", "([a-z0-9-]+)"')
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| [^|]+ \|$", re.MULTILINE)


def test_every_named_exception_is_explained_and_none_is_left_over() -> None:
    """What a test says that an engine cannot stands in the document, with the reason."""
    sources = [
        path for ring in ("contract", "e2e") for path in (ROOT / "tests" / ring).rglob("*.py")
    ]
    used = {name for path in sources for name in MARK.findall(path.read_text(encoding="utf-8"))}
    explained = (
        (ROOT / "docs" / "engines.md").read_text(encoding="utf-8").partition("Each run ends")[2]
    )

    assert used == set(ROW.findall(explained.partition("##")[0]))
