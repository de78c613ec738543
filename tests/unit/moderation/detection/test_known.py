"""What of a text a list of known files can know."""

import base64
import hashlib

import pytest

from moderation.detection.known import Kind, carried_by, known_in, normal_address
from moderation.detection.known_list import ExactList
from moderation.detection.signal import KNOWN, PPM, Span
from moderation.detection.taxonomy import Category

FILE = bytes(range(200))
ENCODED = base64.b64encode(FILE).decode()
DIGEST = hashlib.sha256(FILE).digest()


def digest_of(address: str) -> bytes:
    """The hash of an address in its normal form."""
    return hashlib.sha256(str(normal_address(address)).encode()).digest()


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("https://www.Beispiel.example/A%2Fb/%7Ex/?q=1#top", "beispiel.example/A/b/~x?q=1"),
        ("http://beispiel.example:80/", "beispiel.example"),
        ("beispiel.example:8080/x", "beispiel.example:8080/x"),
        ("https://bücher.example/ä", "xn--bcher-kva.example/%C3%A4"),
        ("http://[::1]/x", None),
        ("http://a.example:99999/", None),
        ("localhost/x", None),
        (f"http://{'a' * 64}.example/", None),
    ],
)
def test_an_address_has_one_form(address: str, normal: str | None) -> None:
    """What changes nothing of what is shown is left out; what is no address has none."""
    assert normal == normal_address(address)


@pytest.mark.parametrize(
    "text", [f"Hier: data:image/png;base64,{ENCODED} ok", f"Hier: {ENCODED} ok"]
)
def test_a_file_in_a_text_is_known_by_its_bytes(text: str) -> None:
    """As a data address or as bare base64."""
    (carried,) = [each for each in carried_by(text) if each.kind is Kind.FILE]
    assert (DIGEST, text[6:-3]) == (
        carried.digest,
        text[carried.span.start : carried.span.end],
    )


def test_what_looks_encoded_and_is_not_is_no_file() -> None:
    """A long word is a word, and a port that cannot be makes no address."""
    assert [] == list(carried_by("a" * 65))
    assert [] == list(carried_by("a.example:99999/x"))


def test_an_address_is_known_in_a_sentence() -> None:
    """Without the marks that close the sentence."""
    (carried,) = carried_by("(siehe www.boese.example/bild.png).")
    assert (digest_of("https://boese.example/bild.png"), Span(7, 33)) == (
        carried.digest,
        carried.span,
    )


def test_a_match_is_a_signal_that_repeats_nothing() -> None:
    """It names the list, is certain, and quotes no word."""
    listed = ExactList("v1", {(Kind.URL, digest_of("boese.example/x")): Category.CSAM})
    (signal,) = known_in("Schau: https://boese.example/x und https://gut.example/x", listed)
    assert (KNOWN, "v1", "url", Category.CSAM, PPM, "", Span(7, 30)) == (
        signal.detector,
        signal.version,
        signal.rule,
        signal.category,
        signal.score_ppm,
        signal.excerpt,
        signal.span,
    )
