"""The verifier on time stamps: made by openssl, of each kind of key, altered, and of others."""

import hashlib
import random
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moderation.audit import verify
from moderation.audit.order import Built
from moderation.audit.stamping import AnchorStamps
from tests.property.moderation.audit.specimen import reseal
from tests.support.audit_fakes import SIGNER, World
from tests.support.authority import Authority

KEY = verify.parse_key(str(SIGNER.key))
DATA = b"what was there"
RSA = rsa.generate_private_key(65537, 2048)
NUMBERS = RSA.public_key().public_numbers()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority below two others."""
    return Authority(tmp_path_factory.mktemp("tsa"), depth=2)


def trusted(authority: Authority) -> list[verify.Certificate]:
    """Its root, as whoever verifies is given it."""
    return verify.read_certificates(authority.root.read_text())


@pytest.mark.parametrize(
    ("curve", "known"),
    [(ec.SECP256R1(), verify.P256), (ec.SECP384R1(), verify.P384), (ec.SECP521R1(), verify.P521)],
    ids=["P-256", "P-384", "P-521"],
)
@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_ecdsa_agrees_with_a_library(
    curve: ec.EllipticCurve, known: verify.Curve, name: str
) -> None:
    """On each curve with each hash, the longer of which are cut."""
    private = ec.generate_private_key(curve)
    hashed = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}[name]
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    signature = private.sign(DATA, ec.ECDSA(hashed))
    digest = hashlib.new(name, DATA).digest()

    assert verify.ecdsa_holds(known, point, digest, signature)
    assert not verify.ecdsa_holds(known, point, hashlib.new(name, b"x").digest(), signature)
    assert not verify.ecdsa_holds(known, b"\x02" + point[1:], digest, signature)


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("pss", [False, True])
def test_rsa_agrees_with_a_library(name: str, *, pss: bool) -> None:
    """Both paddings, salts of several lengths, and no altered signature."""
    hashed = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}[name]
    key = (NUMBERS.n, NUMBERS.e)
    for salt in (0, 20, hashed.digest_size) if pss else (0,):
        pad = padding.PSS(padding.MGF1(hashed), salt) if pss else padding.PKCS1v15()
        signature = RSA.sign(DATA, pad, hashed)
        altered = bytes([signature[0], signature[1] ^ 1]) + signature[2:]

        assert verify.rsa_holds(key, DATA, signature, name, pss=pss)
        assert not verify.rsa_holds(key, b"x", signature, name, pss=pss)
        assert not verify.rsa_holds(key, DATA, altered, name, pss=pss)
        assert not verify.rsa_holds(key, DATA, signature, name, pss=not pss)
        assert not verify.rsa_holds(key, DATA, b"\0" + signature, name, pss=pss)
        assert not verify.rsa_holds(key, DATA, signature[:-1] + b"\xff" * 2, name, pss=pss)
    assert not verify.rsa_holds((NUMBERS.n >> 1024, NUMBERS.e), DATA, bytes(128), name, pss=pss)
    assert not verify.rsa_holds(key, DATA, NUMBERS.n.to_bytes(256), name, pss=pss)


@pytest.mark.parametrize(
    ("kind", "above", "ess", "digest"),
    [
        ("rsa", "rsa", "sha256", "sha256"),
        ("rsa", "rsa-pss", "sha1", "sha512"),
        ("p256", "p521", "sha384", "sha384"),
        ("p384", "p256", "sha256", "sha512"),
        ("p521", "p384", "sha512", "sha256"),
    ],
)
def test_a_stamp_of_each_kind_holds(
    kind: str, above: str, ess: str, digest: str, tmp_path: Path
) -> None:
    """As openssl takes it, too; and for nothing else that was stamped, and for no other root."""
    authority = Authority(tmp_path / "a", kind, above, digest, ess, depth=2)
    stranger = Authority(tmp_path / "b", kind, above)
    answer = authority.stamp(DATA)
    stamp = verify.read_stamp(answer)

    assert (stamp.is_of(DATA), stamp.is_of(b"x")) == (True, False)
    assert (stamp.is_by(trusted(authority)), stamp.is_by(trusted(stranger))) == (True, False)
    assert (authority.takes(DATA, answer), stranger.takes(DATA, answer)) == (True, False)
    assert stamp.signer.name == "tsa.example"
    assert stamp.latest == stamp.at.timestamp() + 1


def test_a_stamp_signed_with_pss_holds(authority: Authority, tmp_path: Path) -> None:
    """The padding of some authorities, which openssl makes outside of its own stamps."""
    other = Authority(tmp_path, "rsa")
    stamp = verify.read_stamp(_signed(other, _info_of(other.stamp(DATA)), *PSS))

    assert stamp.is_of(DATA)
    assert stamp.is_by(trusted(other))
    assert not stamp.is_by(trusted(authority))


def test_a_stamp_is_of_the_one_version(tmp_path: Path) -> None:
    """What the next one means nobody knows."""
    other = Authority(tmp_path)
    info = _info_of(other.stamp(DATA))
    assert verify.read_stamp(_signed(other, info)).is_of(DATA)
    with pytest.raises(ValueError, match="another version"):
        verify.read_stamp(_signed(other, info.replace(b"\x02\x01\x01", b"\x02\x01\x02", 1)))


def test_a_server_may_not_stamp(authority: Authority, tmp_path: Path) -> None:
    """Its certificate is for something else, though everything holds that was signed."""
    server = Authority(tmp_path, purpose="serverAuth")
    with pytest.raises(ValueError, match="not for time stamps"):
        verify.read_stamp(_signed(server, _info_of(authority.stamp(DATA))))


def test_so_many_certificates_are_read_and_no_more(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may have to be checked against each."""
    answer = authority.stamp(DATA)
    monkeypatch.setattr(verify, "CERTIFICATES_LIMIT", 2)
    assert verify.read_stamp(answer).is_of(DATA)
    monkeypatch.setattr(verify, "CERTIFICATES_LIMIT", 1)
    with pytest.raises(ValueError, match="too many"):
        verify.read_stamp(answer)


PSS = ("-md", "sha384", "-keyopt", "rsa_padding_mode:pss")


def _signed(authority: Authority, info: bytes, *options: str) -> bytes:
    """An answer with what an authority's key signs, whatever that is."""
    (authority.folder / "info").write_bytes(info)
    subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-nodetach", "-cades",
         "-signer", "tsa.pem", "-inkey", "tsa.key", *options, "-econtent_type",
         "1.2.840.113549.1.9.16.1.4", "-in", "info", "-outform", "DER", "-out", "token"],
        cwd=authority.folder, check=True, capture_output=True,
    )  # fmt: skip
    token = (authority.folder / "token").read_bytes()
    return _der(0x30, _der(0x30, b"\x02\x01\x00") + token)


def _info_of(answer: bytes) -> bytes:
    """The TSTInfo of an answer."""
    _, token = verify.der(answer)[0].parts()
    _, _, content, *_ = token.parts()[1].parts()[0].parts()
    return content.parts()[1].parts()[0].content


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])
    return bytes([tag]) + length + content


def test_an_altered_stamp_never_says_anything_else(tmp_path: Path) -> None:
    """Of all that a stamp says, each bit is signed; what is around it may differ or not be read."""
    authority = Authority(tmp_path, "rsa", "rsa")
    answer, root = authority.stamp(DATA), trusted(authority)
    honest = verify.read_stamp(answer)
    chance = random.Random(7)  # noqa: S311
    read = 0
    for _ in range(400):
        altered = bytearray(answer)
        altered[chance.randrange(len(altered))] ^= 1 << chance.randrange(8)
        try:
            stamp = verify.read_stamp(bytes(altered))
            read += stamp.is_by(root)
        except ValueError:
            continue
        said = (stamp.name, stamp.imprint, stamp.at, stamp.within, stamp.nonce, stamp.signer.raw)
        assert said == (
            honest.name, honest.imprint, honest.at, honest.within, honest.nonce, honest.signer.raw
        )  # fmt: skip
    assert read < 60


@pytest.mark.parametrize("length", [0, 1, 5, 50, 500])
def test_what_is_cut_off_is_no_stamp(authority: Authority, length: int) -> None:
    """Said in words, whatever is missing."""
    with pytest.raises(ValueError, match=r"."):
        verify.read_stamp(authority.stamp(DATA)[:length])


def test_what_is_too_long_is_no_stamp() -> None:
    """Nobody waits for a megabyte to be read."""
    with pytest.raises(ValueError, match="larger"):
        verify.read_stamp(bytes(verify.STAMP_LIMIT_BYTES + 1))


def test_a_certificate_must_be_for_time_stamps(tmp_path: Path) -> None:
    """One for web servers signs none."""
    authority = Authority(tmp_path)
    answer = authority.stamp(DATA)
    own, served = (verify.TIME_STAMPING, bytes([*verify.TIME_STAMPING[:-1], 1]))
    forged = answer.replace(own, served)
    assert forged != answer
    with pytest.raises(ValueError, match=r"."):
        verify.read_stamp(forged)
    by = verify.read_stamp(answer).signer
    assert (by.may(own), by.may(served), trusted(authority)[0].may(own)) == (True, False, False)


def test_a_certificate_leads_to_an_authority_only(authority: Authority, tmp_path: Path) -> None:
    """In its time, over at most so many others, and never over one that may not certify."""
    stamp = verify.read_stamp(authority.stamp(DATA))
    root = trusted(authority)
    (between,) = verify.read_certificates((authority.folder / "ca-1.pem").read_text())
    late = stamp.signer.ends + timedelta(seconds=1)

    assert stamp.signer.leads_to([stamp.signer], [], stamp.at, 0)
    assert stamp.signer.leads_to([between], [], stamp.at, 1)
    assert stamp.signer.leads_to(root, [between], stamp.at, 2)
    assert not stamp.signer.leads_to(root, [between], stamp.at, 1)
    assert not stamp.signer.leads_to(root, [], stamp.at, 3)
    assert not stamp.signer.leads_to(root, [between], late, 3)
    assert not stamp.signer.leads_to(root, [between._replace(extensions={})], stamp.at, 2)
    stranger = trusted(Authority(tmp_path))[0]._replace(subject=between.subject)
    assert not stamp.signer.leads_to([stranger], [], stamp.at, 1)


def test_certificates_are_read_from_pem(authority: Authority) -> None:
    """As many as a file has; anything else is refused in words."""
    text = authority.root.read_text()

    assert [each.name for each in verify.read_certificates(text * 2)] == ["root.example"] * 2
    with pytest.raises(ValueError, match="no certificate"):
        verify.read_certificates("nothing")
    with pytest.raises(ValueError, match="not a certificate"):
        verify.read_certificates("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----")


@pytest.mark.parametrize(
    "data",
    [b"\x30\x80\x00\x00", b"\x30\x81\x05hello", b"\x1f\x81\x01\x00", b"\x04\x05abc",
     b"\x04\x82\x00\x80" + bytes(128), b"\x30\x85\x00\x00\x00\x00\x01x"],
)  # fmt: skip
def test_only_der_is_read(data: bytes) -> None:
    """No indefinite or needlessly long lengths, no long tags, nothing cut off."""
    with pytest.raises((ValueError, IndexError)):
        verify.der(data)


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        (0x17, "500101000000Z", "1950-01-01T00:00:00+00:00"),
        (0x17, "491231235959Z", "2049-12-31T23:59:59+00:00"),
        (0x18, "20260301080000.25Z", "2026-03-01T08:00:00.250000+00:00"),
        (0x18, "20260301080000", None),
        (0x18, "20260301080000+0100", None),
        (0x18, "20261301080000Z", None),
        (0x0C, "20260301080000Z", None),
    ],
)
def test_times_are_in_utc(tag: int, text: str, expected: str | None) -> None:
    """Both forms of ASN.1, and no other zone."""
    value = verify.Der(tag, text.encode(), b"")
    if expected is None:
        with pytest.raises(ValueError, match=r"."):
            verify.moment(value)
    else:
        assert expected == verify.moment(value).isoformat()


# In bundles


def stamped(authority: Authority) -> tuple[World, bytes]:
    """A log of three days whose anchors and whose export were stamped, and its bundle."""
    world = World(timestamper=authority)
    name, other = world.forum.names(2)
    for _ in range(3):
        for subject in (name, other):
            world.forum.act(subject)
            world.sequence()
        AnchorStamps(world.anchors, authority, world.clock).run()
        world.forum.clock.at += timedelta(days=1)
        world.clock.at += timedelta(days=1)
    return world, world.export()


@pytest.fixture(scope="module")
def bundle(authority: Authority) -> bytes:
    """Its bundle."""
    return stamped(authority)[1]


def checked(
    data: bytes, folder: Path, authorities: list[verify.Certificate]
) -> tuple[list[str], dict[str, object]]:
    """What is said of a bundle: kind and file of each failure, and facts."""
    path = folder / "bundle.zip"
    path.write_bytes(data)
    failures, facts = verify.check(path, KEY, [], 0, authorities=authorities)
    return [f"{each.kind} {each.file}" for each in failures], facts


def test_stamps_come_with_the_bundle_and_hold(
    bundle: bytes, authority: Authority, tmp_path: Path
) -> None:
    """On the checkpoint and on each anchor; by whom and when is told."""
    failures, facts = checked(bundle, tmp_path, trusted(authority))

    assert (failures, facts["stamps"], facts["stamps_unheld"]) == ([], 4, 0)
    assert list(facts["stamped"]) == ["tsa.example"]  # type: ignore[call-overload]
    assert "4 checkpoints were stamped" in verify.report([], facts, as_json=False)


def test_without_an_authority_only_their_form_is_looked_at(bundle: bytes, tmp_path: Path) -> None:
    """And it is said that nobody's word was taken."""
    failures, facts = checked(bundle, tmp_path, [])

    assert (failures, facts["stamps"], facts["stamps_unheld"]) == ([], 0, 4)
    assert "4 time stamps were not looked into" in verify.report([], facts, as_json=False)


def test_a_stranger_is_no_authority(bundle: bytes, tmp_path: Path) -> None:
    """Each stamp is by somebody else."""
    failures, _ = checked(bundle, tmp_path, trusted(Authority(tmp_path / "tsa")))

    assert failures == [
        "stamp checkpoint.tsr",
        "stamp anchors/2026-03-01.tsr",
        "stamp anchors/2026-03-02.tsr",
        "stamp anchors/2026-03-03.tsr",
    ]


def test_whoever_names_an_authority_wants_its_stamp(authority: Authority, tmp_path: Path) -> None:
    """A bundle without one fails."""
    failures, _ = checked(stamped(authority)[0].export(), tmp_path, trusted(authority))
    assert failures == []
    world = World()
    world.forum.act(*world.forum.names(1))
    world.sequence()

    assert checked(world.export(), tmp_path, [])[0] == []
    assert checked(world.export(), tmp_path, trusted(authority))[0] == ["stamp checkpoint.tsr"]


def _files(bundle: bytes, folder: Path) -> dict[str, bytes]:
    path = folder / "whole.zip"
    path.write_bytes(bundle)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda files: files | {"checkpoint.tsr": b"x"}, ["stamp checkpoint.tsr"]),
        (
            lambda files: files | {"checkpoint.tsr": files["anchors/2026-03-01.tsr"]},
            ["stamp checkpoint.tsr"],
        ),
        (
            lambda files: {k: v for k, v in files.items() if k != "anchors/2026-03-02"},
            ["file anchors/2026-03-02.tsr"],
        ),
    ],
    ids=["no stamp", "of something else", "of nothing"],
)
def test_a_stamp_is_of_what_it_stands_beside(
    spoil: Callable[[dict[str, bytes]], dict[str, bytes]],
    expected: list[str],
    bundle: bytes,
    tmp_path: Path,
) -> None:
    """Also where the log itself has sealed it, and where no authority is given."""
    files = spoil(_files(bundle, tmp_path))

    assert checked(reseal(files), tmp_path, [])[0] == expected


def test_an_entry_dated_after_a_stamp_above_it_is_found(
    authority: Authority, tmp_path: Path
) -> None:
    """By the clock of whoever stamped, where that one is trusted."""
    world = World(timestamper=authority)
    world.forum.clock.at = world.clock.at = world.forum.clock.at.replace(year=2999)
    world.forum.act(*world.forum.names(1))
    world.sequence()
    data = world.export(start=world.forum.clock.at - timedelta(days=1))

    assert checked(data, tmp_path, [])[0] == []
    assert checked(data, tmp_path, trusted(authority))[0] == ["time checkpoint.tsr"]


def test_an_entry_of_a_chain_is_held_against_stamps_too(
    authority: Authority, tmp_path: Path
) -> None:
    """Though it stands behind the range."""
    world = World(timestamper=authority)
    world.forum.clock.at = world.clock.at = world.forum.clock.at.replace(year=2999)
    (name,) = world.forum.names(1)
    world.forum.act(name)
    world.sequence()
    order = replace(world.order(), subject=name)
    built = world.exporter().build(order)
    assert isinstance(built, Built)
    data = world.bundles.bundles[built.path]

    assert checked(data, tmp_path, trusted(authority))[0] == ["time checkpoint.tsr"]


def test_the_certificates_are_given_as_files(
    bundle: bytes, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the command line; a file that holds none is wrong usage."""
    path = tmp_path / "b.zip"
    path.write_bytes(bundle)
    given = [str(path), "--key", str(SIGNER.key), "--tsa"]

    assert verify.main([*given, str(authority.root)]) == 0
    assert "4 checkpoints were stamped" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        verify.main([*given, str(path)])
    assert ended.value.code == 2
