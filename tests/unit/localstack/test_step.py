"""One line a step."""

import pytest

from localstack.step import step


def test_a_step_is_named_before_it_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever waits sees for what."""
    with step("starting"):
        assert "  starting " == capsys.readouterr().out
    assert capsys.readouterr().out.endswith(" s\n")


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The line ends before the error is printed."""
    with pytest.raises(ZeroDivisionError), step("dividing"):
        _ = 1 // 0
    assert "failed after" in capsys.readouterr().out
