"""Witnesses come when they like; k of n of them end under one checkpoint."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from moderation.audit.cosigning import (
    COSIGNED_PATH,
    OPEN_PATH,
    PATIENCE,
    AnotherOpenError,
    Cosigning,
    Tally,
)
from moderation.audit.keys import Algorithm, NoteError, VerificationKey, cosigned_message
from moderation.audit.log_reader import LogReader
from moderation.audit.note import Note, Signature, parse_note
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, Clock, MemoryObjects, World

SIGNERS = {name: LocalSigner(name.encode() * 32, f"{name}.example") for name in "abcx"}
KEYS = {
    name: VerificationKey(each.key.name, Algorithm.COSIGNATURE, each.key.material)
    for name, each in SIGNERS.items()
}
KNOWN = [KEYS[name] for name in "abc"]


class Bench:
    """A log, and three known witnesses of whom two are enough."""

    def __init__(self, quorum: int = 2) -> None:
        self.world = World()
        self.clock = Clock()
        log = LogReader(self.world.objects, ORIGIN, [SIGNER.key])
        self.cosigning = Cosigning(self.world.objects, log, KNOWN, quorum, self.clock)
        self.grow()

    def grow(self) -> None:
        """One more entry, published."""
        self.world.forum.act("post:a")
        self.world.sequence()

    def published(self) -> bytes:
        """The latest checkpoint."""
        return self.world.objects.objects["checkpoint"]

    def due(self) -> bytes:
        """What witnesses are asked to sign."""
        due = self.cosigning.due()
        assert due is not None
        return due.note

    def signed(self, by: str, note: bytes | None = None, late: timedelta = timedelta(0)) -> bytes:
        """What is due, with cosignatures."""
        parsed = parse_note(note or self.due())
        time = int((self.clock.at + late).timestamp())
        lines = [
            Signature(
                KEYS[name].name,
                KEYS[name].key_id,
                time.to_bytes(8) + SIGNERS[name].sign(cosigned_message(parsed.text, time)),
            )
            for name in by
        ]
        return Note(parsed.text, (*parsed.signatures, *lines)).encode()

    def cosigned(self) -> int | None:
        """The size that enough have signed."""
        cosigned = self.cosigning.cosigned()
        return None if cosigned is None else cosigned.checkpoint.size


def test_before_the_first_checkpoint_nothing_is_due() -> None:
    """Nor cosigned."""
    objects = MemoryObjects()
    log = LogReader(objects, ORIGIN, [SIGNER.key])
    cosigning = Cosigning(objects, log, KNOWN, 1, Clock())

    assert (cosigning.due(), cosigning.cosigned()) == (None, None)


def test_the_latest_checkpoint_is_due_until_somebody_has_signed() -> None:
    """Then that one stays due, while the log grows on."""
    bench = Bench()
    assert bench.due() == bench.published()
    assert bench.cosigning.add(bench.signed("a")) == Tally(1, 1, enough=False)
    bench.grow()

    assert bench.due().startswith(f"{ORIGIN}\n1\n".encode())
    assert bench.cosigned() is None


def test_enough_witnesses_make_it_cosigned() -> None:
    """And the latest is due again."""
    bench = Bench()
    bench.cosigning.add(bench.signed("a"))
    bench.grow()
    assert bench.cosigning.add(bench.signed("b")) == Tally(1, 2, enough=True)

    assert (bench.cosigned(), bench.due()) == (1, bench.published())
    names = [
        line.name for line in parse_note(bench.world.objects.objects[COSIGNED_PATH]).signatures
    ]
    assert names == [ORIGIN, "a.example", "b.example"]


def test_a_late_witness_adds_to_what_is_cosigned() -> None:
    """As long as nothing newer is open."""
    bench = Bench()
    note = bench.published()
    bench.cosigning.add(bench.signed("ab"))

    assert bench.cosigning.add(bench.signed("c", note)) == Tally(1, 3, enough=True)


def test_one_of_a_witness_counts_once_and_the_first_stays() -> None:
    """The earlier time is the tighter bound."""
    bench = Bench()
    first = bench.signed("a")
    bench.cosigning.add(first)
    bench.clock.at += timedelta(minutes=1)

    assert bench.cosigning.add(bench.signed("a")) == Tally(1, 1, enough=False)
    assert bench.world.objects.objects[OPEN_PATH] == first


def test_another_checkpoint_has_to_wait() -> None:
    """Whoever brings it is told."""
    bench = Bench()
    bench.cosigning.add(bench.signed("a"))
    bench.grow()

    with pytest.raises(AnotherOpenError, match="size 1"):
        bench.cosigning.add(bench.signed("b", bench.published()))


def test_who_does_not_come_is_not_waited_for_for_ever() -> None:
    """After ten minutes the next checkpoint is due, and taken."""
    bench = Bench()
    bench.cosigning.add(bench.signed("a"))
    bench.grow()
    bench.clock.at += PATIENCE

    assert bench.due() == bench.published()
    assert bench.cosigning.add(bench.signed("b")) == Tally(2, 1, enough=False)


def test_an_older_checkpoint_never_takes_the_place_of_a_newer() -> None:
    """Neither as the open nor as the cosigned one."""
    bench = Bench()
    old = bench.published()
    bench.grow()
    bench.cosigning.add(bench.signed("ab"))

    with pytest.raises(AnotherOpenError):
        bench.cosigning.add(bench.signed("ab", old))
    bench.world.objects.objects[OPEN_PATH] = bench.signed("a", old)
    assert bench.cosigning.add(bench.signed("b", old)).enough
    assert bench.cosigned() == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda bench: bench.published(),
        lambda bench: bench.signed("x"),
        lambda bench: bench.signed("a").replace(b"\n1\n", b"\n2\n"),
        lambda bench: bench.signed("a", late=timedelta(minutes=2)),
        lambda bench: bench.signed("a").replace(b"a.example", b"b.example"),
        lambda _: b"x",
    ],
    ids=["no witness", "a stranger", "not of this log", "from the future", "renamed", "no note"],
)
def test_what_is_no_cosigned_checkpoint_is_refused(spoil: Callable[[Bench], bytes]) -> None:
    """Nothing is kept of it."""
    bench = Bench()

    with pytest.raises(NoteError):
        bench.cosigning.add(spoil(bench))
    assert OPEN_PATH not in bench.world.objects.objects


def test_signatures_of_strangers_are_not_kept() -> None:
    """A note cannot be made to grow."""
    bench = Bench()
    bench.cosigning.add(bench.signed("xa"))
    held = parse_note(bench.world.objects.objects[OPEN_PATH])

    assert [line.name for line in held.signatures] == [ORIGIN, "a.example"]


class Contested(MemoryObjects):
    """Somebody else is faster, once for each path."""

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Refuse the first time."""
        if path not in self.written:
            self.written.append(path)
            return False
        return super().replace(path, data, tag)


def test_a_lost_race_is_run_again() -> None:
    """Two witnesses at once both count."""
    bench = Bench(quorum=1)
    contested = Contested(bench.world.objects.objects)
    log = LogReader(contested, ORIGIN, [SIGNER.key])

    assert Cosigning(contested, log, KNOWN, 1, bench.clock).add(bench.signed("a")).enough
    assert COSIGNED_PATH in contested.objects


def test_an_open_note_without_a_known_witness_is_settled() -> None:
    """The witnesses were changed meanwhile."""
    bench = Bench()
    bench.world.objects.objects[OPEN_PATH] = bench.signed("x")
    bench.grow()

    assert bench.due() == bench.published()
    assert BEGIN == bench.clock.at
