"""Shared objects: what they run on, and blanking what they carry for debuggers alone.

The loader maps only sections flagged `ALLOC`; the symbol and debug tables
beside them stay where they are, as zeros, which a zip holds in next to nothing.
Format: ELF-64, little-endian, as both of Lambda's architectures have it.
"""

from __future__ import annotations

import struct

_MAGIC = b"\x7fELF\x02\x01"
_FILE_HEADER = struct.Struct("<40xQ10xHHH")
_SECTION = struct.Struct("<IIQQQQIIQQ")
_MACHINE = struct.Struct("<18xH")
_MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}
_SYMTAB, _STRTAB, _PROGBITS = 2, 3, 1
_ALLOC = 0x2


def machine(body: bytes) -> str | None:
    """The architecture a shared object runs on, as Lambda calls it; None for any other file."""
    if not body.startswith(_MAGIC):
        return None
    return _MACHINES.get(_MACHINE.unpack_from(body)[0], "another")


def blanked(body: bytes) -> bytes:
    """The same file with zeros for its unmapped tables; not an ELF-64 file: as it was."""
    if not body.startswith(_MAGIC):
        return body
    table_at, entry_bytes, count, names_index = _FILE_HEADER.unpack_from(body)
    result = bytearray(body)
    for index in range(count):
        _, kind, flags, _, at, size, *_ = _SECTION.unpack_from(body, table_at + index * entry_bytes)
        unmapped = kind in {_SYMTAB, _STRTAB, _PROGBITS} and not flags & _ALLOC
        if unmapped and index != names_index:
            result[at : at + size] = bytes(size)
    return bytes(result)
