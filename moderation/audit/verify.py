#!/usr/bin/env python3
"""Verify an extract of a Hausrecht audit log: offline, with the Python standard library alone.

    python verify.py BUNDLE --key VKEY [--succession FILE]... [--policy FILE]
                     [--witness VKEY]... [--quorum K] [--tsa FILE]... [--receipt FILE]... [--json]

BUNDLE is an export (zip, or the folder it was unpacked to) or a single `.tlog-proof`. The keys
must come from elsewhere than the bundle. Exit code 0: everything holds. 1: it does not; the first
line printed names the first bad index, or the file, and the kind of failure. 2: wrong usage.

The file is complete in itself and shares no code with the program that writes the log: a copy of
it can be kept, read and run anywhere (Python 3.11 or later), and an error of the writer is not
repeated here. That is why it is longer than a module of this project may otherwise be.
What is checked, and what each kind of failure means: docs/formats/audit-log.md.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import struct
import sys
import zipfile
import zlib
from binascii import unhexlify
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

FORMAT = "hausrecht-export/v1"
CHUNK = 1 << 17
HASH = 32
ZERO = b"0" * 64
PART_GRACE = timedelta(days=1)
CLOCK_GRACE = timedelta(minutes=1)
CLOCK_GRACE_S = CLOCK_GRACE.total_seconds()
LATE_GRACE = timedelta(minutes=2)
"""How much earlier than an entry before it an entry may be dated: the merge delay, and as much."""

OPEN_GRACE = timedelta(minutes=15)
"""How much earlier than a cosignature an entry may be dated that its tree does not have: the ten
minutes for which a checkpoint is open to witnesses, the merge delay, and as much again."""
FILES = ("READ-ME.txt", "checkpoint", "checkpoint.tsr", "entries.jsonl", "proofs/leaves",
         "entries.csv", "proofs/range", "proofs/consistency", "heads.jsonl", "later.jsonl",
         "documents.jsonl", "payloads.jsonl", "manifest.json", "seal")  # fmt: skip
OPTIONAL = ("checkpoint.tsr", "proofs/consistency", "documents.jsonl", "payloads.jsonl")
STAMP = ".tsr"
STAMP_LIMIT_BYTES = 1 << 16

_ULID = rb"[0-7][0-9A-HJKMNP-TV-Z]{25}"
_HEX = rb"[0-9a-f]{64}"
_COUNT = rb"[1-9][0-9]{0,14}"
_SUBJECT = rb"[a-z]{2,24}:[A-Za-z0-9._-]{1,64}"
ENTRY = re.compile(
    rb'\{"action":"[a-z]{2,24}:[a-z]{2,24}","actor":"(?P<actor>[0-9a-f]{32})"'
    rb',"after":"(?P<after>[0-9a-f]{64})","at":"(?P<at>[0-9]{4}-(?:0[1-9]|1[0-2])'
    rb"-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z)"
    rb'","before":"(?P<before>[0-9a-f]{64})","cause":"(?P<cause>' + _ULID
    + rb')","content":(?:null|' + _COUNT + rb'),"id":"(?P<id>' + _ULID
    + rb')","origin":"(?P<origin>[A-Za-z0-9._~:/-]{1,100})","part":\[(?P<part>' + _COUNT
    + rb"," + _COUNT + rb')\],"payload":(?:null|"(?P<payload>[0-9a-f]{64})")'
    rb',"prev":"(?P<prev>[0-9a-f]{64})","prev_id":(?:null|"(?P<prev_id>' + _ULID
    + rb')"),"reason":"[A-Za-z0-9][A-Za-z0-9._:/@#+-]{0,63}","rev":(?P<rev>' + _COUNT
    + rb'),"rule":(?:null|"[A-Za-z0-9._-]{1,40}@[A-Za-z0-9._-]{1,40}#[A-Za-z0-9._-]{1,60}")'
    rb',"subject":"(?P<subject>' + _SUBJECT + rb')","v":1,"via":"(?:api|rule|job)"\}'
)  # fmt: skip
WITHHELD = re.compile(rb'\{"leaf":"(' + _HEX + rb')"\}')
HEAD = re.compile(
    rb'\{"head":"(' + _HEX + rb')","rev":(' + _COUNT + rb'),"subject":"(' + _SUBJECT + rb')"\}'
)
_NODE = rb"[A-Za-z0-9+/]{43}="
LATER = re.compile(
    rb'\{"entry":(\{[^{}]*\}),"index":(0|' + _COUNT + rb'),"proof":\[((?:"' + _NODE
    + rb'"(?:,(?="))?)*)\]\}'
)  # fmt: skip
DOCUMENT = re.compile(
    rb'\{"document":(\{.*\}),"part":"([A-Za-z0-9#._-]{1,100})","salt":(?:null|"(' + _HEX
    + rb')"),"subject":"(' + _SUBJECT + rb')"\}'
)  # fmt: skip
PAYLOAD = re.compile(
    rb'\{"entry":"(' + _ULID + rb')","fields":(\{.*\}),"salt":"(' + _HEX + rb')"\}'
)  # fmt: skip
RECEIPT = re.compile(
    r"([^\n]+)\nhausrecht-receipt/v1\n([0-7][0-9A-HJKMNP-TV-Z]{25})\n([0-9a-f]{64})\n"
    r"([0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z)\n"
)
SUCCESSION = re.compile(
    r"([^\n]+)\nhausrecht-succession/v1\n([^\n]+)\n([^\n]+)\n(0|[1-9][0-9]{0,17})\n"
    r"([A-Za-z0-9+/]{43}=)\n([0-9-]{10}T[0-9:]{8}\.[0-9]{3}Z)\n"
)
CONSISTENCY = re.compile(rb"([0-9A-Za-z.-]+)((?: " + _NODE + rb")*)")
CHECKPOINT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n")


def printable(text: str) -> str:
    """Return a text in one line that any screen takes: names in a bundle are anybody's."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


class Failure(NamedTuple):
    """One thing that does not hold: what kind, at which index or in which file, and why."""

    kind: str
    at: int | None
    file: str
    detail: str

    def __str__(self) -> str:
        file = printable(self.file)
        where = file if self.at is None else f"index {self.at} ({file})"
        return f"{self.kind}: {where}: {printable(self.detail)}"


class Bad(Exception):
    """Raised where a check fails and what follows depends on it."""

    def __init__(self, kind: str, file: str, detail: str, index: int | None = None) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, index, file, detail)


# Signatures: Ed25519 (RFC 8032) and ECDSA (FIPS 186-5), verification only.

P25519 = 2**255 - 19
L25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, -1, P25519) % P25519
I25519 = pow(2, (P25519 - 1) // 4, P25519)


def _ed_add(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P25519
    b = (p[1] + p[0]) * (q[1] + q[0]) % P25519
    c, d = 2 * p[3] * q[3] * D25519 % P25519, 2 * p[2] * q[2] % P25519
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P25519, g * h % P25519, f * g % P25519, e * h % P25519


def _ed_mul(scalar: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _ed_add(total, point)
        point, scalar = _ed_add(point, point), scalar >> 1
    return total


def _ed_decode(data: bytes) -> tuple[int, ...]:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P25519:
        raise ValueError("not a point")
    square = (y * y - 1) * pow(D25519 * y * y + 1, -1, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * I25519 % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        raise ValueError("not a point")
    x = P25519 - x if x & 1 != sign else x
    return x, y, 1, x * y % P25519


_BASE25519 = _ed_decode((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))


def ed25519_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether 64 bytes are the key's signature over the message."""
    if len(key) != 32 or len(signature) != 64:
        return False
    try:
        x, y, z, t = _ed_decode(key)
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if s >= L25519:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L25519
    x, y, z, _ = _ed_add(_ed_mul(s, _BASE25519), _ed_mul(h, (P25519 - x, y, z, P25519 - t)))
    inverse = pow(z, -1, P25519)
    x, y = x * inverse % P25519, y * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


class Der(NamedTuple):
    """One value of ASN.1 in DER: its tag, what it holds, and its bytes as a whole."""

    tag: int
    content: bytes
    raw: bytes

    def parts(self) -> list[Der]:
        """Return the values it consists of."""
        return der(self.content)


def der(data: bytes) -> list[Der]:
    """Read values that follow each other; ValueError or IndexError for what is not DER."""
    found, at = [], 0
    while at < len(data):
        length, begin = data[at + 1], at + 2
        if length & 128:
            count = length & 127
            begin += count
            length = int.from_bytes(data[at + 2 : begin], "big")
            if not 0 < count < 4 or length < max(128, 1 << 8 * (count - 1)):
                raise ValueError("not DER")
        if data[at] & 31 == 31 or begin + length > len(data):
            raise ValueError("not DER")
        found.append(Der(data[at], data[begin : begin + length], data[at : begin + length]))
        at = begin + length
    return found


def der_number(value: Der) -> int:
    """Return a whole number that is not negative; ValueError unless it is in its one spelling."""
    number = int.from_bytes(value.content, "big")
    if value.tag != 2 or value.content != number.to_bytes(number.bit_length() // 8 + 1, "big"):
        raise ValueError("not a number in DER")
    return number


class Curve(NamedTuple):
    """y² = x³ - 3x + b over the field of p; a point (x, y) that generates n points."""

    p: int
    b: int
    n: int
    x: int
    y: int


def _curve(p: int, *numbers: str) -> Curve:
    return Curve(p, *(int(number.replace(" ", ""), 16) for number in numbers))


P256 = _curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    "5ac635d8 aa3a93e7 b3ebbd55 769886bc 651d06b0 cc53b0f6 3bce3c3e 27d2604b",
    "ffffffff 00000000 ffffffff ffffffff bce6faad a7179e84 f3b9cac2 fc632551",
    "6b17d1f2 e12c4247 f8bce6e5 63a440f2 77037d81 2deb33a0 f4a13945 d898c296",
    "4fe342e2 fe1a7f9b 8ee7eb4a 7c0f9e16 2bce3357 6b315ece cbb64068 37bf51f5",
)
P384 = _curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
    "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
)
P521 = _curve(
    2**521 - 1,
    "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109"
    "e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
    "a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3d"
    "baa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
    "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662"
    "c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
)
SPKI256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def _ec_add(
    curve: Curve, p: tuple[int, int] | None, q: tuple[int, int] | None
) -> tuple[int, int] | None:
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % curve.p == 0:
            return None
        slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, curve.p)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, curve.p)
    x = (slope * slope - p[0] - q[0]) % curve.p
    return x, (slope * (p[0] - x) - p[1]) % curve.p


def _ec_mul(curve: Curve, scalar: int, point: tuple[int, int] | None) -> tuple[int, int] | None:
    total: tuple[int, int] | None = None
    while scalar:
        if scalar & 1:
            total = _ec_add(curve, total, point)
        point, scalar = _ec_add(curve, point, point), scalar >> 1
    return total


def ecdsa_holds(curve: Curve, key: bytes, digest: bytes, signature: bytes) -> bool:
    """Say whether ASN.1 DER is the signature of an uncompressed point's key over a digest."""
    half = (curve.p.bit_length() + 7) // 8
    x, y = int.from_bytes(key[1 : 1 + half], "big"), int.from_bytes(key[1 + half :], "big")
    if key[:1] != b"\x04" or len(key) != 1 + 2 * half or max(x, y) >= curve.p:
        return False
    if (y * y - (x * x * x - 3 * x + curve.b)) % curve.p:
        return False
    try:
        (both,) = der(signature)
        r, s = map(der_number, both.parts())
    except (ValueError, IndexError):
        return False
    if both.tag != 0x30 or not (0 < r < curve.n and 0 < s < curve.n):
        return False
    e = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - curve.n.bit_length())
    w = pow(s, -1, curve.n)
    of_base = _ec_mul(curve, e * w % curve.n, (curve.x, curve.y))
    point = _ec_add(curve, of_base, _ec_mul(curve, r * w % curve.n, (x, y)))
    return point is not None and point[0] % curve.n == r


def p256_holds(spki: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether ASN.1 DER is the key's ECDSA signature over the message's SHA-256."""
    digest = hashlib.sha256(message).digest()
    return spki.startswith(SPKI256) and ecdsa_holds(P256, spki[26:], digest, signature)


# Notes and keys (C2SP signed-note, tlog-checkpoint, tlog-cosignature).


class Key(NamedTuple):
    """A vkey: name, type (1 Ed25519, 2 P-256, 4 witness), key material and the id in notes."""

    name: str
    kind: int
    material: bytes
    key_id: bytes


def unbase64(text: str) -> bytes:
    """Read base64 in its one canonical spelling; ValueError for any other."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("base64 that is not canonical")
    return raw


def parse_key(vkey: str) -> Key:
    """Read a vkey; ValueError where name, id and key do not belong together."""
    name, key_id, encoded = vkey.split("+", 2)
    raw = unbase64(encoded)
    kind, material = raw[0], raw[1:]
    named = material if kind == 2 else name.encode() + b"\n" + raw
    if hashlib.sha256(named).digest()[:4].hex() != key_id or kind not in (1, 2, 4) or not name:
        raise ValueError("not a verification key")
    return Key(name, kind, material, bytes.fromhex(key_id))


def holds(key: Key, text: str, signature: bytes) -> bool:
    """Say whether a signature over a note's text is the key's."""
    if key.kind == 1:
        return ed25519_holds(key.material, text.encode(), signature)
    if key.kind == 2:
        return p256_holds(key.material, text.encode(), signature)
    time = int.from_bytes(signature[:8], "big")
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    return ed25519_holds(key.material, message, signature[8:])


def parse_note(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Read a signed note: its text, and (name, key id and signature) of each line; ValueError."""
    whole = data.decode()
    text, gap, block = whole.rpartition("\n\n")
    if not gap or not block.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", whole):
        raise ValueError("not a signed note")
    lines = []
    for line in block[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        raw = unbase64(encoded)
        if dash != "—" or not name or len(raw) < 5:
            raise ValueError("not a signature line")
        lines.append((name, raw))
    return text + "\n", lines


class Keys:
    """The log's key as it was given, and those that took over from it by succession notes."""

    def __init__(self, key: Key) -> None:
        self.all = [key]
        self.ends: list[tuple[Tree, datetime]] = []

    def follow(self, data: bytes, file: str) -> None:
        """Take a succession note: signed by the last key known and by the one that follows it."""
        try:
            text, lines = parse_note(data)
            found = SUCCESSION.fullmatch(text)
            old, new = (parse_key(found[2]), parse_key(found[3])) if found else (None, None)
        except ValueError as error:
            raise Bad("succession", file, f"not a succession note: {error}") from error
        if found is None or new is None or {found[1]} != {self.all[-1].name, new.name}:
            raise Bad("succession", file, "not a succession note of this log")
        if old != self.all[-1]:
            raise Bad("succession", file, "does not follow from the key before it")
        for key in (self.all[-1], new):
            if not any(signed_by(key, text, lines, file)):
                raise Bad("succession", file, f"not signed by the key {key.key_id.hex()}")
        tree = parse_checkpoint(f"{found[1]}\n{found[4]}\n{found[5]}\n", file)
        self.all.append(new)
        self.ends.append((tree, instant(found[6].encode())))

    def signers(self, text: str, lines: list[tuple[str, bytes]], file: str) -> list[int]:
        """Return which of the keys signed, by number; Bad where none did or one is forged."""
        found = [at for at, key in enumerate(self.all) if any(signed_by(key, text, lines, file))]
        if not found:
            raise Bad("signature", file, "not signed by the key given")
        return found

    def may_sign(self, signers: list[int], size: int, at: datetime | None = None) -> bool:
        """Say whether one of the signers was the log's key for a tree of this size, or then."""
        return any(
            number >= len(self.ends)
            or (size <= self.ends[number][0].size and (at is None or at <= self.ends[number][1]))
            for number in signers
        )


def signed_by(key: Key, text: str, lines: list[tuple[str, bytes]], file: str) -> Iterator[bool]:
    """Yield True for each signature line of the key; Bad where one does not hold."""
    for name, raw in lines:
        if (name, raw[:4]) == (key.name, key.key_id):
            if not holds(key, text, raw[4:]):
                raise Bad("signature", file, "the signature does not hold")
            yield True


def open_note(data: bytes, keys: Keys, file: str) -> tuple[str, list[tuple[str, bytes]], list[int]]:
    """Return text, signature lines and signers of a note the log signed; Bad where it didn't."""
    try:
        text, lines = parse_note(data)
    except ValueError as error:
        raise Bad("note", file, f"not a signed note: {error}") from error
    return text, lines, keys.signers(text, lines, file)


class Tree(NamedTuple):
    """What a checkpoint says: the log's origin, the tree's size and root."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str, file: str) -> Tree:
    """Read the text of a checkpoint."""
    found = CHECKPOINT.fullmatch(text)
    if found is None or base64.b64encode(base64.b64decode(found[3])).decode() != found[3]:
        raise Bad("note", file, "not a checkpoint")
    return Tree(found[1], int(found[2]), base64.b64decode(found[3]))


def open_checkpoint(data: bytes, keys: Keys, file: str) -> tuple[Tree, str, list[Any]]:
    """Return a checkpoint the log signed, its text and signature lines."""
    text, lines, signers = open_note(data, keys, file)
    tree = parse_checkpoint(text, file)
    if not keys.may_sign(signers, tree.size):
        raise Bad("signature", file, "signed by a key that another had followed before this size")
    return tree, text, lines


class Policy:
    """Which witnesses are known, and which of them must have cosigned (C2SP tlog-policy)."""

    def __init__(self, witnesses: list[Key], quorum: int) -> None:
        self.log: Key | None = None
        self.witnesses = {key.name: key for key in witnesses}
        self.groups: dict[str, tuple[int, list[str]]] = {"": (quorum, list(self.witnesses))}
        self.quorum = ""

    def read(self, text: str) -> None:
        """Read the lines of a policy file; ValueError where one is none, or which are enough is
        not said exactly once."""
        quorums = 0
        for line in text.splitlines():
            known = {*self.witnesses, *self.groups}
            match line.split("#")[0].split():
                case []:
                    continue
                case ["log", vkey, *_]:
                    self.log = parse_key(vkey)
                case ["witness", name, vkey, *_] if name not in known:
                    key = parse_key(vkey)
                    if key in self.witnesses.values():
                        raise ValueError(f"one witness under two names: {line}")
                    self.witnesses[name] = key
                case ["group", name, count, *members] if name not in known:
                    least = {"any": 1, "all": len(members)}.get(count) or int(count)
                    if not known.issuperset(members) or not 0 < least <= len(set(members)):
                        raise ValueError(f"no such group can be: {line}")
                    self.groups[name] = least, members
                case ["quorum", name] if name == "none" or name in known:
                    self.quorum = "" if name == "none" else name
                    quorums += 1
                case _:
                    raise ValueError(f"not a line of a policy: {line}")
        if quorums != 1:
            raise ValueError("a policy has one line that begins with quorum")

    def times(self, text: str, lines: list[tuple[str, bytes]], file: str) -> dict[str, int]:
        """Return the POSIX time at which each known witness cosigned a note."""
        found = {}
        for known, key in self.witnesses.items():
            for name, raw in lines:
                if (name, raw[:4]) == (key.name, key.key_id):
                    if not holds(key, text, raw[4:]):
                        raise Bad("witness", file, f"the cosignature of {name} does not hold")
                    found[known] = int.from_bytes(raw[4:12], "big")
        return found

    def lacks(self, times: dict[str, int]) -> str | None:
        """Say what is missing where those who cosigned are not enough."""
        if self.is_met(self.quorum, times):
            return None
        least, members = self.groups.get(self.quorum, (1, [self.quorum]))
        signed = sum(self.is_met(member, times) for member in members)
        return f"{signed} of {least} witnesses cosigned"

    def is_met(self, name: str, times: dict[str, int]) -> bool:
        """Say whether a witness, or enough of a group, cosigned."""
        if name in self.groups:
            least, members = self.groups[name]
            return sum(self.is_met(member, times) for member in members) >= least
        return name in times


# Time stamps (RFC 3161 in CMS, RFC 5652), by RSA (RFC 8017) or ECDSA, and the way from the
# certificate that signed one to a certificate that was given. Not looked at: revocation, policies,
# constraints on names and lengths; `openssl ts -verify` says more of those.


def _oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    found = bytearray([40 * first + second])
    for arc in rest:
        digits = [arc >> 7 * at & 127 for at in range(4, -1, -1)]
        while len(digits) > 1 and not digits[0]:
            del digits[0]
        found += bytes([*(digit | 128 for digit in digits[:-1]), digits[-1]])
    return bytes(found)


_PKCS, _SHA2 = "1.2.840.113549.1", ("sha256", "sha384", "sha512")
HASHES = {_oid(f"2.16.840.1.101.3.4.2.{at}"): name for at, name in enumerate(_SHA2, 1)}
RSA = {_oid(f"{_PKCS}.1.{at}"): name for at, name in enumerate(_SHA2, 11)}
ECDSA = {_oid(f"1.2.840.10045.4.3.{at}"): name for at, name in enumerate(_SHA2, 2)}
CURVES = {_oid("1.2.840.10045.3.1.7"): P256, _oid("1.3.132.0.34"): P384, _oid("1.3.132.0.35"): P521}
RSA_ENCRYPTION, RSA_PSS = _oid(f"{_PKCS}.1.1"), _oid(f"{_PKCS}.1.10")
SIGNED_DATA, TST_INFO = _oid(f"{_PKCS}.7.2"), _oid(f"{_PKCS}.9.16.1.4")
CONTENT_TYPE, MESSAGE_DIGEST = _oid(f"{_PKCS}.9.3"), _oid(f"{_PKCS}.9.4")
SIGNED_WITH, SIGNED_WITH_2 = _oid(f"{_PKCS}.9.16.2.12"), _oid(f"{_PKCS}.9.16.2.47")
CONSTRAINTS, PURPOSES = _oid("2.5.29.19"), _oid("2.5.29.37")
TIME_STAMPING = _oid("1.3.6.1.5.5.7.3.8")
NAMES = (_oid("2.5.4.3"), _oid("2.5.4.10"))
RSA_LEAST_BITS = 2048
CHAIN_LIMIT, CERTIFICATES_LIMIT = 3, 10
TRUE = b"\xff"


def _masked(seed: bytes, length: int, name: str) -> bytes:
    blocks = (hashlib.new(name, seed + at.to_bytes(4, "big")).digest() for at in range(length))
    mask = b""
    while len(mask) < length:
        mask += next(blocks)
    return mask[:length]


def _pss_holds(encoded: int, bits: int, digest: bytes, name: str) -> bool:
    """Check EMSA-PSS (RFC 8017, 9.1.2) with a salt of any length."""
    size = (bits + 7) // 8
    if encoded.bit_length() > bits:
        return False
    data = encoded.to_bytes(size, "big")
    masked, seed, end = data[: -len(digest) - 1], data[-len(digest) - 1 : -1], data[-1]
    mask = _masked(seed, len(masked), name)
    block = int.from_bytes(masked, "big") ^ int.from_bytes(mask, "big")
    block &= (1 << 8 * len(masked) - (8 * size - bits)) - 1
    salted = block.to_bytes(len(masked), "big").lstrip(b"\0")
    again = hashlib.new(name, bytes(8) + digest + salted[1:]).digest()
    return end == 0xBC and salted[:1] == b"\1" and hmac.compare_digest(again, seed)


def rsa_holds(
    key: tuple[int, int], message: bytes, signature: bytes, name: str, *, pss: bool
) -> bool:
    """Say whether an RSA signature, PKCS #1 v1.5 or PSS, is that of modulus and exponent."""
    modulus, exponent = key
    size, number = (modulus.bit_length() + 7) // 8, int.from_bytes(signature, "big")
    if modulus.bit_length() < RSA_LEAST_BITS or len(signature) != size or number >= modulus:
        return False
    encoded, digest = pow(number, exponent, modulus), hashlib.new(name, message).digest()
    if pss:
        return _pss_holds(encoded, modulus.bit_length() - 1, digest, name)
    (oid,) = (oid for oid, known in HASHES.items() if known == name)
    info = bytes([0x30, 17 + len(digest), 0x30, 13, 6, 9]) + oid + b"\5\0\4"
    info += bytes([len(digest)]) + digest
    padded = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return encoded.to_bytes(size, "big") == padded


def signature_holds(
    key: Der, algorithm: Der, message: bytes, signature: bytes, name: str = ""
) -> bool:
    """Check a signature by a SubjectPublicKeyInfo and an AlgorithmIdentifier.

    `name` is the hash where the algorithm leaves it to the message. What is of no kind known here
    does not hold.
    """
    try:
        return _signature_holds(key, algorithm, message, signature, name)
    except (ValueError, IndexError, KeyError):
        return False


def _signature_holds(key: Der, algorithm: Der, message: bytes, signature: bytes, name: str) -> bool:
    kind, material = key.parts()
    oid, *parameters = algorithm.parts()
    bits = material.content[1:]
    if oid.content in ECDSA:
        digest = hashlib.new(ECDSA[oid.content], message).digest()
        return ecdsa_holds(CURVES[kind.parts()[1].content], bits, digest, signature)
    if oid.content == RSA_PSS:
        (hashed,) = (each for each in parameters[0].parts() if each.tag == 0xA0)
        name = HASHES[hashed.parts()[0].parts()[0].content]
    elif oid.content != RSA_ENCRYPTION:
        name = RSA[oid.content]
    modulus, exponent = map(der_number, der(bits)[0].parts())
    pss = oid.content == RSA_PSS
    return rsa_holds((modulus, exponent), message, signature, name, pss=pss)


def moment(value: Der) -> datetime:
    """Return a UTCTime or GeneralizedTime; ValueError for any but UTC."""
    text = value.content.decode("ascii")
    if value.tag == 0x17:
        text = ("19" if text >= "5" else "20") + text
    found = re.fullmatch(r"(\d{14})(\.\d+)?Z", text)
    if value.tag not in (0x17, 0x18) or found is None:
        raise ValueError("not a time")
    whole = datetime.strptime(found[1] + "+0000", "%Y%m%d%H%M%S%z")
    return whole + timedelta(seconds=float(found[2] or 0))


class Certificate(NamedTuple):
    """What is looked at of an X.509 certificate (RFC 5280)."""

    raw: bytes
    signed: bytes
    algorithm: Der
    signature: bytes
    issuer: bytes
    begins: datetime
    ends: datetime
    subject: Der
    key: Der
    extensions: dict[bytes, Der]

    @property
    def name(self) -> str:
        """What its subject is called, for people."""
        pairs = (pair.parts() for names in self.subject.parts() for pair in names.parts())
        known = {oid.content: value.content.decode("utf-8", "replace") for oid, value in pairs}
        named = next((known[oid] for oid in NAMES if oid in known), "")
        return re.sub(r"[^ -~\xa0-\uffff]", "?", named) or hashlib.sha256(self.raw).hexdigest()

    def may(self, purpose: bytes) -> bool:
        """Say whether it is for this extended purpose."""
        found = self.extensions.get(PURPOSES)
        return found is not None and purpose in [each.content for each in found.parts()]

    @property
    def is_authority(self) -> bool:
        """Whether it may sign certificates."""
        found = self.extensions.get(CONSTRAINTS)
        return found is not None and [(each.tag, each.content) for each in found.parts()][:1] == [
            (1, TRUE)
        ]

    def leads_to(
        self, given: list[Certificate], others: list[Certificate], at: datetime, most: int
    ) -> bool:
        """Say whether it is one of the given, or was issued by one, over at most so many others."""
        if not self.begins <= at <= self.ends:
            return False
        return self.raw in [each.raw for each in given] or any(
            each.is_authority
            and each.subject.raw == self.issuer
            and signature_holds(each.key, self.algorithm, self.signed, self.signature)
            and each.leads_to(given, others, at, most - 1)
            for each in ([*given, *others] if most else [])
        )


def read_certificate(raw: bytes) -> Certificate:
    """Read a certificate; ValueError or IndexError for what is none."""
    (whole,) = der(raw)
    signed, algorithm, signature = whole.parts()
    fields = [each for each in signed.parts() if each.tag != 0xA0]
    _, _, issuer, validity, subject, key = fields[:6]
    begins, ends = map(moment, validity.parts())
    extensions = {}
    for each in fields[6:]:
        for extension in each.parts()[0].parts() if each.tag == 0xA3 else ():
            oid, *_, value = extension.parts()
            (extensions[oid.content],) = value.parts()
    return Certificate(whole.raw, signed.raw, algorithm, signature.content[1:], issuer.raw,
                       begins, ends, subject, key, extensions)  # fmt: skip


def read_certificates(text: str) -> list[Certificate]:
    """Read a file of certificates in PEM; ValueError where there is none."""
    found = re.findall(
        r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----", text
    )
    if not found:
        raise ValueError("no certificate in PEM")
    try:
        return [read_certificate(base64.b64decode(each)) for each in found]
    except IndexError as error:
        raise ValueError("not a certificate") from error


class Stamp(NamedTuple):
    """What a time stamp says: this digest was there at this time, give or take `within`."""

    name: str
    imprint: bytes
    at: datetime
    within: timedelta
    nonce: int | None
    signer: Certificate
    others: list[Certificate]

    @property
    def latest(self) -> float:
        """The latest POSIX time that it may have been."""
        return (self.at + self.within).timestamp()

    def is_of(self, data: bytes) -> bool:
        """Say whether it is about these bytes."""
        return hashlib.new(self.name, data).digest() == self.imprint

    def is_by(self, given: list[Certificate]) -> bool:
        """Say whether one of the authorities given made it."""
        return self.signer.leads_to(given, self.others, self.at, CHAIN_LIMIT)


def read_stamp(data: bytes) -> Stamp:
    """Read an authority's answer, and check the signature by the certificate it names.

    Whose certificate that is, is for `is_by` to say. ValueError for what is no time stamp.
    """
    if len(data) > STAMP_LIMIT_BYTES:
        raise ValueError("larger than a time stamp may be")
    try:
        return _read_stamp(data)
    except (IndexError, KeyError, OverflowError) as error:
        raise ValueError(f"not a time stamp of a kind known here: {error!r}") from error


def _read_stamp(data: bytes) -> Stamp:
    (response,) = der(data)
    status, *token = response.parts()
    if der_number(status.parts()[0]) not in (0, 1):
        raise ValueError("the authority refused")
    kind, wrapped = token[0].parts()
    _, _, content, *optional, signers = wrapped.parts()[0].parts()
    what, held = content.parts()
    info = held.parts()[0].content
    if (kind.content, what.content) != (SIGNED_DATA, TST_INFO):
        raise ValueError("not a time stamp")
    found = [each.parts() for each in optional if each.tag == 0xA0]
    certificates = [read_certificate(each.raw) for each in chain(*found) if each.tag == 0x30]
    if len(certificates) > CERTIFICATES_LIMIT:
        raise ValueError("too many certificates")
    (signer,) = signers.parts()
    _, _, hashed, attributes, algorithm, signature, *_ = signer.parts()
    pairs = [each.parts() for each in attributes.parts()]
    said = {oid.content: values.parts()[0] for oid, values in pairs}
    name = HASHES[hashed.parts()[0].content]
    if (
        attributes.tag != 0xA0
        or len(said) != len(pairs)
        or said[CONTENT_TYPE].content != TST_INFO
        or said[MESSAGE_DIGEST].content != hashlib.new(name, info).digest()
    ):
        raise ValueError("its attributes are of something else")
    (by,) = (each for each in certificates if _is_named(each, said))
    spelled = b"\x31" + attributes.raw[1:]
    if not signature_holds(by.key, algorithm, spelled, signature.content, name):
        raise ValueError("the signature does not hold, or is of a kind not known here")
    if not by.may(TIME_STAMPING):
        raise ValueError("its certificate is not for time stamps")
    others = [each for each in certificates if each is not by]
    return _of_info(der(info)[0].parts(), by, others)


def _is_named(certificate: Certificate, said: dict[bytes, Der]) -> bool:
    """Say whether it is the certificate that the signed attributes name (RFC 5035)."""
    attribute = said.get(SIGNED_WITH_2) or said[SIGNED_WITH]
    fields = attribute.parts()[0].parts()[0].parts()
    name = "sha256" if SIGNED_WITH_2 in said else "sha1"
    if fields[0].tag == 0x30:
        name = HASHES[fields.pop(0).parts()[0].content]
    return hashlib.new(name, certificate.raw).digest() == fields[0].content


def _of_info(fields: list[Der], by: Certificate, others: list[Certificate]) -> Stamp:
    """Return what a TSTInfo says."""
    version, _, imprint, _, time, *rest = fields
    if der_number(version) != 1:
        raise ValueError("of another version")
    algorithm, digest = imprint.parts()
    accuracy = [each.parts() for each in rest if each.tag == 0x30]
    parts = {each.tag: int.from_bytes(each.content, "big") for each in chain(*accuracy)}
    within = timedelta(seconds=parts.get(0x02, 0), milliseconds=parts.get(0x80, 0),
                       microseconds=parts.get(0x81, 0))  # fmt: skip
    nonces = [der_number(each) for each in rest if each.tag == 0x02]
    name = HASHES[algorithm.parts()[0].content]
    nonce = nonces[0] if nonces else None
    return Stamp(name, digest.content, moment(time), within, nonce, by, others)


# The Merkle tree (RFC 6962): a stack of perfect subtrees, largest first.


def leaf_hash(body: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def push(stack: list[bytes], size: int, level: int, node: bytes) -> None:
    """Append a perfect subtree of 2**level leaves to a tree of `size`."""
    carry = size >> level
    while carry & 1:
        node, carry = node_hash(stack.pop(), node), carry >> 1
    stack.append(node)


def extend(stack: list[bytes], size: int, nodes: list[bytes]) -> int:
    """Append leaves to a tree of `size`, one level of the tree at a time; return the new size."""
    size, carry, single = size + len(nodes), size, []
    begun = hashlib.sha256(b"\x01").copy
    while nodes:
        if carry & 1:
            nodes = [stack.pop(), *nodes]
        if len(nodes) & 1:
            single.append(nodes.pop())
        pairs, nodes = zip(nodes[::2], nodes[1::2], strict=True), []
        for left, right in pairs:
            node = begun()
            node.update(left + right)
            nodes.append(node.digest())
        carry >>= 1
    stack += reversed(single)
    return size


def root_of(stack: list[bytes]) -> bytes:
    """Return the root of the tree the stack stands for."""
    if not stack:
        return hashlib.sha256(b"").digest()
    node = stack[-1]
    for left in reversed(stack[:-1]):
        node = node_hash(left, node)
    return node


def levels(begin: int, end: int) -> Iterator[int]:
    """Yield the levels of the perfect subtrees that cover [begin, end), in order."""
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        yield level
        begin += 1 << level


def included(leaf: bytes, index: int, tree: Tree, proof: list[bytes]) -> bool:
    """Say whether an inclusion proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if index >= tree.size:
        return False
    inner = (index ^ (tree.size - 1)).bit_length()
    if len(proof) != inner + bin(index >> inner).count("1"):
        return False
    for level, sibling in enumerate(proof):
        right = level >= inner or index >> level & 1
        leaf = node_hash(sibling, leaf) if right else node_hash(leaf, sibling)
    return leaf == tree.root


def consistent(old: Tree, tree: Tree, proof: list[bytes]) -> bool:
    """Say whether a consistency proof leads from one tree to another (RFC 9162, 2.1.4.2)."""
    if old.size == tree.size or not old.size:
        return not proof and (not old.size or old.root == tree.root)
    path = proof if old.size & (old.size - 1) else [old.root, *proof]
    index, last = old.size - 1, tree.size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    inner = (index ^ last).bit_length()
    if old.size > tree.size or len(path) != 1 + inner + bin(index >> inner).count("1"):
        return False
    first = second = path[0]
    for level, sibling in enumerate(path[1:]):
        if level >= inner or index >> level & 1:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
        else:
            second = node_hash(second, sibling)
    return (first, second) == (old.root, tree.root)


class Bound(NamedTuple):
    """Somebody else's clock: the entries of a tree of this size were there by a POSIX time.

    `seen`: at that time it was the log's latest tree, so that those behind it came later.
    """

    size: int
    time: float
    file: str
    seen: bool = False

    def hold(self, at: bytes, index: int | None) -> None:
        """Hold the time an entry states against it."""
        if at and instant(at).timestamp() > self.time + CLOCK_GRACE_S:
            detail = "an entry that it is about is dated after it"
            raise Bad("time", self.file, detail, index)


class Times:
    """What entries say of when they were, in order of index, against their places in the log.

    The log takes an entry within a minute. One that stands far behind entries dated later came
    late or is dated back; the first are kept in `late`. One that is dated before a tree that a
    witness saw without it fails.
    """

    def __init__(self) -> None:
        self.first = self.seen = self.latest = self.floor = b""
        self.clock = ""
        self.late: list[int] = []

    def see(self, lines: Iterable[bytes], index: int) -> None:
        """Take lines of entries that stand one behind the other."""
        for at_line, line in enumerate(lines, index):
            if line[2:3] == b"l":
                continue
            begin = line.find(b'","actor":"', 14) + 126
            self.seen = at = line[begin : begin + 24]
            if at < self.floor:
                detail = "an entry behind the tree that it is about is dated long before it"
                raise Bad("time", self.clock, detail, at_line)
            if at >= self.latest:
                self.first, self.latest = self.first or at, at
            elif instant(at) + LATE_GRACE < instant(self.latest):
                self.late.append(at_line)

    def leave(self, bound: Bound) -> None:
        """Go on behind the tree that somebody has seen."""
        last = min(bound.time, 1 << 37) - OPEN_GRACE.total_seconds()
        floor = datetime.fromtimestamp(last, UTC).isoformat(timespec="milliseconds")
        if bound.seen and floor.encode() > self.floor:
            self.floor, self.clock = floor[:23].encode() + b"Z", bound.file


# The bundle as files.

UNREADABLE = (zipfile.BadZipFile, OSError, ValueError, ArithmeticError, RuntimeError, EOFError,
              NotImplementedError, IndexError, struct.error, zlib.error)  # fmt: skip


def _member_end(file: IO[bytes], info: zipfile.ZipInfo) -> int:
    """Return where a zip's member ends, after holding its own header against the directory's."""
    file.seek(info.header_offset)
    raw = file.read(30)
    if len(raw) < 30:
        raise Bad("container", info.filename, "ends inside a header")
    header: tuple[Any, ...] = struct.unpack("<4s5H3L2H", raw)
    year, month, day, hour, minute, second = info.date_time
    date = year - 1980 << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
    sizes = (info.CRC, info.compress_size, info.file_size)
    signed = info.flag_bits & 8
    large = max(sizes[1:]) >= 0xFFFFFFFF or 0xFFFFFFFF in header[7:9]
    same = (
        header[0] == b"PK\3\4"
        and header[1] == info.extract_version
        and header[2:4] == (info.flag_bits, info.compress_type)
        and (header[5], header[4]) == date
        and (large or header[6:9] == ((0, 0, 0) if signed else sizes))
        and file.read(header[9]) == info.orig_filename.encode()
    )
    end: int = info.header_offset + 30 + header[9] + header[10] + info.compress_size
    if signed:
        file.seek(end)
        descriptor = struct.pack("<4sL2Q" if large else "<4s3L", b"PK\7\x08", *sizes)
        same = same and file.read(len(descriptor)) == descriptor
        end += len(descriptor)
    if not same:
        raise Bad("container", info.filename, "the two headers of the zip's member differ")
    return end


def _is_ours(info: zipfile.ZipInfo) -> bool:
    """Say whether a member's header in the directory is as the log's own writer makes it."""
    return (
        (info.create_system, info.flag_bits, info.compress_type) == (3, 8, 0)
        and info.date_time == (1980, 1, 1, 0, 0, 0)
        and info.external_attr == 0o100644 << 16
        and (info.internal_attr, info.volume, info.reserved) == (0, 0, 0)
        and info.create_version == info.extract_version
        and not info.comment
    )


class Bundle:
    """The files of an export, from a zip or a folder, each read as a stream and as often as needed.

    What a complete read of a file hashes to is kept in `digests`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digests: dict[str, str] = {}
        self._file: IO[bytes] | None = None
        if path.is_dir():
            files = (each for each in path.rglob("*") if each.is_file())
            self.names = [each.relative_to(path).as_posix() for each in files]
            self.times_there = Counter(self.names)
            return
        try:
            self._file = path.open("rb")
            self._zip = zipfile.ZipFile(self._file)
        except UNREADABLE as error:
            self.close()
            raise Bad("container", path.name, f"not a readable zip: {error}") from error
        self.names = [name for name in self._zip.namelist() if not name.endswith("/")]
        self.times_there = Counter(self.names)

    def close(self) -> None:
        """Close the zip."""
        if self._file is not None:
            self._file.close()

    def check_container(self) -> None:
        """Hold the zip's own bytes together: a reader skips most of them, and none may differ.

        Members lie end to end, both headers of each agree, and either all members bear the marks
        of the log's own writer or none does (then somebody packed the files again, as they may).
        """
        if self._file is None:
            return
        position = 0
        infos = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        for info in infos:
            if info.header_offset != position:
                raise Bad("container", info.filename, "does not begin where the last one ends")
            position = _member_end(self._file, info)
        central = sum(
            46 + len(info.orig_filename.encode()) + len(info.extra) + len(info.comment)
            for info in infos
        )
        self._file.seek(position)
        directory = self._file.read(central)
        rest = self._file.read() if position + central < 1 << 31 else b""
        at = 0
        for info in self._zip.infolist():
            # A reader takes fewer bytes than these say where the directory ends before.
            said = struct.unpack("<3H", directory[at + 28 : at + 34].ljust(6, b"\0"))
            if said != (len(info.orig_filename.encode()), len(info.extra), len(info.comment)):
                raise Bad("container", info.filename, "the directory says other lengths")
            at += 46 + sum(said)
        count = len(infos)
        if rest and (count > 0xFFFF or rest != struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, count, count, central, position, 0
        )):  # fmt: skip
            raise Bad("container", self.path.name, "the end of the zip is not what it must be")
        marks = {_is_ours(info) for info in infos}
        if len(marks) > 1:
            raise Bad("container", self.path.name, "the headers of the zip were altered")

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes; Bad where it is missing or damaged."""
        if self.times_there[name] != 1:
            raise Bad("file", name, "must be there exactly once")
        digest = hashlib.sha256()
        try:
            for chunk in self._stored(name) if self._is_stored(name) else self._opened(name):
                digest.update(chunk)
                yield chunk
        except UNREADABLE as error:
            raise Bad("container", name, f"cannot be read: {error}") from error
        self.digests[name] = digest.hexdigest()

    def read(self, name: str) -> bytes:
        """Return a small file whole."""
        return b"".join(self.chunks(name))

    def line_runs(self, name: str) -> Iterator[list[bytes]]:
        """Yield a file's lines in runs, without their ends; an unended last line is yielded too."""
        rest = b""
        for chunk in self.chunks(name):
            *lines, rest = (rest + chunk).split(b"\n")
            if lines:
                yield lines
        if rest:
            yield [rest + b" (line without end)"]

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield a file's lines."""
        for run in self.line_runs(name):
            yield from run

    def digest(self, name: str) -> str:
        """Return a file's SHA-256 in hex."""
        if name not in self.digests:
            for _ in self.chunks(name):
                pass
        return self.digests[name]

    def _is_stored(self, name: str) -> bool:
        if self._file is None:
            return False
        info = self._zip.getinfo(name)
        return (info.compress_type, info.flag_bits & 1) == (zipfile.ZIP_STORED, 0)

    def _stored(self, name: str) -> Iterator[bytes]:
        """Yield a member that is not compressed as it lies in the zip, without its CRC."""
        assert self._file is not None  # noqa: S101 - only zips have members
        info = self._zip.getinfo(name)
        self._file.seek(info.header_offset + 26)
        name_length, extra_length = struct.unpack("<2H", self._file.read(4))
        position = info.header_offset + 30 + name_length + extra_length
        end = position + info.file_size
        while position < end:
            self._file.seek(position)
            chunk = self._file.read(min(CHUNK, end - position))
            if not chunk:
                raise EOFError("the zip ends inside this file")
            position += len(chunk)
            yield chunk

    def _opened(self, name: str) -> Iterator[bytes]:
        path = self.path / name
        with path.open("rb") if self._file is None else self._zip.open(name) as file:
            while chunk := file.read(CHUNK):
                yield chunk


# The entries.


class Fault(Exception):
    """An entry contradicts those before it."""


class Cause:
    """The parts of one act on several subjects, as far as they were seen."""

    __slots__ = ("first_at", "index", "last_at", "parts", "seen")

    def __init__(self, parts: int, index: int, at: bytes) -> None:
        self.parts, self.index, self.first_at, self.last_at = parts, index, at, at
        self.seen: set[int] = set()


KEPT = 24
"""Bytes kept of a subject's last leaf hash: enough against any collision, and half the memory."""


class Acts:
    """What was seen of subjects and causes, fed with one entry after another in index order.

    `gaps` counts the acts that were passed over, each of which must be a withheld line.
    `last` holds of each subject's last act a part of the leaf hash, and the rev,
    by Python's own hash of the subject, which nobody outside the process can foresee. Two subjects
    with one key would be reported as a broken chain, and never pass for an intact one.
    """

    def __init__(self, *, from_start: bool) -> None:
        self.from_start = from_start
        self.last: dict[int, bytes] = {}
        self.withheld: set[bytes] = set()
        self.gaps = 0
        self.causes: dict[bytes, Cause] = {}

    def see(self, index: int, body: bytes, leaf: bytes) -> None:
        """Take an entry; raise Fault where it contradicts what was seen, ValueError for none."""
        found = ENTRY.fullmatch(body)
        if found is None:
            raise ValueError("not an entry")
        ident, part, prev, prev_id, rev_text, subject = found.group(
            "id", "part", "prev", "prev_id", "rev", "subject"
        )
        rev, key = int(rev_text), hash(subject)
        if (rev == 1) != (prev_id is None) or (rev == 1) != (prev == ZERO):
            raise Fault("rev, prev and prev_id contradict each other")
        if prev_id is not None and prev_id >= ident:
            raise Fault("its id is not greater than that of its predecessor")
        self.follow(self.last.get(key), prev, rev)
        self.last[key] = leaf[:KEPT] + rev_text
        if part != b"1,1":
            self.count_part(index, found["cause"], part, found["at"])

    def follow(self, known: bytes | None, prev: bytes, rev: int) -> None:
        """Hold an entry against what is known of its subject."""
        before = binascii.unhexlify(prev)
        due = 1 if known is None else int(known[KEPT:]) + 1
        if not (
            (known is not None and before[:KEPT] == known[:KEPT] and rev == due)
            or (before in self.withheld and rev > due)
            or (known is None and (rev == 1 or not self.from_start))
        ):
            detail = "" if rev != due else ", and its prev is not that entry"
            raise Fault(f"rev {rev} where rev {due} of its subject is due{detail}")
        if known is not None or self.from_start:
            self.gaps += rev - due

    def count_part(self, index: int, name: bytes, part: bytes, at: bytes) -> None:
        """Note a part of a cause, and forget the cause once it is whole."""
        number, parts = map(int, part.split(b","))
        cause = self.causes.setdefault(name, Cause(parts, index, at))
        if number > parts or parts != cause.parts or number in cause.seen:
            raise Fault(f"part {number} of {parts} contradicts the other parts of its cause")
        cause.seen.add(number)
        cause.first_at, cause.last_at = min(cause.first_at, at), max(cause.last_at, at)
        if len(cause.seen) == parts:
            del self.causes[name]


def _fast_pattern(origin: str) -> Callable[[bytes], re.Match[bytes] | None]:
    """Return a matcher of this log's entries that takes any text for a hash."""
    loose = re.sub(rb"\[0-9a-f\]", rb'[^"]', ENTRY.pattern)
    fixed = re.sub(rb"\?P<(?:at|cause)>", rb"?:", loose)
    named = re.sub(rb"\(\?P<origin>[^)]*\)", lambda _: re.escape(origin.encode()), fixed)
    return re.compile(re.sub(rb"(\]\{[0-9,]+\})", rb"\1+", named)).fullmatch


class Before(dict[bytes, bytes]):
    """The number before a number, as text; small ones are kept."""

    def __missing__(self, number: bytes) -> bytes:
        value = b"%d" % (int(number) - 1)
        if len(self) < 4096:
            self[number] = value
        return value


class Scan:
    """Reads the entries once, in order: form, leaf against the list, chain and parts of each.

    What is kept grows with the subjects, the withheld lines and the unfinished causes, never with
    the entries. `marks` are older checkpoints, compared when the tree has the size they stand
    under; `bounds` are held against the times of the entries below.
    """

    def __init__(self, bundle: Bundle, origin: str, begin: int, stack: list[bytes]) -> None:
        self.acts = Acts(from_start=begin == 0)
        self.size, self.withheld, self.times = begin, 0, Times()
        self.stack, self.match = stack, _fast_pattern(origin)
        self.marks: dict[int, list[tuple[str, bytes]]] = {}
        self.bounds: dict[int, list[Bound]] = {}
        self.before = Before()
        self.lines = bundle.line_runs("entries.jsonl")
        self.leaves, self.spare = bundle.chunks("proofs/leaves"), b""

    def run(self) -> None:
        """Read to the end; Bad at the first line that fails."""
        for lines in self.lines:
            hashes: list[bytes] = []
            fault = self.read(lines, hashes)
            self.compare(hashes, lines)
            if fault:
                raise fault
        if self.spare or next(self.leaves, b""):
            raise Bad("entry", "entries.jsonl", "ends before the list of leaves does", self.size)

    def read(self, lines: list[bytes], hashes: list[bytes]) -> Bad | None:
        """Check lines, collecting their leaf hashes, up to one that fails.

        The pattern takes anything for a hash and is much the faster for it; that they are
        lower-case hex is looked at for all lines at once.
        """
        match, last, unhex = self.match, self.acts.last, binascii.unhexlify
        begun = hashlib.sha256(b"\x00").copy
        digits: list[bytes] = []
        broken: Bad | None = None
        before = self.before
        add, add_digits = hashes.append, digits.extend
        try:
            for line in lines:
                found = match(line)
                if found is None:
                    add(self.unusual(line))
                    continue
                hasher = begun()
                hasher.update(line)
                leaf = hasher.digest()
                actor, after, state, ident, part, payload, prev, prev_id, rev, subject = (
                    found.groups()
                )
                add_digits((actor, after, state, prev, payload or b""))
                key = hash(subject)
                if (
                    prev_id is None or prev_id >= ident or part != b"1,1"
                    or last.get(key) != unhex(prev)[:KEPT] + before[rev]
                ):  # fmt: skip
                    self.acts.see(self.size + len(hashes), line, leaf)
                else:
                    last[key] = leaf[:KEPT] + rev
                add(leaf)
        except ValueError:
            return self.malformed(lines, hashes)
        except Fault as fault:
            broken = self.bad("chain", str(fault), len(hashes))
        if b"".join(digits).translate(None, b"0123456789abcdef"):
            return self.malformed(lines, hashes)
        return broken

    def malformed(self, lines: list[bytes], hashes: list[bytes]) -> Bad:
        """Return the failure of the first line that is no entry; the hashes are those up to it."""
        forms = [ENTRY.fullmatch(line) or WITHHELD.fullmatch(line) for line in lines]
        first = forms.index(None)
        hashes[:] = [_leaf_of(line) for line in lines[: first + 1]]
        return self.bad("form", "not the canonical body of an entry", first)

    def unusual(self, line: bytes) -> bytes:
        """Return the leaf hash of a withheld line; anything else fails."""
        hidden = WITHHELD.fullmatch(line)
        if hidden is None:
            if ENTRY.fullmatch(line):
                raise Fault("an entry of another log")
            raise ValueError("not an entry")
        leaf = binascii.unhexlify(hidden[1])
        self.acts.withheld.add(leaf)
        self.withheld += 1
        return leaf

    def bad(self, kind: str, detail: str, offset: int) -> Bad:
        """Return the failure of the line that stands `offset` behind those already read."""
        return Bad(kind, "entries.jsonl", detail, self.size + offset)

    def compare(self, hashes: list[bytes], lines: list[bytes]) -> None:
        """Hold the lines' leaf hashes against the list of leaves, and append them to the tree."""
        need = HASH * len(hashes)
        while len(self.spare) < need and (chunk := next(self.leaves, b"")):
            self.spare += chunk
        if b"".join(hashes) != self.spare[:need]:
            listed = (self.spare[at : at + HASH] for at in range(0, need, HASH))
            same = [ours == theirs for ours, theirs in zip(hashes, listed, strict=True)]
            index = self.size + same.index(False)
            raise Bad("entry", "entries.jsonl", "not the entry the list of leaves has", index)
        self.spare = self.spare[need:]
        end = self.size + len(hashes)
        for stop in sorted(size for size in {*self.marks, *self.bounds} if size <= end):
            count = stop - self.size
            self.times.see(lines[:count], self.size)
            self.size = extend(self.stack, self.size, hashes[:count])
            del hashes[:count]
            lines = lines[count:]
            for name, root in self.marks.pop(stop, ()):
                if root != root_of(self.stack):
                    raise Bad("anchor", name, "the tree had another root at this size", stop)
            for bound in self.bounds.pop(stop, ()):
                bound.hold(self.times.latest, stop)
                self.times.leave(bound)
        self.times.see(lines[: len(hashes)], self.size)
        self.size = extend(self.stack, self.size, hashes)


# The whole.


class Verifier:
    """Runs all checks on one bundle and collects what fails; a failure stops what builds on it."""

    def __init__(
        self,
        bundle: Bundle,
        keys: Keys,
        policy: Policy,
        receipts: list[Path],
        authorities: list[Certificate],
    ) -> None:
        self.bundle, self.keys, self.policy, self.receipts = bundle, keys, policy, receipts
        self.authorities = authorities
        self.failures: list[Failure] = []
        self.bounds: list[Bound] = []
        self.facts: dict[str, Any] = {
            "format": FORMAT, "key": keys.all[-1].key_id.hex(), "stamps": 0, "stamps_unheld": 0
        }  # fmt: skip

    def run(self) -> None:
        """Check everything."""
        self.attempt(self.bundle.check_container)
        tree = self.attempt(self.check_checkpoint)
        bounds = self.attempt(self.check_range, tree) if tree else None
        if tree and bounds:
            self.attempt(self.check_entries, tree, *bounds)
        self.attempt(self.check_files)
        self.attempt(self.check_seal)
        self.attempt(self.check_manifest, tree)

    def attempt(self, check: Callable[..., Any], *arguments: Any) -> Any:
        """Run a check; keep its failure, return what it found."""
        try:
            return check(*arguments)
        except Bad as bad:
            self.failures.append(bad.failure)
            return None

    def check_checkpoint(self) -> Tree | None:
        """Signature of the log, then of the witnesses. A forged one fails, and is read on."""
        data = self.bundle.read("checkpoint")
        try:
            tree, text, lines = open_checkpoint(data, self.keys, "checkpoint")
        except Bad as bad:
            self.failures.append(bad.failure)
            try:
                text, lines = parse_note(data)
            except ValueError:
                return None
            tree = parse_checkpoint(text, "checkpoint")
        self.facts |= {"origin": tree.origin, "size": tree.size, "root": tree.root.hex()}
        times = self.policy.times(text, lines, "checkpoint")
        if lacking := self.policy.lacks(times):
            self.fail("witness", "checkpoint", lacking)
        self.facts |= {"cosigned": times, "stamped": {}}
        self.bounds += [Bound(tree.size, time, "checkpoint", seen=True) for time in times.values()]
        self.facts["stamped"] = self.attempt(self.check_stamp, "checkpoint", data, tree.size) or {}
        return tree

    def check_stamp(self, name: str, data: bytes, size: int) -> dict[str, str]:
        """Return by whom and when a checkpoint was stamped, if it was, by an authority given."""
        file = name + STAMP
        if file not in self.bundle.names:
            if self.authorities and name == "checkpoint":
                raise Bad("stamp", file, "not stamped")
            return {}
        try:
            stamp = read_stamp(self.bundle.read(file))
        except ValueError as error:
            raise Bad("stamp", file, f"not a time stamp: {error}") from error
        if not stamp.is_of(data):
            raise Bad("stamp", file, f"not a time stamp of {name}")
        if not self.authorities:
            self.facts["stamps_unheld"] += 1
            return {}
        if not stamp.is_by(self.authorities):
            raise Bad("stamp", file, f"{stamp.signer.name} is none of the authorities given")
        self.facts["stamps"] += 1
        self.bounds.append(Bound(size, stamp.latest, file))
        return {stamp.signer.name: stamp.at.isoformat()}

    def check_range(self, tree: Tree) -> tuple[int, int, list[bytes], list[bytes]]:
        """Read where the entries stand in the tree, and the subtrees left and right of them."""
        first, *lines = self.bundle.read("proofs/range").decode("ascii", "replace").split("\n")
        found = re.fullmatch(r"(0|[1-9]\d{0,14}) (0|[1-9]\d{0,14}) (0|[1-9]\d{0,17})", first)
        begin, end, size = map(int, found.groups()) if found else (1, 0, 0)
        if not begin <= end <= size or size != tree.size:
            raise Bad("range", "proofs/range", "its numbers are not a range of the tree")
        left, right = bin(begin).count("1"), len(list(levels(end, size)))
        try:
            nodes = [unbase64(line) for line in lines if line]
        except ValueError as error:
            raise Bad("range", "proofs/range", f"not base64: {error}") from error
        blanks = [at for at, line in enumerate(lines) if not line]
        if blanks != [left, left + 1 + right] or any(len(node) != HASH for node in nodes):
            raise Bad("range", "proofs/range", "not the hashes that this range needs")
        self.facts["range"] = [begin, end]
        return begin, end, nodes[:left], nodes[left:]

    def check_entries(
        self, tree: Tree, begin: int, end: int, left: list[bytes], right: list[bytes]
    ) -> None:
        """Check the entries, then what is said of their subjects."""
        scan = Scan(self.bundle, tree.origin, begin, list(left))
        self.attempt(self.check_anchors, scan, tree, begin, end)
        for bound in self.bounds:
            if begin < bound.size <= end:
                scan.bounds.setdefault(bound.size, []).append(bound)
        try:
            scan.run()
        except Bad as bad:
            raise self.diagnosed(bad, tree, begin, left, right) from bad
        if scan.size != end:
            detail = f"{scan.size - begin} entries for a range of {end - begin}"
            raise Bad("count", "entries.jsonl", detail, scan.size)
        for level, node in zip(levels(end, tree.size), right, strict=True):
            push(scan.stack, end, level, node)
            end += 1 << level
        if root_of(scan.stack) != tree.root:
            raise Bad("root", "entries.jsonl", "entries and proof don't hash to the signed root")
        self.facts |= {"entries": scan.size - begin, "withheld": scan.withheld}
        for bound in self.bounds:
            if bound.size > scan.size:
                self.attempt(bound.hold, scan.times.latest, None)
        self.attempt(self.check_later, tree, scan)
        self.attempt(self.check_heads, scan.acts)
        if "documents.jsonl" in self.bundle.names:
            self.attempt(self.check_documents)
        if "payloads.jsonl" in self.bundle.names:
            self.attempt(self.check_payloads)
        self.attempt(self.check_causes, scan)
        if self.receipts:
            self.check_receipts(begin)

    def diagnosed(
        self, bad: Bad, tree: Tree, begin: int, left: list[bytes], right: list[bytes]
    ) -> Bad:
        """Say which is wrong where an entry differs from the list of leaves: only one is signed."""
        if bad.failure.kind != "entry":
            return bad
        stack, size = list(left), begin
        try:
            for run in self.bundle.line_runs("entries.jsonl"):
                size = extend(stack, size, [_leaf_of(line) for line in run])
        except Bad as unreadable:
            self.failures.append(unreadable.failure)
        if size != self.facts["range"][1]:
            return bad
        for level, node in zip(levels(size, tree.size), right, strict=True):
            push(stack, size, level, node)
            size += 1 << level
        if root_of(stack) != tree.root:
            return bad
        detail = "the list of leaves is not that of the signed tree"
        return Bad("leaves", "proofs/leaves", detail, bad.failure.at)

    def check_anchors(self, scan: Scan, tree: Tree, begin: int, end: int) -> None:
        """Read older checkpoints: each is compared when the tree has its size, or by a proof."""
        self.facts |= {"anchors": 0, "anchored": []}
        proofs = self.read_proofs()
        names = sorted(name for name in self.bundle.names if name.startswith("anchors/"))
        for name in (name for name in names if not name.endswith(STAMP)):
            data = self.bundle.read(name)
            anchor, text, lines = open_checkpoint(data, self.keys, name)
            if anchor.origin != tree.origin or anchor.size > tree.size:
                raise Bad("anchor", name, "a checkpoint of another log, or of a later tree")
            times = self.policy.times(text, lines, name)
            if begin < anchor.size <= end:
                scan.marks.setdefault(anchor.size, []).append((name, anchor.root))
            elif not consistent(anchor, tree, proofs.pop(name.removeprefix("anchors/"), [])):
                raise Bad("anchor", name, "nothing leads from it to the checkpoint")
            self.bounds += [Bound(anchor.size, time, name, seen=True) for time in times.values()]
            stamped = self.attempt(self.check_stamp, name, data, anchor.size) or {}
            self.facts["anchors"] += 1
            self.facts["anchored"].append(
                {"file": name, "size": anchor.size, "cosigned": times, "stamped": stamped}
            )
        for name in proofs:
            raise Bad("anchor", "proofs/consistency", f"{name} is no anchor that needs a proof")
        for end_of_key, _ in self.keys.ends:
            if begin < end_of_key.size <= end:
                scan.marks.setdefault(end_of_key.size, []).append(("succession", end_of_key.root))

    def read_proofs(self) -> dict[str, list[bytes]]:
        """Return the consistency proofs by the anchors that they lead from."""
        if "proofs/consistency" not in self.bundle.names:
            return {}
        proofs: dict[str, list[bytes]] = {}
        for line in self.bundle.lines("proofs/consistency"):
            found = CONSISTENCY.fullmatch(line)
            if found is None or found[1].decode() <= max(proofs, default=""):
                raise Bad("anchor", "proofs/consistency", "not in form or order")
            proofs[found[1].decode()] = [base64.b64decode(node) for node in found[2].split()]
        return proofs

    def check_later(self, tree: Tree, scan: Scan) -> None:
        """Check the entries behind the range that lead to the heads, each with its own proof."""
        acts, times, previous, count = scan.acts, scan.times, scan.size - 1, 0
        passed = sorted(self.bounds)
        for line in self.bundle.lines("later.jsonl"):
            found = LATER.fullmatch(line)
            if found is None:
                raise Bad("later", "later.jsonl", "not a line of this file", previous + 1)
            hidden = WITHHELD.fullmatch(found[1])
            index, leaf = int(found[2]), _leaf_of(found[1])
            proof = [base64.b64decode(node) for node in re.findall(_NODE, found[3])]
            if index <= previous or not included(leaf, index, tree, proof):
                raise Bad("later", "later.jsonl", "not in the signed tree at this place", index)
            while passed and passed[0].size <= index:
                times.leave(passed.pop(0))
            try:
                if not hidden:
                    acts.see(index, found[1], leaf)
                    self.attempt(self.hold_time, found[1], index, passed, times)
            except (Fault, ValueError) as fault:
                raise Bad("chain", "later.jsonl", str(fault), index) from fault
            if hidden:
                acts.withheld.add(leaf)
                self.facts["withheld"] += 1
            previous, count = index, count + 1
        dated = [at.decode() for at in (times.first, times.latest)]
        self.facts |= {"later": count, "late": times.late, "dated": dated}

    def hold_time(self, body: bytes, index: int, above: list[Bound], times: Times) -> None:
        """Hold an entry behind the range against its place, and every clock above it."""
        times.see([body], index)
        for bound in above:
            bound.hold(times.seen, index)

    def check_heads(self, acts: Acts) -> None:
        """Each subject of the range has one head, and its last act seen is that head."""
        previous, count = b"", 0
        for line in self.bundle.lines("heads.jsonl"):
            found = HEAD.fullmatch(line)
            if found is None or found[3] <= previous:
                raise Bad("heads", "heads.jsonl", f"line {count + 1} is not in form or order")
            head, previous, count = binascii.unhexlify(found[1]), found[3], count + 1
            last = acts.last.pop(hash(found[3]), None)
            known = last is not None and (
                last == head[:KEPT] + found[2]
                or (head in acts.withheld and int(found[2]) > int(last[KEPT:]))
            )
            if not known or last is None:
                raise self.unlike(found[3], "its head is not its last act in the log")
            acts.gaps += int(found[2]) - int(last[KEPT:])
        if acts.last:
            raise Bad("heads", "heads.jsonl", f"{len(acts.last)} subjects have no head")
        self.facts["subjects"] = count
        begin, end = self.facts["range"]
        most = self.facts["withheld"]
        if acts.gaps > most or (begin == end and acts.gaps != most):
            detail = f"{acts.gaps} acts are passed over, and {most} lines are withheld"
            raise Bad("heads", "heads.jsonl", detail)

    def unlike(self, subject: bytes, detail: str) -> Bad:
        """Say at which index the subject of a wrong head was last seen."""
        needle, index = b'"subject":"' + subject + b'"', None
        for at, line in enumerate(self.bundle.lines("entries.jsonl"), self.facts["range"][0]):
            index = at if needle in line else index
        return Bad("heads", "heads.jsonl", f"{subject.decode()}: {detail}", index)

    def check_documents(self) -> None:
        """A record that an entry binds is in the state its subject's last act left it in."""
        bound: dict[bytes, tuple[int, bytes]] = {}
        previous, parts, number = b"", set[tuple[bytes, bytes]](), 0
        for number, line in enumerate(self.bundle.lines("documents.jsonl"), 1):
            found = DOCUMENT.fullmatch(line)
            if found is None or not _is_canonical(found[1]) or line <= previous:
                raise Bad("document", "documents.jsonl", f"line {number} is not in form or order")
            of = found[4], found[2]
            if of in parts or (found[3] is not None and found[2] != b"META"):
                raise Bad("document", "documents.jsonl", f"line {number} is one too many")
            previous = line
            parts.add(of)
            if found[3] is not None:
                state = hmac.digest(unhexlify(found[3]), b"state/v1\n" + found[1], "sha256")
                bound[found[4]] = (number, state.hex().encode())
        after = self.states(bound)
        for subject, (number_bound, state) in bound.items():
            if after.get(subject) != state:
                detail = f"line {number_bound}: {subject.decode()} was left in another state"
                raise Bad("document", "documents.jsonl", detail)
        self.facts |= {"documents": number, "documents_bound": len(bound)}

    def check_payloads(self) -> None:
        """The personal fields shown are those the acts bound; what is missing was erased later."""
        shown: dict[bytes, bytes] = {}
        previous = b""
        for number, line in enumerate(self.bundle.lines("payloads.jsonl"), 1):
            found = PAYLOAD.fullmatch(line)
            if found is None or found[1] <= previous or not _is_canonical(found[2]):
                raise Bad("payload", "payloads.jsonl", f"line {number} is not in form or order")
            previous = found[1]
            commitment = hmac.digest(unhexlify(found[3]), found[2], "sha256").hex()
            shown[found[1]] = commitment.encode()
        self.facts["payloads"] = len(shown)
        missing: dict[bytes, str] = {}
        for entry in self.shown():
            held = shown.get(entry["id"])
            if entry["payload"] and held is None:
                missing.setdefault(entry["subject"], entry["id"].decode())
            elif held == entry["payload"]:
                shown.pop(entry["id"], None)
            if entry[0].startswith(b'{"action":"payload:erase"'):
                missing.pop(entry["subject"], None)
        for ident in [*missing.values(), *(each.decode() for each in shown)]:
            raise Bad("payload", "payloads.jsonl", f"not what the entry {ident} binds")

    def placed(self) -> Iterator[tuple[int, bytes]]:
        """Yield index and line of each entry, those of the range and then those behind it."""
        yield from enumerate(self.bundle.lines("entries.jsonl"), self.facts["range"][0])
        for found in map(LATER.fullmatch, self.bundle.lines("later.jsonl")):
            if found:
                yield int(found[2]), found[1]

    def shown(self) -> Iterator[re.Match[bytes]]:
        """Yield the entries that are shown."""
        return (entry for _, line in self.placed() if (entry := ENTRY.fullmatch(line)))

    def states(self, subjects: Container[bytes]) -> dict[bytes, bytes]:
        """Return the commitment to the state that the last act shown left each subject in."""
        shown = (entry for entry in self.shown() if entry["subject"] in subjects)
        return {entry["subject"]: entry["after"] for entry in shown}

    def check_causes(self, scan: Scan) -> None:
        """A cause that lacks a part fails if the part could stand nowhere but in the range."""
        causes = scan.acts.causes
        self.facts["open_causes"] = len(causes)
        if not causes or self.facts["withheld"]:
            return
        found = map(ENTRY.fullmatch, self.bundle.lines("entries.jsonl"))
        times = [instant(entry["at"]) for entry in found if entry]
        for cause in causes.values() if times else ():
            first, last = instant(cause.first_at), instant(cause.last_at)
            early = not scan.acts.from_start and first < times[0] + PART_GRACE
            if not early and times[-1] > last + PART_GRACE:
                detail = f"{len(cause.seen)} of the {cause.parts} parts of its cause are in the log"
                raise Bad("part", "entries.jsonl", detail, cause.index)

    def check_receipts(self, begin: int) -> None:
        """Each promise of inclusion is kept in time, or the bundle does not say."""
        found = map(ENTRY.fullmatch, self.bundle.lines("entries.jsonl"))
        times = [instant(entry["at"]) for entry in found if entry]
        self.facts |= {"receipts_kept": 0, "receipts_open": 0}
        for path in self.receipts:
            promise = self.attempt(open_receipt, path, self.keys, self.facts["origin"])
            if promise is None:
                continue
            due = instant(promise[4].encode(), path.name)
            reached = times and times[-1] > due + CLOCK_GRACE
            early = begin > 0 and times and due < times[0] + PART_GRACE
            before = self.latest_before(binascii.unhexlify(promise[3]))
            if before is not None and before > due + CLOCK_GRACE:
                detail = f"entry {promise[2]} came later than was promised, after {before}"
                self.fail("receipt", path.name, detail)
            elif before is not None:
                self.facts["receipts_kept"] += 1
            elif reached and not early:
                self.fail("receipt", path.name, f"entry {promise[2]} was promised and is missing")
            else:
                self.facts["receipts_open"] += 1

    def latest_before(self, leaf: bytes) -> datetime | None:
        """Return the latest time stated before a leaf, its own if it is the first; None without."""
        latest = b""
        for _, line in self.placed():
            entry, is_it = ENTRY.fullmatch(line), _leaf_of(line) == leaf
            if entry and not (is_it and latest):
                latest = max(latest, entry["at"])
            if is_it:
                return instant(latest) if latest else datetime.min.replace(tzinfo=UTC)
        return None

    def check_files(self) -> None:
        """The files are those of the format, no more and no less."""
        for name in sorted({*self.bundle.names, *FILES}):
            count = self.bundle.times_there[name]
            if count != 1 and (count or name not in OPTIONAL):
                self.fail("file", name, "must be there exactly once")
            elif name not in FILES and not re.fullmatch(r"anchors/[0-9A-Za-z.-]+", name):
                self.fail("file", name, "no file of this format")
            elif name.endswith(STAMP) and not self.bundle.times_there[name.removesuffix(STAMP)]:
                self.fail("file", name, "stamps nothing that is here")

    def check_seal(self) -> None:
        """Each file but the anchors, which are signed themselves, is the one the log sealed."""
        text, _, _ = open_note(self.bundle.read("seal"), self.keys, "seal")
        first, form, *lines = text.split("\n")
        sealed = [line.partition("  ")[::2] for line in lines[:-1]]
        if (form, first) != (FORMAT, self.facts.get("origin", first)):
            raise Bad("seal", "seal", "seals something else")
        there = [name for name in FILES if name not in OPTIONAL or name in self.bundle.names]
        if [name for _, name in sealed] != there[:-1]:
            raise Bad("seal", "seal", "does not name the files of this bundle")
        for digest, name in sealed:
            if (
                self.bundle.times_there[name] == 1
                and self.attempt(self.bundle.digest, name) != digest
            ):
                self.fail("seal", name, "not the file that was sealed")

    def check_manifest(self, tree: Tree | None) -> None:
        """The manifest names each file's digest, and this range of this log."""
        data = self.bundle.read("manifest.json")
        try:
            manifest = json.loads(data)
            again = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            digests = dict(manifest["sha256"])
            facts = manifest["format"], manifest["origin"], manifest["range"], manifest["size"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Bad("manifest", "manifest.json", f"not a manifest: {error}") from error
        if again.encode("utf-8", "replace") + b"\n" != data:
            raise Bad("manifest", "manifest.json", "not in canonical form")
        for name in sorted({*self.bundle.names, *map(str, digests)} - {"manifest.json", "seal"}):
            there = self.bundle.times_there[name] == 1
            if not there or self.attempt(self.bundle.digest, name) != digests.get(name):
                self.fail("manifest", name, "not the file the manifest names")
        if tree and facts != (FORMAT, tree.origin, self.facts.get("range"), tree.size):
            raise Bad("manifest", "manifest.json", "not of this range and log")
        if not self.failures:
            self.check_claims(manifest)

    def check_claims(self, manifest: dict[str, Any]) -> None:
        """What the manifest says is in the bundle is there."""
        counts = {name: self.facts[name] for name in ("later", "withheld")}
        counts |= {"entries": self.facts["entries"], "heads": self.facts["subjects"]}
        self.facts["asked"] = [printable(str(manifest.get(name)))[:24] for name in ("from", "to")]
        if manifest.get("counts") != counts:
            raise Bad("manifest", "manifest.json", "counts something else than is here")
        selection, profile = manifest.get("selection"), manifest.get("profile")
        if not isinstance(selection, dict) or profile not in ("full", "authority", "outsider"):
            raise Bad("manifest", "manifest.json", "does not say what was asked for")
        of_case = "case" in selection
        due = {"documents.jsonl": of_case and profile != "outsider",
               "payloads.jsonl": of_case and profile == "full"}  # fmt: skip
        for name, must in due.items():
            if must != (name in self.bundle.names):
                raise Bad("manifest", name, "missing, or not of what was asked for")

    def fail(self, kind: str, file: str, detail: str) -> None:
        """Keep a failure that nothing builds on."""
        self.failures.append(Failure(kind, None, file, detail))


def _is_canonical(text: bytes) -> bool:
    """Say whether JSON is spelled in the one way that is hashed."""
    try:
        value = json.loads(text, parse_float=_refused, parse_constant=_refused, parse_int=_whole)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True,
                           separators=(",", ":")).encode()  # fmt: skip
    except (ValueError, RecursionError):
        return False
    return again == text


def _refused(text: str) -> None:
    raise ValueError(f"not a number that is hashed: {text}")


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) >= 1 << 53:
        raise ValueError("not a number that is hashed")
    return number


def _leaf_of(line: bytes) -> bytes:
    hidden = WITHHELD.fullmatch(line)
    return binascii.unhexlify(hidden[1]) if hidden else leaf_hash(line)


def instant(at: bytes, file: str = "entries.jsonl") -> datetime:
    """Return the time an entry states; Bad for a day that no calendar has, or no log."""
    try:
        found = datetime.fromisoformat(at.decode())
    except ValueError as error:
        raise Bad("form", file, f"no such time: {at.decode()}") from error
    if not 1970 < found.year < 9000:
        raise Bad("form", file, f"no time of a log: {at.decode()}")
    return found


def open_receipt(path: Path, keys: Keys, origin: str) -> re.Match[str]:
    """Return origin, entry, leaf and time of a promise the log made; Bad where it is none."""
    text, _, signers = open_note(path.read_bytes(), keys, path.name)
    promise = RECEIPT.fullmatch(text)
    if promise is None or promise[1] != origin:
        raise Bad("receipt", path.name, "not a receipt of this log")
    if not keys.may_sign(signers, 0, instant(promise[4].encode(), path.name) - CLOCK_GRACE):
        raise Bad("signature", path.name, "signed by a key that another had followed before then")
    return promise


def verify_proof(
    data: bytes, keys: Keys, file: str, policy: Policy, receipts: list[Path]
) -> dict[str, Any]:
    """Check a single entry's proof (C2SP tlog-proof); Bad if it fails.

    The entry is the `extra`. Where that is left out, a receipt must say which leaf it is about.
    """
    head, _, note = data.partition(b"\n\n")
    found = re.fullmatch(
        rb"c2sp\.org/tlog-proof@v1(?:\nextra ([A-Za-z0-9+/=]+))?\nindex (0|[1-9]\d{0,17})"
        rb"((?:\n[A-Za-z0-9+/]{43}=)*)", head
    )  # fmt: skip
    if found is None:
        raise Bad("proof", file, "not a proof of one entry in the form of C2SP tlog-proof")
    tree, text, lines = open_checkpoint(note, keys, file)
    times, index = policy.times(text, lines, file), int(found[2])
    if lacking := policy.lacks(times):
        raise Bad("witness", file, lacking)
    promises = [open_receipt(path, keys, tree.origin) for path in receipts]
    try:
        body = unbase64(found[1].decode()) if found[1] else None
        proof = [unbase64(node.decode()) for node in found[3].split()]
    except ValueError as error:
        raise Bad("proof", file, f"not base64: {error}", index) from error
    entry = None if body is None else ENTRY.fullmatch(body)
    if body is not None and (entry is None or entry["origin"].decode() != tree.origin):
        raise Bad("form", file, "not the canonical body of an entry of this log", index)
    leaves = [binascii.unhexlify(promise[3]) for promise in promises]
    leaves += [leaf_hash(body)] if body is not None else []
    if not leaves:
        raise Bad("proof", file, "names no entry: give the receipt it is for", index)
    if not included(leaves[-1], index, tree, proof):
        raise Bad("root", file, "the entry is not in the signed tree at this place", index)
    if len(set(leaves)) > 1:
        raise Bad("receipt", file, "the receipt is for another entry than the proof", index)
    for time in times.values():
        Bound(tree.size, time, file).hold(entry["at"] if entry else b"", index)
    shown = None if body is None else json.loads(body)
    return {"origin": tree.origin, "size": tree.size, "index": index, "entry": shown,
            "cosigned": times, "receipts_kept": len(promises)}  # fmt: skip


def report(failures: list[Failure], facts: dict[str, Any], *, as_json: bool) -> str:
    """Return what is printed: the failure with the lowest index first, else in order of finding."""
    ordered = sorted(failures, key=lambda failure: (failure.at is None, failure.at or 0))
    if as_json:
        found = [
            {"kind": each.kind, "index": each.at, "file": each.file, "detail": each.detail}
            for each in ordered
        ]
        first = ordered[0].at if ordered else None
        whole = {"holds": not ordered, "first_bad_index": first, "failures": found, "facts": facts}
        return json.dumps(whole, indent=2, sort_keys=True)
    if ordered:
        return "\n".join(["FAILED " + str(ordered[0]), *(f"  also {each}" for each in ordered[1:])])
    if "index" in facts:
        promise = "; the receipt is kept" if facts["receipts_kept"] else ""
        return (f"OK entry {facts['index']} of {facts['origin']} is in its tree of {facts['size']}"
                f"{promise}")  # fmt: skip
    begin, end = facts["range"]
    lines = [
        f"OK {facts['entries']} entries of {facts['origin']}, index {begin} up to {end},",
        f"   under the checkpoint of size {facts['size']}, signed by key {facts['key']};",
        f"   asked for: {' up to '.join(facts['asked'])}, shown: {' to '.join(facts['dated'])}",
    ]
    for name, words in (
        ("withheld", "entries are withheld; their hashes are in the tree"),
        ("open_causes", "acts on several subjects have parts outside the range or still to come"),
        ("anchors", "older checkpoints agree"),
        ("stamps", "checkpoints were stamped by the time-stamp authorities given"),
        (
            "stamps_unheld",
            "time stamps were not looked into: no authority was given (--tsa)",
        ),
        ("payloads", "acts are shown with the words they bind"),
        ("documents_bound", "records are as the last act on them left them"),
        ("receipts_kept", "receipts are kept"),
        ("receipts_open", "receipts are for entries that may stand outside the range"),
    ):
        if facts.get(name):
            lines.append(f"   {facts[name]} {words}")
    if facts["late"]:
        lines.append(f"   {len(facts['late'])} entries came late or are dated back, the first of"
                     f" them index {facts['late'][0]}")  # fmt: skip
    return "\n".join(lines)


def check(
    path: Path,
    key: Key,
    witnesses: list[Key],
    quorum: int,
    receipts: list[Path] | None = None,
    *,
    successions: list[Path] | None = None,
    policy: Policy | None = None,
    authorities: list[Certificate] | None = None,
) -> tuple[list[Failure], Any]:
    """Check a bundle or a proof; return what failed and what was found."""
    keys, promised = Keys(key), receipts or []
    policy = policy or Policy(witnesses, quorum)
    try:
        for each in successions or []:
            keys.follow(each.read_bytes(), each.name)
        if path.is_file():
            with path.open("rb") as file:
                if file.read(23) == b"c2sp.org/tlog-proof@v1\n":
                    return [], verify_proof(path.read_bytes(), keys, path.name, policy, promised)
        bundle = Bundle(path)
    except Bad as bad:
        return [bad.failure], {}
    verifier = Verifier(bundle, keys, policy, promised, authorities or [])
    verifier.run()
    bundle.close()
    return verifier.failures, verifier.facts


def policy_of(path: Path | None, witnesses: list[Key], quorum: int) -> Policy:
    """Return the policy of a file and of what was given beside it; ValueError for none."""
    policy = Policy(witnesses, quorum)
    if path is not None:
        policy.read(path.read_text())
    return policy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a bundle is and what it is held against."""
    parser.add_argument("bundle", type=Path, help="zip, unpacked folder, or .tlog-proof")
    parser.add_argument("--key", type=parse_key, help="the log's vkey, unless the policy has it")
    parser.add_argument("--succession", action="append", default=[], type=Path,
                        help="a note by which another key took over, in order")  # fmt: skip
    parser.add_argument("--policy", type=Path, help="which witnesses count (C2SP tlog-policy)")
    parser.add_argument("--witness", action="append", default=[], type=parse_key, help="a vkey")
    parser.add_argument("--quorum", default=0, type=int, help="witnesses that must have cosigned")
    parser.add_argument("--tsa", action="append", default=[], type=Path, metavar="FILE",
                        help="certificates of a time-stamp authority (PEM)")  # fmt: skip
    parser.add_argument("--receipt", action="append", default=[], type=Path, help="a receipt held")
    parser.add_argument("--json", action="store_true", help="print a report as JSON")


def check_given(
    parser: argparse.ArgumentParser, given: argparse.Namespace
) -> tuple[list[Failure], Any]:
    """Check what the arguments name; wrong usage ends the program."""
    try:
        policy = policy_of(given.policy, given.witness, given.quorum)
    except (OSError, ValueError) as error:
        parser.error(f"the policy: {error}")
    try:
        authorities = [each for path in given.tsa for each in read_certificates(path.read_text())]
    except (OSError, ValueError) as error:
        parser.error(f"the certificates: {error}")
    key = given.key or policy.log
    if key is None:
        parser.error("the log's key must be given")
    if policy.log not in (None, key):
        parser.error("the policy is of a log with another key")
    for path in (*given.receipt, *given.succession):
        if not path.is_file():
            parser.error(f"no such file: {path}")
    return check(given.bundle, key, [], 0, given.receipt,
                 successions=given.succession, policy=policy, authorities=authorities)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="verify", description="Verify an audit log extract.")
    add_arguments(parser)
    given = parser.parse_args(arguments)
    failures, facts = check_given(parser, given)
    print(report(failures, facts, as_json=given.json))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
