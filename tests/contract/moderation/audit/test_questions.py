"""Every command of docs/audit-questions.md runs, and prints what stands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.audit import ask
from moderation.audit.answers import ANSWERS
from tests.property.moderation.audit.specimen import WITNESS
from tests.support.audit_story import AuditStory
from tests.support.golden import check_golden
from tests.support.stack import Stack

DOCUMENT = Path("docs/audit-questions.md")
BLOCK = re.compile(r"```console\n\$ ([^\n]+)\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both bundles of the story."""
    folder = tmp_path_factory.mktemp("evidence")
    story = AuditStory(Stack.fresh()).tell()
    (folder / "case.zip").write_bytes(story.bundle(case=True))
    (folder / "period.zip").write_bytes(story.bundle(case=False))
    (folder / "key").write_text(str(story.signer.key))
    return folder


def test_each_question_has_its_command() -> None:
    """Ten of them."""
    asked = [found[1].split()[3] for found in BLOCK.finditer(DOCUMENT.read_text())]

    assert asked == list(ANSWERS)
    assert len(asked) == 10


@pytest.mark.parametrize("name", ["case", "period"])
def test_the_answers_in_this_process(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both bundles hold, and answer every question."""
    key = (folder / "key").read_text()
    arguments = [str(folder / f"{name}.zip"), "--key", key, "--witness", str(WITNESS)]

    assert ask.main(["all", *arguments]) == 0
    said = capsys.readouterr().out
    assert all(str(answer.__doc__) in said for answer in ANSWERS.values())


def test_the_commands_print_what_the_document_says(
    folder: Path, request: pytest.FixtureRequest
) -> None:
    """Run as they stand there, in a folder with the bundles."""
    given = {"KEY": (folder / "key").read_text(), "WITNESS": str(WITNESS)}

    def run(block: re.Match[str]) -> str:
        program, *rest = (
            re.sub(r"^\$([A-Z]+)$", lambda name: given[name[1]], word)
            for word in shlex.split(block[1])
        )
        assert program == "python"
        done = subprocess.run(
            [sys.executable, *rest],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), block[1]
        return f"```console\n$ {block[1]}\n{done.stdout}```"

    check_golden(request, DOCUMENT, BLOCK.sub(run, DOCUMENT.read_text()))
