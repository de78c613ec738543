"""A file of texts is posted as many customers, and the end is told."""

import json
from pathlib import Path

import pytest

from localstack.client import Client, Refused
from localstack.load import NoStack, Stack, load, main, prepare, read_stack
from localstack.load_report import Outcome, Report
from localstack.texts import Line
from tests.unit.localstack.fake_api import Forum, mint
from tests.unit.localstack.fake_server import serving

MODERATOR = mint("m", "M", ("moderator",), "trust")


def quiet(what: str, done: int, total: int) -> None:
    """Show nothing."""


def write(folder: Path, *texts: str) -> Path:
    """A file of German texts."""
    file = folder / "texts.jsonl"
    file.write_text("".join(json.dumps({"text": text, "lang": "de"}) + "\n" for text in texts))
    return file


def run(forum: Forum, file: Path, customers: int = 3, workers: int = 2) -> Report:
    """Load a file into a forum."""
    with serving(forum) as url:
        stack = Stack(api=url, tokens={"moderator": MODERATOR})
        return load(
            file,
            stack,
            mint,
            customers=customers,
            workers=workers,
            progress=quiet,
            look_again_seconds=0.01,
        )


def test_texts_are_posted_and_their_fate_told(tmp_path: Path) -> None:
    """Held, flagged and refused texts are counted, others are just posted."""
    forum = Forum()
    report = run(forum, write(tmp_path, "fine", "HOLD a", "FLAG b", "REFUSE c", "FLAG d", "ok"))

    posted = {post["body"]: post["id"] for post in forum.posts.values()}
    assert {
        posted["HOLD a"]: "THREAT",
        posted["FLAG b"]: "INSULT",
        posted["FLAG d"]: "INSULT",
    } == report.cases
    assert {posted["HOLD a"]} == report.held
    assert {4: "422 invalid"} == {o.line: o.problem for o in report.outcomes if o.problem}
    assert 6 == len(report.outcomes)
    assert {"de"} == {p["language"] for p in forum.posts.values() if p["body"] in ("fine", "ok")}


def test_other_cases_are_not_counted(tmp_path: Path) -> None:
    """A second run of the same file counts its own posts only."""
    forum = Forum(page_size=1)
    file = write(tmp_path, "FLAG x", "fine")
    run(forum, file)

    assert 1 == len(run(forum, file).cases)
    assert 2 == len(forum.cases)


def test_a_hold_that_comes_later_counts(tmp_path: Path) -> None:
    """A post held by a score after the answer is counted as held."""
    forum = Forum(holds_later=True)

    assert 1 == len(run(forum, write(tmp_path, "FLAG x")).held)


def test_customers_take_turns(tmp_path: Path) -> None:
    """The texts are spread evenly over the customers."""
    forum = Forum()
    run(forum, write(tmp_path, *(f"text {number}" for number in range(8))), 4, 1)

    by = [post["author"]["id"] for post in forum.posts.values() if "text" in post["body"][:4]]
    assert {f"load-000{number}": 2 for number in range(4)} == {who: by.count(who) for who in by}


def test_a_limit_hits_nobody_twice(tmp_path: Path) -> None:
    """Whoever is told to wait rests while the others go on, and the text is posted all the same."""
    forum = Forum(limited="load-0000", retry_after="3600")
    report = run(forum, write(tmp_path, *(f"text {number}" for number in range(6))), 2, 1)

    assert [(6, 1)] == [(len(report.outcomes), sum(o.waits for o in report.outcomes))]
    by = [p["author"]["id"] for p in forum.posts.values() if p["body"].startswith("text")]
    assert ["load-0001"] * 6 == by


def test_an_interrupt_keeps_what_was_posted() -> None:
    """Ctrl-C ends the posting, and the report tells of what was posted until then."""
    forum = Forum()
    with serving(forum) as url, Client(url) as client:
        ready = prepare(client, mint, MODERATOR, 1, 10)

        def interrupt(_what: str, done: int, _total: int) -> None:
            if done == 3:
                raise KeyboardInterrupt

        lines = [Line(number, f"text {number}", None) for number in range(1, 11)]
        outcomes = ready.run(lines, 1, interrupt)

    assert 3 <= len(outcomes) < 10
    assert {True} == {isinstance(outcome, Outcome) for outcome in outcomes}


def test_a_thread_holds_so_many_texts() -> None:
    """A run makes one thread for every five hundred texts, on one board."""
    forum = Forum()
    with serving(forum) as url, Client(url) as client:
        prepare(client, mint, MODERATOR, 2, 500)
        prepare(client, mint, MODERATOR, 2, 501)

    assert (3, ["load"]) == (len(forum.threads), list(forum.boards))


def test_a_missing_stack_is_one_line(tmp_path: Path) -> None:
    """Without `.local/demo.json`, or with a damaged one, the error says what to do."""
    file = tmp_path / "demo.json"
    with pytest.raises(
        NoStack, match=r"^no running stack: .* is missing; start one with `make up`"
    ):
        read_stack(file)
    file.write_text('{"api": 7}')
    with pytest.raises(NoStack, match=r"demo.json is damaged; `make up` writes it anew$"):
        read_stack(file)
    file.write_text('{"api": "http://x", "tokens": {"moderator": "t"}, "verify_key": "k"}')
    assert Stack(api="http://x", tokens={"moderator": "t"}) == read_stack(file)


def test_the_command_fails_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong input ends with exit code 1 and one line, nothing else."""
    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, "a")
    said = []
    for stack in (None, {"api": "http://127.0.0.1:9", "tokens": {"moderator": "t"}}):
        if stack is not None:
            (tmp_path / ".local").mkdir()
            (tmp_path / ".local" / "demo.json").write_text(json.dumps(stack))
        assert 1 == main([str(file)], mint)
        said.append(capsys.readouterr())
    assert 1 == main([str(tmp_path / "none.jsonl")], mint)
    said.append(capsys.readouterr())

    assert ["", "", ""] == [output.out for output in said]
    assert [1, 1, 1] == [output.err.count("\n") for output in said]
    assert [True, True, True] == [
        expected in output.err
        for expected, output in zip(
            ("no running stack", "does not answer", "no such file"), said, strict=True
        )
    ]


def test_the_command_prints_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A whole run from the command line ends with exit code 0 and the report."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".local").mkdir()
    with serving(Forum()) as url:
        demo = {"api": url, "tokens": {"moderator": MODERATOR}, "verify_key": "k"}
        (tmp_path / ".local" / "demo.json").write_text(json.dumps(demo))
        file = write(tmp_path, "fine", "HOLD a")
        assert 0 == main([str(file), "--customers", "2", "--workers", "1"], mint)

    printed = capsys.readouterr().out
    assert "posted    2 of 2 texts in" in printed
    assert "to review 1 (50.0 %): 1 held, 0 flagged" in printed


@pytest.mark.parametrize("option", ["--customers", "--workers"])
def test_somebody_must_post(option: str) -> None:
    """No customers or no workers is a usage error."""
    with pytest.raises(SystemExit, match="2"):
        main(["x.jsonl", option, "0"], mint)


def test_a_refused_board_ends_the_load() -> None:
    """Where not even the board can be made the reason is told."""
    forum = Forum(limits=1, retry_after="3600")
    with (
        serving(forum) as url,
        Client(url) as client,
        pytest.raises(Refused, match="POST /v1/boards: 429"),
    ):
        prepare(client, mint, MODERATOR, 1, 1)
