"""Deploying onto an account: what a stage must say, and that nothing happens unasked."""

from pathlib import Path

import pytest

from infra.template import parts
from localstack.aws import STAGES, StageError, agreed, parameters
from localstack.deploy import Change

CHANGE = Change("Modify", "ForumTable", "AWS::DynamoDB::Table", True)


def test_a_stage_without_a_file_points_to_the_example(tmp_path: Path) -> None:
    """The message says what to do."""
    with pytest.raises(StageError, match=r"copy .*example\.json"):
        parameters(tmp_path / "prod.json")


def test_a_number_is_refused(tmp_path: Path) -> None:
    """CloudFormation takes texts, and would say so much later."""
    path = tmp_path / "prod.json"
    path.write_text('{"AnchorLockDays": 1}')
    with pytest.raises(StageError, match="an object of texts"):
        parameters(path)


def test_the_example_names_parameters_that_exist() -> None:
    """It can be copied as it is, and leaves out nothing without a default."""
    example = parameters(STAGES / "example.json")
    known = parts()["Parameters"]
    assert example.keys() <= known.keys()
    needed = {name for name, each in known.items() if "Default" not in each}
    assert {"CodeBucket", "CodeKey"} == needed - example.keys()


@pytest.mark.parametrize(("answer", "expected"), [("y", True), ("", False), ("n", False)])
def test_changes_are_made_only_on_a_yes(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    expected: bool,
) -> None:
    """A replacement, which loses what is there, stands out."""
    monkeypatch.delenv("YES", raising=False)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert expected == agreed([CHANGE])
    assert "REPLACES what is there" in capsys.readouterr().out


def test_a_script_answers_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sits at a pipeline's keyboard."""
    monkeypatch.setenv("YES", "1")
    assert agreed([CHANGE])
