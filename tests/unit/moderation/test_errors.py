"""Errors carry data."""

from moderation.errors import Conflict, Fault, Invalid, Stale


def test_an_error_has_its_class_code_unless_told_otherwise() -> None:
    """A more exact code replaces the general one."""
    assert "conflict" == Conflict("x").code
    assert "stale" == Stale("x").code
    assert "content-changed" == Conflict("x", code="content-changed").code


def test_an_error_carries_faults_and_data() -> None:
    """What a program needs stands beside what a person reads."""
    error = Invalid("No.", faults=(Fault("/ground/norm", "unknown"),), data={"limit": 10})

    assert ("No.", (Fault("/ground/norm", "unknown"),), {"limit": 10}) == (
        error.detail,
        error.faults,
        error.data,
    )
