"""Which witnesses count, and how many of them, is said by whoever verifies."""

from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.keys import Algorithm, VerificationKey, cosigned_message
from moderation.audit.log_reader import LogReader
from moderation.audit.note import Note, Signature, parse_note
from moderation.audit.single_proof import single_proof
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import BEGIN, ORIGIN, SIGNER, World

NOW = int(BEGIN.timestamp())
SIGNERS = {name: LocalSigner(name.encode() * 32, f"{name}.example") for name in "abc"}
KEYS = {
    name: VerificationKey(each.key.name, Algorithm.COSIGNATURE, each.key.material)
    for name, each in SIGNERS.items()
}
WITNESSES = "".join(f"witness {name} {key}\n" for name, key in KEYS.items())
HEAD = f"# who is trusted\nlog {SIGNER.key}\n{WITNESSES}"


@pytest.fixture
def world() -> World:
    """A log of three entries."""
    made = World()
    for _ in range(3):
        made.forum.act("post:a")
    made.sequence()
    return made


def cosigned(note: bytes, by: str, time: int = NOW) -> bytes:
    """The note with cosignatures."""
    text, lines = parse_note(note).text, list(parse_note(note).signatures)
    for name in by:
        key = KEYS[name]
        blob = time.to_bytes(8) + SIGNERS[name].sign(cosigned_message(text, time))
        lines.append(Signature(key.name, key.key_id, blob))
    return Note(text, tuple(lines)).encode()


def run(world: World, policy: str, by: str, folder: Path, *options: str, time: int = NOW) -> int:
    """Verify a single proof under a checkpoint that these witnesses cosigned."""
    log = LogReader(world.objects, ORIGIN, [SIGNER.key])
    note = cosigned(world.objects.objects["checkpoint"], by, time)
    (folder / "e.tlog-proof").write_bytes(single_proof(log, log.opened(note), 1))
    (folder / "policy").write_text(policy)
    return verify.main([str(folder / "e.tlog-proof"), "--policy", str(folder / "policy"), *options])


@pytest.mark.parametrize(
    ("lines", "by", "code"),
    [
        ("quorum none", "", 0),
        ("quorum a", "a", 0),
        ("quorum a", "bc", 1),
        ("group g 2 a b c\nquorum g", "ac", 0),
        ("group g 2 a b c\nquorum g", "c", 1),
        ("group g any a b c\nquorum g", "c", 0),
        ("group g all a b c\nquorum g", "ab", 1),
        ("group g all a b c\nquorum g", "abc", 0),
        ("group g any a b\ngroup h all g c\nquorum h", "bc", 0),
        ("group g any a b\ngroup h all g c\nquorum h", "ab", 1),
    ],
)
def test_enough_witnesses_must_have_signed(
    lines: str, by: str, code: int, world: World, tmp_path: Path
) -> None:
    """One, k of n, all, and groups of groups."""
    assert run(world, HEAD + lines, by, tmp_path) == code


def test_a_bundle_is_held_to_the_policy(world: World, tmp_path: Path) -> None:
    """Like a single proof."""
    (tmp_path / "b.zip").write_bytes(world.export())
    (tmp_path / "p").write_text(HEAD + "quorum a")
    policy = verify.policy_of(tmp_path / "p", [], 0)
    failures, _ = verify.check(
        tmp_path / "b.zip", verify.parse_key(str(SIGNER.key)), [], 0, policy=policy
    )

    assert [each.kind for each in failures] == ["witness"]


@pytest.mark.parametrize(
    "lines",
    [
        "witness a nonsense",
        f"witness a {KEYS['b']}",
        "group g 3 a b",
        "group g 0 a b",
        "group g 2 a a",
        "group g x a b",
        "group g 1 d",
        "group g 1",
        "group a 1 b",
        "quorum d",
        "log nonsense",
        "nonsense",
        "quorum a",
        f"witness d {KEYS['a']}",
    ],
)
def test_what_is_no_policy_is_wrong_usage(lines: str, world: World, tmp_path: Path) -> None:
    """A misspelt policy never passes for one that asks for nothing."""
    with pytest.raises(SystemExit) as caught:
        run(world, f"{HEAD}{lines}\nquorum none", "a", tmp_path)
    assert caught.value.code == 2


def test_a_policy_says_which_witnesses_are_enough(world: World, tmp_path: Path) -> None:
    """One that forgot to asks for something, and nobody knows what."""
    with pytest.raises(SystemExit) as caught:
        run(world, HEAD, "a", tmp_path)
    assert caught.value.code == 2


def test_a_policy_that_cannot_be_read_is_wrong_usage(tmp_path: Path) -> None:
    """A misspelt name of a file."""
    with pytest.raises(SystemExit) as caught:
        verify.main(["b.zip", "--policy", str(tmp_path / "none")])
    assert caught.value.code == 2


def test_the_key_comes_from_somewhere(world: World, tmp_path: Path) -> None:
    """From the policy or the command line, and not two from both."""
    none, key = "quorum none", str(SIGNER.key)
    assert run(world, HEAD + none, "", tmp_path) == 0
    assert run(world, HEAD + none, "", tmp_path, "--key", key) == 0
    assert run(world, WITNESSES + none, "", tmp_path, "--key", key) == 0
    for policy, *options in (
        (WITNESSES + none,),
        (HEAD + none, "--key", str(LocalSigner(bytes(32), ORIGIN).key)),
    ):
        with pytest.raises(SystemExit) as caught:
            run(world, policy, "", tmp_path, *options)
        assert caught.value.code == 2


def test_an_entry_dated_after_its_cosignature_is_found(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The witness's clock bounds the operator's."""
    assert run(world, HEAD + "quorum a", "a", tmp_path, time=NOW - 61) == 1
    assert capsys.readouterr().out.startswith("FAILED time: index 1 ")
