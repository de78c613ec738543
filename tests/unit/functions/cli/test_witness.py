"""A witness on the command line: round after round, and never for a log that rewrites itself."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from functions.cli.__main__ import main
from functions.cli.log_client import HttpLog, UnreachableError
from functions.cli.witness import Round
from functions.cli.witness_memory import FileMemory
from moderation.audit import verify
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.contradiction import Known, Verdict, judge
from moderation.audit.witness import Witness
from moderation.stores.signer import LocalSigner
from tests.support.forum_walk import start
from tests.support.stack import ORIGIN
from tests.unit.functions.api.resources.test_log import (
    SIGNER,
    WITNESS,
    WITNESS_SIGNER,
    LoggedApi,
)


@dataclass
class Wire:
    """`LogClient` into an API in this process; can be made to say something else."""

    logged: LoggedApi
    instead: dict[str, tuple[int, str]] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, str]:
        """GET."""
        answer = self.logged.api.get(path)
        said = self.instead.get(path.partition("?")[0], (answer.status, answer.text))
        return self.instead.get(path, said)

    def post(self, path: str, body: Mapping[str, str]) -> tuple[int, str]:
        """POST."""
        answer = self.logged.api.call("POST", path, body, key=None)
        return self.instead.get(path, (answer.status, answer.text))


@dataclass
class Bench:
    """A witness beside a log."""

    folder: Path
    logged: LoggedApi = field(default_factory=lambda: LoggedApi(WITNESS))
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire = Wire(self.logged)
        self.memory = FileMemory(self.folder / "state")

    def grow(self) -> int:
        """More entries, published; returns the size."""
        start(self.logged.api, "MARK-INSULT")
        self.logged.sequence()
        return len(self.logged.stack.entries())

    def size(self) -> int:
        """How many entries there are."""
        return len(self.logged.stack.entries())

    def show(self, note: bytes) -> None:
        """Publish another checkpoint, and have it due."""
        self.logged.objects.objects["checkpoint"] = note
        self.logged.objects.objects.pop("witness/open", None)

    def due(self, note: str) -> None:
        """Have the log ask for this one to be signed, whatever it shows as the latest."""
        self.wire.instead["/v1/audit/checkpoint?which=due"] = (200, note)

    def evidence(self) -> list[str | None]:
        """What the log showed, in the order it was kept."""
        lines = (self.folder / "evidence").read_text().splitlines()
        return [json.loads(line)["shown"] for line in lines]

    def verdicts(self) -> list[Verdict]:
        """What that proves to whoever has the log's key."""
        lines = (self.folder / "evidence").read_bytes().splitlines()
        return [judge(line, [SIGNER.key]) for line in lines]

    def run(self) -> int:
        """One round."""
        clock = self.logged.stack.clock
        witness = Witness(WITNESS, WITNESS_SIGNER, self.memory, [SIGNER.key], clock)
        evidence = self.folder / "evidence"
        return Round(self.wire, witness, evidence, self.folder / "cosigned", self.said.append).run()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A log with some entries."""
    bench = Bench(tmp_path)
    bench.logged.noticed()
    bench.logged.sequence()
    return bench


def test_round_after_round(bench: Bench) -> None:
    """The first is taken as it is, the next with the proof; the log has the cosignature."""
    assert bench.run() == 0
    first = (bench.folder / "cosigned").read_text()
    assert first == bench.logged.checkpoint("cosigned")
    size = bench.grow()
    assert bench.run() == 0
    assert bench.run() == 0

    assert bench.said[-2:] == [f"size {size} cosigned"] * 2
    remembered = bench.memory.last(ORIGIN)
    assert remembered is not None
    assert remembered.checkpoint.size == size
    policy = verify.Policy([verify.parse_key(str(WITNESS))], 1)
    text, lines = verify.parse_note((bench.folder / "cosigned").read_bytes())
    assert policy.lacks(policy.times(text, lines, "cosigned")) is None


def test_a_log_without_a_checkpoint_is_left_for_later(tmp_path: Path) -> None:
    """Nothing to sign yet."""
    bench = Bench(tmp_path)

    assert (bench.run(), bench.said) == (0, ["the log has no checkpoint yet"])


def test_another_history_is_kept_as_evidence(bench: Bench) -> None:
    """Of the same size, with a proof that is none: exit code 1, nothing is signed."""
    assert bench.run() == 0
    held = bench.logged.objects.objects
    size = bench.grow()
    forged = sign_checkpoint(Checkpoint(ORIGIN, size, b"x" * 32), SIGNER)
    held["checkpoint"] = forged

    assert bench.run() == 1
    assert bench.evidence() == [forged.decode()]
    assert bench.verdicts() == [Verdict.NO_PROOF]
    assert "NOT COSIGNED" in bench.said[-1]


def test_evidence_is_added_to_evidence(bench: Bench) -> None:
    """Once each: what is shown later puts nothing out of the world that was shown before."""
    assert bench.run() == 0
    size = bench.size()
    forks = [sign_checkpoint(Checkpoint(ORIGIN, size, each * 32), SIGNER) for each in (b"x", b"y")]
    for fork in (forks[0], forks[0], forks[1], forks[0]):
        bench.show(fork)
        assert bench.run() == 1

    assert bench.evidence() == [fork.decode() for fork in forks]
    assert bench.verdicts() == [Verdict.TWO_HISTORIES] * 2
    given = [str(bench.folder / "evidence"), "--log", str(SIGNER.key)]
    assert main(["witness", "judge", *given]) == 0


def test_a_log_that_went_back_is_kept_as_evidence(bench: Bench) -> None:
    """It shows a smaller tree than it did."""
    old = bench.logged.objects.objects["checkpoint"]
    bench.grow()
    assert bench.run() == 0
    bench.logged.objects.objects["checkpoint"] = old
    del bench.logged.objects.objects["witness/open"]

    assert bench.run() == 1
    assert bench.evidence() == [old.decode()]
    assert bench.verdicts() == [Verdict.WENT_BACK]
    given = [str(bench.folder / "evidence"), "--log", str(SIGNER.key)]
    assert main(["witness", "judge", *given]) == 1


def test_a_log_that_vanished_is_kept_as_evidence(bench: Bench) -> None:
    """It has no checkpoint any more: exit code 1 each round, with the note it once signed."""
    assert bench.run() == 0
    remembered = bench.logged.objects.objects["checkpoint"].decode()
    size = bench.size()
    bench.logged.objects.objects.clear()
    assert (bench.run(), bench.run()) == (1, 1)

    assert f"no checkpoint any more, size {size} was cosigned" in bench.said[-1]
    (line,) = (bench.folder / "evidence").read_bytes().splitlines()
    assert json.loads(line)["remembered"]["note"] == remembered
    assert (bench.evidence(), bench.verdicts()) == ([None], [Verdict.VANISHED])


def test_a_log_that_shows_an_old_tree_and_claims_a_larger_one_is_found_out(bench: Bench) -> None:
    """What is due may be older than what was cosigned, but the latest must follow from that."""
    old = bench.logged.checkpoint()
    bench.grow()
    assert bench.run() == 0
    fork = Checkpoint(ORIGIN, bench.size() + 9, b"x" * 32)
    unsigned = sign_checkpoint(fork, LocalSigner(b"o" * 32, ORIGIN))
    bench.due(old)
    for latest, said in ((unsigned, "knows"), (sign_checkpoint(fork, SIGNER), "follow")):
        bench.wire.instead["/v1/audit/checkpoint?which=latest"] = (200, latest.decode())
        proof = json.dumps({"hashes": []})
        bench.wire.instead["/v1/audit/consistency"] = (200, proof)
        assert bench.run() == 1
        assert said in bench.said[-1]

    assert bench.verdicts() == [Verdict.NO_PROOF]


def test_what_was_passed_already_is_not_signed(bench: Bench) -> None:
    """Another witness has opened an older checkpoint; nothing is wrong with that."""
    old = bench.logged.checkpoint()
    bench.grow()
    assert bench.run() == 0
    bench.due(old)

    assert bench.run() == 0
    assert "was cosigned already" in bench.said[-1]


@pytest.mark.parametrize(
    ("path", "answer", "code", "said"),
    [
        ("/v1/audit/cosignatures", (409, ""), 0, "another one is due first"),
        ("/v1/audit/cosignatures", (404, ""), 2, "did not take it: 404"),
        ("/v1/audit/checkpoint", (200, "nonsense"), 1, "not a checkpoint"),
    ],
)
def test_what_the_log_answers_is_told(
    path: str, answer: tuple[int, str], code: int, said: str, bench: Bench
) -> None:
    """Refused for now, not asked for, or something else altogether."""
    bench.wire.instead[path] = answer

    assert bench.run() == code
    assert said in bench.said[-1]


def test_a_log_of_another_key_is_not_cosigned(bench: Bench) -> None:
    """The witness signs for the logs it was given."""
    stranger = LocalSigner(b"o" * 32, ORIGIN)
    note = sign_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)), stranger)
    bench.logged.objects.objects["checkpoint"] = note
    bench.wire.instead["/v1/audit/checkpoint"] = (200, note.decode())

    assert bench.run() == 1


@pytest.mark.parametrize("answer", [(500, ""), (200, "x"), (200, "{}"), (200, '{"hashes":["?"]}')])
def test_a_proof_that_cannot_be_had_is_no_proof(answer: tuple[int, str], bench: Bench) -> None:
    """Not answered, or with nonsense: nothing is signed, and the next round tries again."""
    assert bench.run() == 0
    bench.grow()
    bench.wire.instead["/v1/audit/consistency"] = answer

    with pytest.raises(UnreachableError):
        bench.run()
    del bench.wire.instead["/v1/audit/consistency"]
    assert bench.run() == 0


def test_two_witnesses_with_one_memory_do_not_sign_apart(bench: Bench) -> None:
    """Whoever comes second is sent round again."""

    class Contested(FileMemory):
        def advance(self, old: Known | None, new: Known) -> bool:  # noqa: ARG002
            return False

    bench.memory = Contested(bench.folder / "state")

    assert bench.run() == 2
    assert "not cosigned" in bench.said[-1]


def test_what_is_remembered_survives(tmp_path: Path) -> None:
    """In a file, an origin each; only over what was read."""
    memory = FileMemory(tmp_path / "state")
    one, two = (Known(Checkpoint(ORIGIN, size, bytes(32)), b"note") for size in (1, 2))
    other = Known(Checkpoint("other.example/log", 7, b"x" * 32), None)
    assert memory.advance(None, one)
    assert memory.advance(None, other)
    assert not memory.advance(None, two)
    assert memory.advance(one, two)

    again = FileMemory(tmp_path / "state")
    assert (again.last(ORIGIN), again.last("other.example/log")) == (two, other)
    assert again.last("third") is None


def test_a_state_of_before_is_read_and_brought_up_to_date(bench: Bench) -> None:
    """It has the tree without the note; the next round keeps that, too."""
    assert bench.run() == 0
    path = bench.folder / "state"
    whole = json.loads(path.read_text())
    note = whole[ORIGIN].pop("note")
    path.write_text(json.dumps(whole))
    before = bench.memory.last(ORIGIN)
    assert before is not None
    assert before.note is None
    assert bench.run() == 0

    assert json.loads(path.read_text())[ORIGIN]["note"] == note


class Handler(BaseHTTPRequestHandler):
    """Says what was asked."""

    def do_GET(self) -> None:
        """Answer, or refuse."""
        self.send_response(404 if "absent" in self.path else 200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def do_POST(self) -> None:
        """Give the body back."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """A server of this test's own."""
    made = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}/"
    made.shutdown()
    made.server_close()
    thread.join()


def test_over_http(server: str) -> None:
    """Status and text, whatever the status; a refusal is an answer."""
    log = HttpLog(server)

    assert log.get("/a?b=1") == (200, "/a?b=1")
    assert log.get("/absent") == (404, "/absent")
    assert json.loads(log.post("/p", {"note": "x"})[1]) == {"note": "x"}


def test_where_nothing_answers() -> None:
    """And an address that is none of the web."""
    with pytest.raises(UnreachableError):
        HttpLog("http://127.0.0.1:9").get("/")
    with pytest.raises(ValueError, match="web"):
        HttpLog("file:///etc")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], server: str) -> None:
    """A key is made once, for its owner alone; a round against a stranger signs nothing."""
    key = tmp_path / "key"
    named = ["--name", "witness.example", "--key", str(key)]
    assert main(["witness", "key", *named]) == 0
    vkey = capsys.readouterr().out.strip()
    assert verify.parse_key(vkey)[:2] == ("witness.example", 4)
    assert key.stat().st_mode & 0o777 == 0o600
    assert main(["witness", "key", *named]) == 2

    given = ["--state", str(tmp_path / "state"), "--log", str(SIGNER.key)]
    assert main(["witness", "run", *named, *given, "--api", server]) == 1
    assert main(["witness", "run", *named, *given, "--api", "http://127.0.0.1:9"]) == 2
    assert "not cosigned" in capsys.readouterr().out
    assert main(["witness", "run", *named, *given, "--api", "file:///etc"]) == 2
    assert "none of the web" in capsys.readouterr().err
