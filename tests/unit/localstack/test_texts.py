"""Files of texts are read whole, or refused with the line that is wrong."""

import gzip
import json
from pathlib import Path

import pytest

from localstack.texts import BadTexts, Line, read_lines


def test_lines_are_read_with_their_numbers(tmp_path: Path) -> None:
    """Text and language are taken, other fields and empty lines left aside."""
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "Grüße\u2028", "lang": "de", "x": 1}\n\n{"text": "hi"}\n', "utf-8")

    assert [Line(1, "Grüße\u2028", "de"), Line(3, "hi", None)] == read_lines(file)


def test_compressed_files_are_read(tmp_path: Path) -> None:
    """A .gz is read like the file in it."""
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(json.dumps({"text": "x", "lang": "en"}).encode()))

    assert [Line(1, "x", "en")] == read_lines(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"text": "a"}\n{"text": \n', r"bad.jsonl, line 2: not JSON: .* at column 10$"),
        (b'{"text": "a"}\n["a"]', r'line 2: no object with a string "text"$'),
        (b'{"text": 7}', r'line 1: no object with a string "text"$'),
        (b'{"text": "a", "lang": 7}', r'line 1: "lang" is not a string$'),
        (b'{"text": "\xff"}', r"line 1: 'utf-8' codec"),
        (b"\n", r"bad.jsonl holds no texts$"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    """The error is one line with the file, the line's number and what is wrong."""
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)

    with pytest.raises(BadTexts, match=said):
        read_lines(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "Not a gzipped file"),
        (gzip.compress(b'{"text": "a"}')[:-9], "line 1: Compressed file ended"),
        (gzip.compress(b'{"text": "a"}')[:10] + b"\xff" * 20, "line 1: Error -3"),
    ],
    ids=["none", "cut off", "garbled"],
)
def test_a_damaged_archive_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    """What is no whole gzip file is refused."""
    file = tmp_path / "bad.jsonl.gz"
    file.write_bytes(content)

    with pytest.raises(BadTexts, match=said):
        read_lines(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is refused in one line."""
    with pytest.raises(BadTexts, match=r"^no such file: .*/none.jsonl$"):
        read_lines(tmp_path / "none.jsonl")
    with pytest.raises(BadTexts, match="Is a directory"):
        read_lines(tmp_path)
