"""The list of known files as a text file."""

from pathlib import Path

import pytest

from moderation.detection.known import Kind
from moderation.detection.known_list import FORMAT, ListError, parse_list, read_list
from moderation.detection.taxonomy import Category

DIGEST = "9f" * 32


def test_a_list_is_read(tmp_path: Path) -> None:
    """Remarks and blank lines are none of it; the version says which list it is."""
    path = tmp_path / "known.txt"
    path.write_text(f"{FORMAT}\n# from whom\n\nfile {DIGEST} CSAM  # why\nurl {DIGEST} SPAM\n")
    listed = read_list(path)
    digest = bytes.fromhex(DIGEST)
    assert (Category.CSAM, Category.SPAM, None) == (
        listed.category_of(Kind.FILE, digest),
        listed.category_of(Kind.URL, digest),
        listed.category_of(Kind.URL, b"another"),
    )
    assert listed.version != parse_list(f"{FORMAT}\n").version


def test_every_wrong_line_is_named() -> None:
    """A list that is half right is not used."""
    lines = [FORMAT, f"file {DIGEST} NOTHING", "file 9f CSAM", f"url {DIGEST} HATE", ""]
    with pytest.raises(ListError) as refused:
        parse_list("\n".join(lines))
    assert (
        "line 2: no such category: NOTHING; "
        "line 3: not `file` or `url`, a SHA-256 and a category; "
        "line 4: automation may not act on HATE (ADR 020)"
    ) == str(refused.value)


@pytest.mark.parametrize("content", [b"file", b"\xff"])
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another format, another encoding."""
    path = tmp_path / "known.txt"
    path.write_bytes(content)
    with pytest.raises(ListError):
        read_list(path)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """Fails closed."""
    with pytest.raises(ListError, match=r"known\.txt"):
        read_list(tmp_path / "known.txt")
