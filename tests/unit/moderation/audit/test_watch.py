"""Changes that must never happen to the audit table are seen."""

import pytest

from moderation.audit.watch import tampering


@pytest.mark.parametrize(
    ("pk", "existed", "exists"),
    [
        ("S#post#1", False, True),
        ("PENDING#0", False, True),
        ("PENDING#0", True, False),
        ("LOG#forum.example.com/audit", True, True),
        ("E#1", False, True),
    ],
)
def test_what_the_log_does_is_no_tampering(pk: str, existed: bool, exists: bool) -> None:
    """Putting, dequeuing, moving the head."""
    assert tampering(pk, existed=existed, exists=exists) is None


@pytest.mark.parametrize(
    ("pk", "exists"),
    [("S#post#1", True), ("S#post#1", False), ("PENDING#0", True), ("LOG#o", False), ("E#1", True)],
)
def test_replacing_and_deleting_are(pk: str, exists: bool) -> None:
    """An entry, an index, a waiting marker put over, the head deleted."""
    complaint = tampering(pk, existed=True, exists=exists)

    assert complaint is not None
    assert pk in complaint
