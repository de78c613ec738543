"""The verifier finds every alteration and says where it is; hundreds at random, all on request.

All ten thousand of `mutants.py` were run once; docs/performance.md says when and with what result.
"""

import random
from pathlib import Path

import pytest

from moderation.audit import verify
from tests.property.moderation.audit.altered import Alteration, repack
from tests.property.moderation.audit.mutants import complaint, mutant, specimens
from tests.property.moderation.audit.specimen import Specimen, verified
from tests.property.moderation.audit.tampering import ALTERATIONS

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
