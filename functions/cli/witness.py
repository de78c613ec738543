"""`hausrecht witness`: for somebody else than the operator, who remembers what the log has shown.

`run` is one round, for a timer: ask the log what is to be signed, demand the proof that it begins
with what was signed last, cosign, and bring the cosignature. A log that fails the proof is not
cosigned; what it showed is kept as evidence, and `judge` says what that proves. `docs/witness.md`
says how to set one up.
"""

import base64
import json
import secrets
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from functions.cli.command import Command, take_step
from functions.cli.log_client import HttpLog, LogClient, UnreachableError

if TYPE_CHECKING:
    from moderation.audit.keys import VerificationKey
    from moderation.audit.witness import InconsistentError, Witness

DONE, WRONG, FAILED = 0, 1, 2
CHECKPOINT = "/v1/audit/checkpoint"
OK, NOT_FOUND, CONFLICT = 200, 404, 409


@dataclass(frozen=True, slots=True)
class Round:
    """One look at one log. `evidence` is where it is kept what does not follow, a line each."""

    log: LogClient
    witness: "Witness"
    evidence: Path
    out: Path | None
    say: Callable[[str], None]

    def run(self) -> int:
        """Cosign what is due; 1 where the log contradicts what it has shown, 2 where it can't."""
        from moderation.audit.keys import NoteError  # noqa: PLC0415
        from moderation.audit.witness import BehindError, InconsistentError  # noqa: PLC0415

        note = self._checkpoint("due")
        if note is None:
            return self._without_checkpoint()
        try:
            line = self._cosigned(note)
        except InconsistentError as error:
            return self._objected(error)
        except BehindError as error:
            self.say(f"not cosigned: {error}")
            return FAILED
        except NoteError as error:
            self.say(f"not a checkpoint of a log this witness knows: {error}")
            return WRONG
        return DONE if line is None else self._brought(note + line.encode())

    def _without_checkpoint(self) -> int:
        """Nothing to do before the first; a log that has shown one must not lose it."""
        from moderation.audit.contradiction import Evidence  # noqa: PLC0415
        from moderation.audit.witness import InconsistentError  # noqa: PLC0415

        for key in self.witness.logs:
            last = self.witness.memory.last(key.name)
            if last is not None:
                words = (
                    f"the log has no checkpoint any more, size {last.checkpoint.size} was cosigned"
                )
                return self._objected(InconsistentError(words, Evidence(last, None, ())))
        self.say("the log has no checkpoint yet")
        return DONE

    def _objected(self, error: "InconsistentError") -> int:
        """Keep the evidence, beside what was kept before."""
        line = error.evidence.encode()
        with self.evidence.open("a+b") as file:
            file.seek(0)
            if line not in file:
                file.write(line)
        self.say(f"NOT COSIGNED: {error}. What the log showed is kept in {self.evidence}.")
        return WRONG

    def _cosigned(self, note: bytes) -> str | None:
        """Return the signature line; None where a later tree was cosigned already."""
        due = self.witness.opened(note).checkpoint
        last = self.witness.memory.last(due.origin)
        first = last.checkpoint.size if last else 0
        if due.size >= first:
            return self.witness.cosign(note, first, self._proof(first, due.size))
        latest = self._checkpoint("latest") or note
        size = self.witness.opened(latest).checkpoint.size
        # Whatever another witness has yet to sign: the log must not have gone back itself.
        self.witness.follow(latest, first, self._proof(first, size) if size >= first else ())
        self.say(f"size {due.size} is due, {first} was cosigned already")
        return None

    def _brought(self, note: bytes) -> int:
        """Keep the cosigned checkpoint where asked to, and bring it to the log."""
        size = note.split(b"\n")[1].decode()
        if self.out is not None:
            self.out.write_bytes(note)
        status, _ = self.log.post("/v1/audit/cosignatures", {"note": note.decode()})
        if status not in {OK, CONFLICT}:
            self.say(f"size {size} cosigned, but the log did not take it: {status}")
            return FAILED
        self.say(f"size {size} cosigned" + ("" if status == OK else ", another one is due first"))
        return DONE

    def _checkpoint(self, which: str) -> bytes | None:
        status, text = self.log.get(f"{CHECKPOINT}?which={which}")
        if status == NOT_FOUND:
            return None
        return _expected(status, text).encode()

    def _proof(self, first: int, second: int) -> Sequence[bytes]:
        if first in {0, second}:
            return ()
        path = f"/v1/audit/consistency?from={first}&to={second}"
        try:
            said = json.loads(_expected(*self.log.get(path)))
            return [base64.b64decode(node, validate=True) for node in said["hashes"]]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreachableError(f"{path}: not a proof") from error


def _expected(status: int, text: str) -> str:
    if status != OK:
        raise UnreachableError(f"the log answered {status}")
    return text


def cosigner(name: str, seed: bytes) -> "VerificationKey":
    """Return the key under which a witness of this name cosigns."""
    from moderation.audit.keys import Algorithm, VerificationKey  # noqa: PLC0415
    from moderation.stores.signer import LocalSigner  # noqa: PLC0415

    return VerificationKey(name, Algorithm.COSIGNATURE, LocalSigner(seed, name).key.material)


def _make_key(options: Namespace) -> int:
    """Make a key file that nobody else can read, and print the verification key."""
    seed = secrets.token_bytes(32)
    path: Path = options.key
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(seed.hex() + "\n")
    print(cosigner(options.name, seed))
    return DONE


def _run(options: Namespace) -> int:
    from functions.cli.witness_memory import FileMemory  # noqa: PLC0415
    from moderation.audit.keys import parse_key  # noqa: PLC0415
    from moderation.audit.witness import Witness  # noqa: PLC0415
    from moderation.stores.signer import LocalSigner  # noqa: PLC0415

    seed = bytes.fromhex(options.key.read_text())
    witness = Witness(
        cosigner(options.name, seed),
        LocalSigner(seed, options.name),
        FileMemory(options.state),
        [parse_key(vkey) for vkey in options.log],
        lambda: datetime.now(UTC),
    )
    evidence = options.state.with_name(options.state.name + ".evidence")
    try:
        return Round(HttpLog(options.api), witness, evidence, options.out, print).run()
    except UnreachableError as error:
        print(f"not cosigned: {error}")
        return FAILED


def _judge(options: Namespace) -> int:
    """Exit 0 where a line proves two histories, 1 where none does."""
    from moderation.audit.contradiction import Verdict, judge  # noqa: PLC0415
    from moderation.audit.keys import parse_key  # noqa: PLC0415

    keys = [parse_key(vkey) for vkey in options.log]
    verdicts = [judge(line, keys) for line in options.evidence.read_bytes().splitlines()]
    print(*verdicts, sep="\n")
    return DONE if Verdict.TWO_HISTORIES in verdicts else WRONG


def _arguments(parser: ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="key|run|judge", required=True)
    key = steps.add_parser("key", help="make a key; prints what the operator is to be given")
    key.set_defaults(do=_make_key)
    run = steps.add_parser("run", help="one round: look at the log, and cosign what follows")
    run.set_defaults(do=_run)
    for each in (key, run):
        each.add_argument("--name", required=True, help="the witness's name, such as its domain")
        each.add_argument("--key", required=True, type=Path, help="the key file")
    run.add_argument("--api", required=True, help="address of the API")
    run.add_argument("--state", required=True, type=Path, help="what was cosigned last")
    run.add_argument("--out", type=Path, help="where to keep the cosigned checkpoint as well")
    judge = steps.add_parser("judge", help="say what evidence against a log proves")
    judge.set_defaults(do=_judge)
    judge.add_argument("evidence", type=Path, help="the file that a round kept")
    for each in (run, judge):
        each.add_argument(
            "--log", required=True, action="append", help="a verification key of the log"
        )


COMMAND = Command(
    "witness", "Cosign the checkpoints of a log, as somebody else.", _arguments, take_step
)
