import pytest

from functions.cli.__main__ import COMMANDS, main


def test_rules_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped packs have nothing wrong with them."""
    assert main(["rules", "check"]) == 0
    assert capsys.readouterr().out == ""


def test_a_command_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 2 and the message names the commands there are."""
    with pytest.raises(SystemExit, match="2"):
        main(["nonsense"])
    said = capsys.readouterr().err
    assert all(command.name in said for command in COMMANDS)
