"""What the audit log promises of its speed and size, as ratios and counts."""

from pathlib import Path

import pytest

from tests.perf.moderation.audit.figures import (
    exporting_bytes,
    memory_bytes,
    proving,
    verifying,
    write_subjects,
)

MIB = 1 << 20


@pytest.mark.slow
def test_the_verifier_is_faster_than_parsing_json(tmp_path: Path) -> None:
    """All checks take less time than json.loads and the tree alone: 1.2 times the rate."""
    assert verifying(tmp_path).ratio >= 1.2


@pytest.mark.slow
@pytest.mark.parametrize("subjects", [100_000])
def test_the_verifiers_memory_grows_with_the_subjects_alone(subjects: int, tmp_path: Path) -> None:
    """64 MiB and 120 bytes a subject, whatever the number of entries."""
    assert memory_bytes(write_subjects(tmp_path, subjects)) <= 64 * MIB + 120 * subjects


@pytest.mark.slow
def test_the_exporters_memory_does_not_grow_with_the_bundle() -> None:
    """A bundle of 50 MB passes through a third of it: spools, one run of entries, the heads."""
    peak, written = exporting_bytes()

    assert written > 50_000_000
    assert peak <= 16 * MIB


def test_a_proof_at_a_million_has_at_most_twenty_hashes() -> None:
    """The tree's height, and no more."""
    hashes, _ = proving(rounds=1)

    assert hashes <= 20
