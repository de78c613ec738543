"""`hausrecht restore` as an operator runs it: on a table that is older than the log of its stack.

That table is a second one of the same keys and indexes with the items copied over, which is what
`RestoreTableToPointInTime` leaves and not every engine has. The stack is one of its own: what is
erased again is an entry of its log, and the shared stack's table would not know of it.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from infra.build import Built
from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from localstack.stack import bring_up
from moderation.audit.fsck import Examination
from moderation.audit.log_reader import LogReader
from moderation.stores.audit_table import AuditTable
from moderation.stores.objects import S3Objects
from moderation.stores.signer import KmsSigner
from moderation.stores.whole_tables import ScannedTables
from tests.e2e.client import Client
from tests.e2e.stack import Stack
from tests.e2e.test_main_job import INSULT, case_about, decide, eventually, norm_for, start_thread

pytestmark = pytest.mark.e2e

STACK, RESTORED = "hausrecht-restored", "hausrecht-restored-forum-again"
NAME, MARK, LATE, KEPT = "Jonas Weber", "Quellwasserwort", "Spätwort", "Bleibewort"
CHAIN = {"audit_rev", "audit_head", "audit_id", "salt"}
type Items = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class Forum:
    """A stack whose log has gone on since the copy of its table was taken.

    `gone` was erased, `hold` is in force and not in the copy, `insult` is a post whose removal the
    copy does not know; `lost` are the subjects that came into the world after it.
    """

    engine: Engine
    stack: Stack
    outputs: dict[str, str]
    gone: str
    hold: str
    insult: dict[str, Any]
    lost: frozenset[str]

    def items(self, table: str = RESTORED) -> Items:
        """Every item of a table by its key."""
        return scanned(self.engine, table)

    def restore(self, *options: str, **given: str) -> tuple[int, str, str]:
        """Run the command on the copy; exit code, what it printed, what it complained of."""
        url = str(self.engine.target.endpoint_url)
        named = {"stack": STACK, "forum-table": RESTORED, "endpoint": url} | given
        command = [sys.executable, "-m", "functions.cli", "restore", *options]
        command += [word for name, value in named.items() for word in (f"--{name}", value)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def disagreements(self, table: str = RESTORED) -> set[str]:
        """Of which subjects `fsck` finds entries and no head, where it is this table that counts.

        It finds nothing else.
        """
        client, names = self.engine.target.client, self.outputs
        dynamodb = client("dynamodb")
        audit = AuditTable(lambda: dynamodb, names["AuditTable"], names["LogOrigin"])
        objects = S3Objects(client("s3"), names["LogBucket"])
        key = KmsSigner(client("kms"), names["LogKeyId"], names["LogOrigin"]).key
        examination = Examination(
            table=audit,
            entries=audit,
            objects=objects,
            log=LogReader(objects, names["LogOrigin"], [key]),
            whole=ScannedTables(lambda: dynamodb, table, names["AuditTable"]),
        )
        found = [finding.where for finding in examination.run()]
        assert all(where.endswith(" has entries and no head") for where in found), found
        return {where.partition(" ")[0] for where in found}


def scanned(engine: Engine, table: str) -> Items:
    """Every item of a table by its key."""
    pages = engine.target.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return {(each["pk"]["S"], each["sk"]["S"]): each for page in pages for each in page["Items"]}


def unchained(item: dict[str, Any]) -> dict[str, Any]:
    """An item without what binds it to the log."""
    return {name: value for name, value in item.items() if name not in CHAIN}


def copied(engine: Engine, table: str) -> None:
    """Leave a copy of a table as it is now, for the time that is restored to."""
    dynamodb = engine.target.client("dynamodb")
    source = dynamodb.describe_table(TableName=table)["Table"]
    wanted = ("IndexName", "KeySchema", "Projection")
    dynamodb.create_table(
        TableName=RESTORED,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=source["KeySchema"],
        AttributeDefinitions=source["AttributeDefinitions"],
        GlobalSecondaryIndexes=[
            {name: index[name] for name in wanted} for index in source["GlobalSecondaryIndexes"]
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=RESTORED)
    for item in scanned(engine, table).values():
        dynamodb.put_item(TableName=RESTORED, Item=item)


def decided(stack: Stack, post: dict[str, Any], facts: str) -> str:
    """Have a post removed; the statement's id."""
    ground = {"kind": "illegal", "norm": norm_for(stack, "INSULT"), "explanation": facts}
    moderator, found = stack.as_("moderator"), {"category": "INSULT", "facts": facts}
    case = case_about(moderator, post["id"])
    return str(decide(moderator, case, outcome="remove", ground=ground, **found)["statement_id"])


def id_of(member: Client) -> str:
    """A member's id, after which the forum knows the member."""
    return str(member.get("/v1/me").expect(200)["id"])


@pytest.fixture(scope="module")
def forum(running_engine: Engine, built: Built) -> Iterator[Forum]:
    """Jonas wrote before the copy and was erased after it; Aylin came and went after it."""
    stack = Stack(**asdict(bring_up(running_engine, built, STACK)))
    # The clock has entries of its own to make at its first ring, and none within the hour after.
    running_engine.target.client("lambda").invoke(FunctionName=f"{STACK}-clocks")
    compliance, jonas, mara = (stack.as_(who) for who in ("compliance", "customer2", "customer"))
    body = {"slug": "walk", "title": "Wärmepumpen"}
    board = stack.as_("admin").post("/v1/boards", body).expect(201)
    gone, kept = id_of(jonas), start_thread(mara, board, f"Frage {KEPT}", f"Das {KEPT} bleibt.")
    decided(stack, start_thread(jonas, board, f"Frage {MARK}", f"{INSULT} {MARK}"), MARK)
    insult = start_thread(mara, board, "Streit", f"{INSULT} {KEPT}")
    case_about(stack.as_("moderator"), insult["id"])

    outputs = Deployment(running_engine.target, STACK).outputs()
    copied(running_engine, outputs["ForumTable"])

    statement = decided(stack, insult, "Eine Beschimpfung.")
    later = start_thread(stack.as_("staff"), board, f"Frage {LATE}", f"Das {LATE} auch.")
    late = id_of(stack.as_("staff"))
    jonas.delete("/v1/me").expect(204)
    compliance.post("/v1/erasures", {"member_id": late}).expect(202)
    hold = compliance.post("/v1/holds", {"subject": f"post:{kept['id']}", "matter": "Az. 7",
        "basis": "claims", "review_at": "2099-01-01T00:00:00.000Z"}).expect(201)["id"]  # fmt: skip
    for erasure in (f"/v1/erasures/{gone}", f"/v1/erasures/{late}"):
        eventually(lambda at=erasure: compliance.get(at).expect(200)["state"] == "done", 90)
    lost = {f"post:{later['id']}", f"statement:{statement}", f"hold:{hold}"}
    yield Forum(running_engine, stack, outputs, gone, hold, insult, frozenset(lost))
    running_engine.target.client("dynamodb").delete_table(TableName=RESTORED)
    Deployment(running_engine.target, STACK).delete()


def test_it_stops_where_a_hold_would_be_forgotten(forum: Forum) -> None:
    """Nothing was done to the table; the hold is named, and what to do."""
    before = forum.items()
    code, said, complaint = forum.restore()

    assert (1, "") == (code, said)
    assert f"missing hold: {forum.hold}" == complaint.splitlines()[0]
    assert "--without-holds" in complaint.splitlines()[1]
    assert before == forum.items()


@dataclass(frozen=True)
class Again:
    """What the command did that was told to go on without the hold."""

    outcome: tuple[int, str, str]
    before: Items
    after: Items


@pytest.fixture(scope="module")
def again(forum: Forum) -> Again:
    """The copy before and after it was brought up to the log."""
    before = forum.items()
    return Again(forum.restore("--without-holds"), before, forum.items())


def test_whoever_was_erased_is_erased_again(forum: Forum, again: Again) -> None:
    """Words, names and salts are gone, and every chain stands where the log has it."""
    before, after = again.before.values(), again.after.values()
    salts = {each["salt"]["B"] for each in before if "salt" in each and forum.gone in repr(each)}
    assert 3 <= len(salts)
    assert all(mark in repr(before) for mark in (NAME, MARK))

    complaint = f"missing hold: {forum.hold}\n"
    assert (0, "2 erasures carried out again\n", complaint) == again.outcome
    assert not [mark for mark in (NAME, MARK, LATE) if mark in repr(after)]
    assert not [each for each in after if each.get("salt", {}).get("B") in salts]
    assert forum.lost == forum.disagreements()


def test_what_others_left_is_as_it_was(forum: Forum, again: Again) -> None:
    """But for what binds it to the log."""
    others = {key: each for key, each in again.before.items() if forum.gone not in repr(each)}
    assert KEPT in repr(others)
    assert {key: unchained(each) for key, each in others.items()} == {
        key: unchained(again.after[key]) for key in others
    }


def test_a_second_time_changes_nothing(forum: Forum, again: Again) -> None:
    """But that it was asked again: the erasures alone, and their entries."""
    once = forum.items()
    outcome = forum.restore("--without-holds")
    twice = forum.items()

    assert again.outcome == outcome
    assert set(once) == set(twice)
    changed = {pk.partition("#")[0] for pk, sk in once if once[pk, sk] != twice[pk, sk]}
    assert {"ERASURE"} == changed
    assert forum.lost == forum.disagreements()


def test_the_stack_goes_on_with_what_was_restored(forum: Forum, again: Again) -> None:
    """Put in the table's place, it serves what it held, and takes further acts on what it held."""
    dynamodb, table = forum.engine.target.client("dynamodb"), forum.outputs["ForumTable"]
    assert 0 == again.outcome[0]
    restored = forum.items()
    for pk, sk in forum.items(table):
        dynamodb.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    for item in restored.values():
        dynamodb.put_item(TableName=table, Item=item)

    assert KEPT in forum.stack.as_(None).get(f"/v1/posts/{forum.insult['id']}").expect(200)["body"]
    decided(forum.stack, forum.insult, "Wieder eine Beschimpfung.")
    forum.stack.as_(None).get(f"/v1/posts/{forum.insult['id']}").expect(404)
    assert forum.lost == forum.disagreements(table)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"stack": "hausrecht-nowhere"}, "hausrecht-nowhere"),
        ({"forum-table": "nowhere"}, "nowhere not found"),
        ({"forum-table": f"{STACK}-audit"}, "lacks the indexes of a forum table"),
        ({"endpoint": "http://127.0.0.1:1"}, "Could not connect"),
    ],
    ids=["stack", "table", "another table", "endpoint"],
)
def test_what_cannot_be_had_is_one_line(forum: Forum, wrong: dict[str, str], told: str) -> None:
    """It could not be called like that, and says why."""
    code, said, complaint = forum.restore(**wrong)

    assert (2, "") == (code, said)
    assert 1 == len(complaint.splitlines()), complaint
    assert complaint.startswith("hausrecht restore: ")
    assert told in complaint
