"""The log over HTTP: receipts, proofs that hold offline, and cosignatures of known witnesses."""

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from moderation.audit import verify
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.merkle import roots_from_consistency
from moderation.audit.note import Note, Signature, parse_note
from moderation.audit.sequence import Sequencer
from moderation.errors import Unavailable
from moderation.stores.audit_table import AuditTable
from moderation.stores.forum_table import connection_of
from moderation.stores.receipts import TableReceipts
from moderation.stores.signer import LocalSigner
from tests.support.audit_dynamo import batch_write_item
from tests.support.audit_fakes import MemoryObjects
from tests.support.forum_api import ForumApi, parts_of, public_log
from tests.support.forum_walk import notice_about, open_board, removed, start
from tests.support.memory_dynamo_operations import OPERATIONS
from tests.support.stack import ORIGIN, Stack

ABSENT = "01M83T4CM0RJYAWWPY7WSA2MFG"
SIGNER = LocalSigner(b"s" * 32, ORIGIN)
WITNESS_SIGNER = LocalSigner(b"w" * 32, "witness.example")
WITNESS = VerificationKey("witness.example", Algorithm.COSIGNATURE, WITNESS_SIGNER.key.material)
KEY = verify.parse_key(str(SIGNER.key))


class LoggedApi:
    """An API whose log is published, with a witness that is known."""

    def __init__(self, *witnesses: VerificationKey) -> None:
        OPERATIONS.setdefault("BatchWriteItem", batch_write_item)
        self.stack = Stack.fresh()
        self.objects = MemoryObjects()
        client: Any = connection_of(self.stack.forum).client
        self.table = AuditTable(lambda: client, "audit", ORIGIN)
        log = public_log(self.stack, self.objects, self.table, SIGNER, witnesses)
        receipts = TableReceipts(self.table, SIGNER)
        parts = parts_of(self.stack, log=lambda: log, receipts=receipts)
        self.api = ForumApi.over(self.stack, parts)

    def sequence(self) -> None:
        """Publish what waits."""
        Sequencer(self.table, self.objects, SIGNER, ORIGIN, self.stack.clock).run(
            timedelta(minutes=1)
        )

    def noticed(self) -> dict[str, Any]:
        """The receipt of a notice."""
        open_board(self.api)
        return notice_about(self.api, start(self.api)["id"])

    def checkpoint(self, which: str = "latest") -> str:
        """A checkpoint's text."""
        return self.api.get(f"/v1/audit/checkpoint?which={which}").text


@pytest.fixture
def logged() -> LoggedApi:
    """An API with a log and a witness."""
    return LoggedApi(WITNESS)


def verdict(folder: Path, proof: str, receipt: str | None = None) -> list[str]:
    """What the stand-alone verifier says: kinds of failure."""
    (folder / "proof").write_text(proof)
    (folder / "receipt").write_text(receipt or "")
    given = [folder / "receipt"] if receipt else []
    failures, _ = verify.check(folder / "proof", KEY, [], 0, given)
    return [each.kind for each in failures]


def cosigned(note: str, time: int) -> str:
    """The note with the witness's cosignature."""
    parsed = parse_note(note.encode())
    blob = time.to_bytes(8) + WITNESS_SIGNER.sign(cosigned_message(parsed.text, time))
    line = Signature(WITNESS.name, WITNESS.key_id, blob)
    return Note(parsed.text, (*parsed.signatures, line)).encode().decode()


def test_the_notifier_gets_a_promise_and_later_its_proof(logged: LoggedApi, tmp_path: Path) -> None:
    """The receipt is in the first answer; the proof at the address it names holds offline."""
    receipt = logged.noticed()["receipt"]
    path = receipt["proof"].removeprefix("https://forum.example")
    assert 404 == logged.api.get(path).status
    logged.sequence()
    answer = logged.api.get(path)

    assert "text/plain; charset=utf-8" == answer.headers["content-type"]
    assert "public, max-age=3600" == answer.headers["cache-control"]
    assert "extra" not in answer.text
    assert [] == verdict(tmp_path, answer.text, receipt["note"])
    assert ["proof"] == verdict(tmp_path, answer.text)
    assert receipt["leaf"] in receipt["note"]


def test_the_promise_is_the_same_whenever_it_is_read(logged: LoggedApi) -> None:
    """In the answer, in its repetition, and from the notice; a minute after the act."""
    notice = logged.noticed()
    told = logged.api.get(f"/v1/notices/{notice['id']}", Notice_Secret=notice["secret"]).expect(200)
    entry = next(e for e in logged.stack.entries() if e["action"] == "notice:receive")

    assert notice["receipt"] == told["receipt"]
    assert entry["id"] == notice["receipt"]["entry_id"]
    assert "2026-11-23T09:01:00.000Z" == notice["receipt"]["by"]
    verify.open_note(notice["receipt"]["note"].encode(), verify.Keys(KEY), "receipt")


def test_the_author_gets_one_with_the_statement(logged: LoggedApi, tmp_path: Path) -> None:
    """For the entry that the statement names; the list goes without."""
    _, decision = removed(logged.api)
    path = f"/v1/statements/{decision['statement_id']}"
    statement = logged.api.get(path, "customer").expect(200)
    listed = logged.api.get("/v1/me/statements", "customer").expect(200)["items"][0]
    logged.sequence()
    proof = logged.api.get(f"/v1/audit/entries/{statement['entry_id']}/proof").text

    assert statement["entry_id"] == statement["receipt"]["entry_id"]
    assert "receipt" not in listed
    assert [] == verdict(tmp_path, proof, statement["receipt"]["note"])


class Down:
    """A signer whose service does not answer."""

    key = SIGNER.key

    def sign(self, message: bytes) -> bytes:
        """Not now."""
        raise Unavailable(f"KMS: {len(message)}")


def test_a_notice_stands_without_its_receipt(
    logged: LoggedApi, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key is not there: 201 all the same, the lack is noted, and the receipt follows."""
    parts = replace(logged.api.parts, receipts=TableReceipts(logged.table, Down()))
    down = ForumApi.over(logged.stack, parts)
    open_board(down)
    notice = notice_about(down, start(down)["id"])
    path = f"/v1/notices/{notice['id']}"

    assert notice["receipt"] is None
    assert f'"missing":"notice:{notice["id"]}"' in capsys.readouterr().out.replace(" ", "")
    told = logged.api.get(path, Notice_Secret=notice["secret"]).expect(200)
    assert told["receipt"]["by"] == "2026-11-23T09:01:00.000Z"


def test_a_subject_without_an_entry_has_no_receipt(logged: LoggedApi) -> None:
    """Nothing was written, nothing is promised."""
    assert TableReceipts(logged.table, SIGNER).of(f"notice:{ABSENT}") is None


def test_a_proof_that_stands_alone_is_for_compliance(logged: LoggedApi, tmp_path: Path) -> None:
    """It shows the entry, and with it the pseudonym of who acted."""
    notice = logged.noticed()
    logged.sequence()
    path = f"/v1/audit/entries/{notice['receipt']['entry_id']}/tlog-proof"
    answer = logged.api.get(path, "compliance")

    assert [] == verdict(tmp_path, answer.text)
    assert "no-store" == answer.headers["cache-control"]
    assert 403 == logged.api.get(path, "moderator").status
    assert 404 == logged.api.get(f"/v1/audit/entries/{ABSENT}/tlog-proof", "compliance").status


def test_what_is_appended_and_not_published_yet_is_not_proved(logged: LoggedApi) -> None:
    """The place is known a moment before the tree is signed."""
    logged.noticed()
    logged.sequence()
    held = logged.objects.objects["checkpoint"]
    receipt = notice_about(logged.api, start(logged.api)["id"])["receipt"]
    logged.sequence()
    logged.objects.objects["checkpoint"] = held

    assert 404 == logged.api.get(f"/v1/audit/entries/{receipt['entry_id']}/proof").status


def test_the_checkpoint_is_for_everybody(logged: LoggedApi) -> None:
    """Signed, cached for seconds, with a tag; not there before the first."""
    assert 404 == logged.api.get("/v1/audit/checkpoint").status
    logged.noticed()
    logged.sequence()
    answer = logged.api.get("/v1/audit/checkpoint")

    tree, _, _ = verify.open_checkpoint(answer.text.encode(), verify.Keys(KEY), "checkpoint")
    assert len(logged.stack.entries()) == tree.size
    assert "public, max-age=5" == answer.headers["cache-control"]
    assert answer.headers["etag"] == logged.api.get("/v1/audit/checkpoint").headers["etag"]
    assert 404 == logged.api.get("/v1/audit/checkpoint?which=cosigned").status
    assert 400 == logged.api.get("/v1/audit/checkpoint?which=other").status


def test_a_later_tree_is_proved_to_begin_with_an_earlier(logged: LoggedApi) -> None:
    """Between any two sizes, published or not; for good, or up to now."""
    logged.noticed()
    logged.sequence()
    first = logged.checkpoint()
    for _ in range(9):
        notice_about(logged.api, start(logged.api)["id"])
    logged.sequence()
    old, new = (parse_note(note.encode()).text.split("\n") for note in (first, logged.checkpoint()))
    path = f"/v1/audit/consistency?from={old[1]}"
    answer = logged.api.get(path)
    said = answer.expect(200)

    hashes = [base64.b64decode(node) for node in said["hashes"]]
    roots = roots_from_consistency(int(old[1]), said["second"], base64.b64decode(old[2]), hashes)
    assert (old[2], new[2]) == tuple(base64.b64encode(root).decode() for root in roots)
    assert (int(old[1]), int(new[1])) == (said["first"], said["second"])
    assert "public, max-age=5" == answer.headers["cache-control"]
    fixed = logged.api.get(f"{path}&to={new[1]}")
    assert said == fixed.body
    assert fixed.headers["cache-control"].endswith("immutable")
    between = logged.api.get("/v1/audit/consistency?from=5&to=11").expect(200)
    assert [] != between["hashes"]


@pytest.mark.parametrize("query", ["from=4&to=3", "from=1&to=99999", "from=99999"])
def test_no_proof_leads_where_no_tree_is(logged: LoggedApi, query: str) -> None:
    """Backwards, or further than what is published."""
    assert 404 == logged.api.get(f"/v1/audit/consistency?{query}").status
    logged.noticed()
    logged.sequence()
    refused = logged.api.get(f"/v1/audit/consistency?{query}")

    assert (422, "invalid") == (refused.status, refused.problem)


def test_a_witness_brings_its_cosignature(logged: LoggedApi) -> None:
    """Then the checkpoint is cosigned, and proofs are given under it."""
    receipt = logged.noticed()["receipt"]
    logged.sequence()
    due = logged.checkpoint("due")
    note = cosigned(due, int(logged.stack.clock.now.timestamp()))
    said = logged.api.post("/v1/audit/cosignatures", {"note": note}).expect(200)

    assert {"size": len(logged.stack.entries()), "witnesses": 1, "enough": True} == said
    assert note == logged.checkpoint("cosigned")
    start(logged.api, "MARK-INSULT")
    logged.sequence()
    assert logged.checkpoint() == logged.checkpoint("due") != note
    proof = logged.api.get(f"/v1/audit/entries/{receipt['entry_id']}/proof").text
    assert proof.endswith(note)
    newest = logged.stack.entries()[-1]["id"]
    assert logged.api.get(f"/v1/audit/entries/{newest}/proof").text.endswith(logged.checkpoint())


def test_a_cosignature_of_nobody_is_refused(logged: LoggedApi) -> None:
    """A note without one, and text that is none."""
    logged.noticed()
    logged.sequence()
    for note in (logged.checkpoint(), "x"):
        refused = logged.api.post("/v1/audit/cosignatures", {"note": note})
        assert (422, "/note") == (refused.status, refused.body["errors"][0]["pointer"])
    assert 404 == logged.api.get("/v1/audit/checkpoint?which=cosigned").status


def test_an_older_checkpoint_is_told_which_is_due(logged: LoggedApi) -> None:
    """A witness that slept is sent back to ask again."""
    logged.noticed()
    logged.sequence()
    now = int(logged.stack.clock.now.timestamp())
    old = logged.checkpoint()
    start(logged.api, "MARK-INSULT")
    logged.sequence()
    fresh = {"note": cosigned(logged.checkpoint(), now)}
    logged.api.post("/v1/audit/cosignatures", fresh).expect(200)
    refused = logged.api.post("/v1/audit/cosignatures", {"note": cosigned(old, now)})

    assert (409, "another-checkpoint") == (refused.status, refused.problem)


def test_a_log_without_witnesses_takes_no_cosignature(tmp_path: Path) -> None:
    """And gives its proofs under the latest checkpoint."""
    alone = LoggedApi()
    receipt = alone.noticed()["receipt"]
    alone.sequence()
    note = {"note": cosigned(alone.checkpoint(), 1)}
    proof = alone.api.get(f"/v1/audit/entries/{receipt['entry_id']}/proof").text

    assert 404 == alone.api.post("/v1/audit/cosignatures", note).status
    assert [] == verdict(tmp_path, proof, receipt["note"])


def test_how_to_check_is_said_in_both_languages(logged: LoggedApi) -> None:
    """With the key, and the command that does it."""
    answer = logged.api.get("/v1/audit/receipts-help")

    for said in ("DEUTSCH", "ENGLISH", str(SIGNER.key), "--receipt receipt.txt", "quittung.txt"):
        assert said in answer.text
