"""What receipts and proofs ask of DynamoDB, S3 and KMS: requests, exactly."""

from collections import Counter
from fractions import Fraction

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from moderation.audit.merkle import consistency_proof, inclusion_proof
from moderation.audit.tiles import TILE_WIDTH, node_reader
from moderation.stores.receipts import TableReceipts
from moderation.stores.signer import KmsSigner
from tests.support.forum_walk import notice_about, open_board, start
from tests.support.memory_aws import MemoryKms
from tests.support.stack import ORIGIN
from tests.unit.functions.api.resources.test_log import WITNESS, LoggedApi

MILLION = 1_000_000


def tiles_read(size: int, prove: str, at: int) -> int:
    """How many objects a proof reads in a tree of this size."""
    read: list[str] = []

    def tile(path: str) -> bytes:
        read.append(path)
        width = int(path.rpartition(".p/")[2]) if ".p/" in path else TILE_WIDTH
        return bytes(32 * width)

    node = node_reader(size, tile)
    if prove == "inclusion":
        inclusion_proof(at, size, node)
        node(0, at)
    else:
        consistency_proof(at, size, node)
    assert len(read) == len(set(read))
    return len(read)


def test_a_receipt_is_one_read_and_one_signature() -> None:
    """The key is described once a container; the entry costs one unit."""
    logged = LoggedApi()
    notice = logged.noticed()
    kms = MemoryKms(
        ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32), "ECC_NIST_EDWARDS25519"
    )
    receipts = TableReceipts(logged.table, KmsSigner(kms.client(), "key", ORIGIN))
    logged.stack.engine.meter.reset()
    for _ in range(2):
        assert receipts.of(f"notice:{notice['id']}") is not None

    assert ["Query", "Query"] == logged.stack.engine.meter.operations
    assert {Fraction(1)} == {call.rcu for call in logged.stack.engine.meter.calls}
    assert ["GetPublicKey", "Sign", "Sign"] == kms.operations


def test_a_notice_with_its_receipt_is_one_request_more_than_without() -> None:
    """Count, read, transaction; then the entry."""
    logged = LoggedApi()
    open_board(logged.api)
    post = start(logged.api)
    logged.stack.engine.meter.reset()
    notice_about(logged.api, post["id"])

    operations = ["UpdateItem", "BatchGetItem", "TransactWriteItems", "Query"]
    assert operations == logged.stack.engine.meter.operations


@pytest.mark.parametrize("witnesses", [(), (WITNESS,)], ids=["alone", "witnessed"])
def test_a_proof_is_one_get_of_the_index_and_few_objects(witnesses: tuple[object, ...]) -> None:
    """The checkpoint (and the cosigned one, where there are witnesses), and the tiles."""
    logged = LoggedApi(*witnesses)  # type: ignore[arg-type]
    entry_id = logged.noticed()["receipt"]["entry_id"]
    logged.sequence()
    logged.stack.engine.meter.reset()
    got: Counter[str] = Counter()
    plain = logged.objects.get_tagged, logged.objects.get
    logged.objects.get_tagged = lambda path: got.update([path]) or plain[0](path)  # type: ignore
    logged.objects.get = lambda path: got.update([path]) or plain[1](path)  # type: ignore
    logged.api.get(f"/v1/audit/entries/{entry_id}/proof").expect(200)

    assert ["BatchGetItem"] == logged.stack.engine.meter.operations
    size = len(logged.stack.entries())
    expected = {"checkpoint": 1, f"tile/0/000.p/{size}": 1}
    assert dict(got) == expected | ({"witness/cosigned": 1} if witnesses else {})


@pytest.mark.parametrize("at", [0, 1, 255, 256, 65_535, 65_536, 999_423, 999_424, 999_999])
def test_at_a_million_a_proof_reads_at_most_six_tiles(at: int) -> None:
    """Three levels: on each the leaf's own side and the right edge."""
    assert tiles_read(MILLION, "inclusion", at) <= 6


@pytest.mark.parametrize("at", [1, 255, 256, 65_537, 500_000, 999_999])
def test_at_a_million_consistency_reads_at_most_six_tiles(at: int) -> None:
    """The same, from the old edge to the new one."""
    assert tiles_read(MILLION, "consistency", at) <= 6
