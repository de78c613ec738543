"""The verifier finds every alteration and says where it is; hundreds at random, all on request.

All ten thousand of `mutants.py` were run once; docs/performance.md says when and with what result.
"""

import random
from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.stores.signer import LocalSigner
from tests.property.moderation.audit.altered import Alteration, one_file, repack
from tests.property.moderation.audit.mutants import complaint, mutant, specimens
from tests.property.moderation.audit.specimen import Specimen, reseal, verified
from tests.property.moderation.audit.tampering import ALTERATIONS
from tests.support.audit_story import AuditStory
from tests.support.stack import ORIGIN, Stack

CLERK = LocalSigner(b"c" * 32, ORIGIN)
ROUNDS = 8
SAMPLE = 210
"""Ten of each alteration, of bundles of 10,000 entries."""


@pytest.fixture(scope="module")
def honest() -> tuple[Specimen, Specimen]:
    """A whole bundle and a redacted one."""
    return specimens(300)


def test_the_honest_bundles_hold(honest: tuple[Specimen, Specimen], tmp_path: Path) -> None:
    """As they were built, and packed again by another program."""
    for each in honest:
        assert each.files["proofs/range"].startswith(b"150 450 510\n")
        assert verified(each.data, each.receipts, tmp_path) == []
        again = repack(each.files, manifest=False)
        assert verified(again, each.receipts, tmp_path) == []


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=lambda each: each.__name__)
def test_an_alteration_is_found_and_located(
    alteration: Alteration, honest: tuple[Specimen, Specimen], tmp_path: Path
) -> None:
    """Each of many variants fails as what it is, at the index or in the file where it was made."""
    chance = random.Random(alteration.__name__)  # noqa: S311
    for number in range(ROUNDS):
        altered = alteration(honest[number % 2], chance)
        failures = verified(altered.data, altered.receipts, tmp_path)

        assert complaint(altered, failures) is None, altered.name


@pytest.fixture(scope="module")
def evidence() -> Specimen:
    """The evidence of one case: chains with their proofs, records, words, anchors with theirs."""
    story = AuditStory(Stack.fresh(), signer=CLERK).tell()
    specimen = Specimen(story.bundle(case=True), ())
    assert {"proofs/consistency", "documents.jsonl", "payloads.jsonl"} <= specimen.files.keys()
    return specimen


def kinds_found(data: bytes, folder: Path) -> set[str]:
    """The kinds of failure."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    key = verify.parse_key(str(CLERK.key))
    return {each.kind for each in verify.check(path, key, [], 0)[0]}


def test_every_file_of_a_cases_evidence_is_held(evidence: Specimen, tmp_path: Path) -> None:
    """A bit of each, flipped wherever it is; packed again with a fitting manifest."""
    assert kinds_found(evidence.data, tmp_path) == set()
    chance = random.Random("evidence")  # noqa: S311
    for name, data in evidence.files.items():
        for _ in range(ROUNDS if data else 0):
            altered = bytearray(data)
            altered[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            found = one_file("bit", evidence, name, bytes(altered))
            assert kinds_found(found.data, tmp_path) & found.kinds, name


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("later.jsonl", {"chain", "heads", "later", "manifest"}),
        ("documents.jsonl", {"document"}),
        ("payloads.jsonl", {"payload"}),
        ("heads.jsonl", {"heads"}),
        ("proofs/consistency", {"anchor"}),
    ],
)
def test_lines_of_a_cases_evidence_are_missed_in_any_place(
    name: str, kinds: set[str], evidence: Specimen, tmp_path: Path
) -> None:
    """Dropped, doubled or swapped, and sealed by the log itself; a record may be left out."""
    lines = evidence.files[name].splitlines(keepends=True)
    assert len(lines) > 1
    for at, line in enumerate(lines):
        dropped, doubled = [*lines[:at], *lines[at + 1 :]], [*lines[:at], line, *lines[at:]]
        swapped = [*lines[: at - 1], line, lines[at - 1], *lines[at + 1 :]] if at else doubled
        for each in (doubled, swapped, *([dropped] if name != "documents.jsonl" else [])):
            data = reseal(evidence.files | {name: b"".join(each)}, CLERK)
            assert kinds_found(data, tmp_path) & kinds, (name, at)


@pytest.mark.slow
def test_every_bit_that_a_zip_adds_to_its_files(
    honest: tuple[Specimen, Specimen], tmp_path: Path
) -> None:
    """Headers, descriptors, directory: none is free, however little a reader makes of it."""
    bundle, path = honest[0], tmp_path / "bundle.zip"
    frame = set(range(len(bundle.data)))
    frame.difference_update(*(range(first, end) for first, end, _ in bundle.members))
    free = []
    for at in sorted(frame):
        for bit in range(8):
            data = bytearray(bundle.data)
            data[at] ^= 1 << bit
            path.write_bytes(data)
            if _is_free(path, bundle):
                free.append((at, bit))

    assert free == []


def _is_free(path: Path, honest: Specimen) -> bool:
    """Say whether neither the container nor what is read of it differs from the honest one."""
    try:
        altered = verify.Bundle(path)
    except verify.Bad:
        return False
    try:
        altered.check_container()
        same = set(altered.names) == set(honest.files)
        return same and all(altered.read(name) == data for name, data in honest.files.items())
    except verify.Bad:
        return False
    finally:
        altered.close()


@pytest.mark.slow
def test_a_sample_of_the_ten_thousand(tmp_path: Path) -> None:
    """The first of the numbered alterations of bundles of 10,000 entries."""
    honest = specimens(10_000)
    for number in range(SAMPLE):
        altered = mutant(number, honest)
        failures = verified(altered.data, altered.receipts, tmp_path)

        assert complaint(altered, failures) is None, (number, altered.name)
