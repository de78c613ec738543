"""Blanking the tables of shared objects that the loader never maps."""

import ctypes
import importlib.util
import struct
import sys
from pathlib import Path

import pytest

from infra.elf import blanked, machine


def test_what_is_no_elf_file_stays_as_it_is() -> None:
    """Nothing is guessed about other formats."""
    assert b"MZ\x90" == blanked(b"MZ\x90")


def _object(flags: int) -> bytes:
    """An ELF-64 file: header, eight bytes of content, a null and a symbol section."""
    header = b"\x7fELF\x02\x01" + bytes(34) + struct.pack("<Q10xHHH", 72, 64, 2, 0)
    symbols = struct.pack("<IIQQQQIIQQ", 0, 2, flags, 0, 64, 8, 0, 0, 8, 0)
    return header + b"symbols!" + bytes(64) + symbols


@pytest.mark.parametrize(("code", "name"), [(0x3E, "x86_64"), (0xB7, "arm64"), (0xF3, "another")])
def test_it_is_known_what_a_shared_object_runs_on(code: int, name: str) -> None:
    """A wheel of the wrong architecture is found without running it."""
    assert name == machine(b"\x7fELF\x02\x01" + bytes(12) + struct.pack("<H", code))
    assert machine(b"MZ\x90") is None


def test_an_unmapped_table_becomes_zeros() -> None:
    """Symbols for debuggers go, and nothing moves."""
    body = _object(flags=0)
    assert body.replace(b"symbols!", bytes(8)) == blanked(body)


def test_a_mapped_table_is_kept() -> None:
    """Whatever the loader maps is left alone."""
    body = _object(flags=2)
    assert body == blanked(body)


@pytest.mark.skipif(sys.platform != "linux", reason="shared objects of another format")
def test_a_blanked_library_still_loads(tmp_path: Path) -> None:
    """A real extension module loads after blanking."""
    found = importlib.util.find_spec("nh3.nh3")
    assert found is not None
    assert found.origin is not None
    body = Path(found.origin).read_bytes()
    copy = tmp_path / "copy.so"
    copy.write_bytes(blanked(body))
    assert body != copy.read_bytes()
    assert ctypes.PyDLL(str(copy)).PyInit_nh3
