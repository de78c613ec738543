"""Deploying onto an account: what a stage must say, and that nothing happens unasked."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from infra.template import parts
from localstack.aws import STAGES, StageError, agreed, destroy, parameters
from localstack.deploy import Change, Stack

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


def test_nobody_at_the_keyboard_is_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed input is told apart from a typed no."""

    def closed(_: str) -> str:
        raise EOFError

    monkeypatch.delenv("YES", raising=False)
    monkeypatch.setattr("builtins.input", closed)
    with pytest.raises(StageError, match="YES=1"):
        agreed([CHANGE])


@dataclass
class Kept:
    """A stack that was deployed with these parameters; `deleted` once it is."""

    given: dict[str, str]
    name: str = "hausrecht-test"
    deleted: bool = False

    def parameters(self) -> dict[str, str]:
        """As deployed."""
        return self.given

    def delete(self) -> None:
        """Note it."""
        self.deleted = True


def test_a_stack_that_keeps_its_data_is_left_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even an answer in advance empties the buckets of a protected stack."""
    monkeypatch.setenv("YES", "1")
    kept, open_to_it = Kept({"KeepData": "true"}), Kept({"KeepData": "false"})
    with pytest.raises(StageError, match="KeepData=false first"):
        destroy(cast("Stack", kept), "test")
    destroy(cast("Stack", open_to_it), "test")
    assert (False, True) == (kept.deleted, open_to_it.deleted)


def test_a_mistyped_name_deletes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name of the stage is the answer, and nothing else is."""
    monkeypatch.delenv("YES", raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    stack = Kept({})
    with pytest.raises(StageError, match="nothing was deleted"):
        destroy(cast("Stack", stack), "test")
    assert not stack.deleted
