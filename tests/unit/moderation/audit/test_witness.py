"""A witness signs what follows from what it has signed, and nothing else."""

from dataclasses import dataclass, field

import pytest

from moderation.audit import verify
from moderation.audit.checkpoint import Checkpoint, sign_checkpoint
from moderation.audit.contradiction import Known, Verdict, judge
from moderation.audit.keys import Algorithm, NoteError, VerificationKey
from moderation.audit.log_reader import LogReader
from moderation.audit.merkle import EMPTY_ROOT, consistency_proof
from moderation.audit.witness import BehindError, InconsistentError, Witness, encode_request
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World

NAME = "witness.example"
WITNESS_SIGNER = LocalSigner(b"w" * 32, NAME)
KEY = VerificationKey(NAME, Algorithm.COSIGNATURE, WITNESS_SIGNER.key.material)


@dataclass
class MemoryOfOne:
    """What a witness remembers, in memory."""

    seen: dict[str, Known] = field(default_factory=dict)
    contested: bool = False

    def last(self, origin: str) -> Known | None:
        """Return what was seen last."""
        return self.seen.get(origin)

    def advance(self, old: Known | None, new: Known) -> bool:
        """Remember, unless somebody else was faster."""
        origin = new.checkpoint.origin
        if self.contested or self.seen.get(origin) != old:
            return False
        self.seen[origin] = new
        return True


def witness_of(memory: MemoryOfOne | None = None) -> Witness:
    """A witness that knows the test log."""
    return Witness(KEY, WITNESS_SIGNER, memory or MemoryOfOne(), [SIGNER.key], lambda: BEGIN)


def grown(world: World, acts: int) -> bytes:
    """Act, sequence, and return the checkpoint."""
    for _ in range(acts):
        world.forum.act("post:a")
    world.sequence()
    return world.objects.objects["checkpoint"]


def proof_of(world: World, first: int, second: int) -> list[bytes]:
    """The consistency proof between two sizes."""
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    return consistency_proof(first, second, log.nodes(second))


def test_a_growing_log_is_cosigned() -> None:
    """Each checkpoint that follows, with the time, as the verifier takes it."""
    world, witness = World(), witness_of()
    first = grown(world, 3)
    line = witness.cosign(first, 0, [])
    second = grown(world, 300)
    again = witness.cosign(second, 3, proof_of(world, 3, 303))
    for note, signature in ((first, line), (second, again)):
        text, lines = verify.parse_note(note + signature.encode())
        name, raw = lines[-1]
        assert name == NAME
        assert verify.holds(verify.parse_key(str(KEY)), text, raw[4:])
        assert int.from_bytes(raw[4:12]) == int(BEGIN.timestamp())


def test_what_is_remembered_is_what_the_log_signed() -> None:
    """Its own signature, and nobody else's."""
    memory, world = MemoryOfOne(), World()
    note = grown(world, 3)
    witness = witness_of(memory)
    witness.cosign(note + witness.cosign(note, 0, []).encode(), 3, [])

    assert memory.seen[ORIGIN].note == note


def test_the_same_checkpoint_may_be_cosigned_again() -> None:
    """With the empty proof."""
    world, witness = World(), witness_of()
    note = grown(world, 3)
    witness.cosign(note, 0, [])

    assert witness.cosign(note, 3, []).startswith(f"— {NAME} ")


def test_an_empty_log_is_cosigned() -> None:
    """Its root is known to everybody."""
    assert witness_of().cosign(grown(World(), 0), 0, [])
    lie = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), SIGNER)
    with pytest.raises(InconsistentError):
        witness_of().cosign(lie, 0, [])


@pytest.mark.parametrize("size", [3, 9])
def test_another_history_is_not_cosigned(size: int) -> None:
    """A log that rewrote what it had shown finds nobody to sign."""
    world, witness = World(), witness_of()
    witness.cosign(grown(world, 3), 0, [])
    other = World()
    other.forum.act("post:other")
    note = grown(other, size - 1)

    with pytest.raises(InconsistentError) as caught:
        witness.cosign(note, 3, proof_of(other, 3, size) if size > 3 else [])
    line = caught.value.evidence.encode()
    assert judge(line, [SIGNER.key]) == Verdict.TWO_HISTORIES
    with pytest.raises(InconsistentError):
        witness.cosign(note, 3, [bytes(32)] * 9)


def test_a_log_that_was_rolled_back_is_not_cosigned() -> None:
    """A smaller tree follows from nothing."""
    world, witness = World(), witness_of()
    small = grown(world, 3)
    witness.cosign(grown(world, 3), 0, [])

    with pytest.raises(InconsistentError):
        witness.cosign(small, 6, [])


def test_a_proof_from_another_size_is_answered_with_the_known_one() -> None:
    """So that the log can send the right proof."""
    world, witness = World(), witness_of()
    note = grown(world, 3)
    witness.cosign(note, 0, [])

    with pytest.raises(BehindError) as caught:
        witness.cosign(note, 0, [])
    assert caught.value.size == 3


def test_a_lost_race_is_not_signed() -> None:
    """Two requests at once: one of them comes again."""
    with pytest.raises(BehindError):
        witness_of(MemoryOfOne(contested=True)).cosign(grown(World(), 3), 0, [])


def test_an_unknown_log_is_not_cosigned() -> None:
    """The witness signs for the logs it was given."""
    stranger = sign_checkpoint(Checkpoint("other", 0, EMPTY_ROOT), LocalSigner(b"o" * 32, "other"))

    with pytest.raises(NoteError):
        witness_of().cosign(stranger, 0, [])


def test_a_request() -> None:
    """Old size, proof, empty line, checkpoint."""
    assert encode_request(3, [bytes(32)], b"note") == b"old 3\n" + b"A" * 43 + b"=\n\nnote"
