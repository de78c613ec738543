"""Markdown becomes harmless HTML, once, in linear time."""

import hashlib
import time
from collections.abc import Callable

import pytest

from moderation.community.markup import BODY_CHARACTERS, VERSION, render
from moderation.errors import Fault, Invalid

AUTHORS_USE = (
    "# Frage\n\nDer *Filter* ist **neu** und ~~dicht~~ `E24`.  \nUnd nun?\n\n"
    "> Schon entkalkt?\n\n3. ja\n4. nein\n\n- a\n\n---\n\n```\nx < y\n```\n"
)


def test_what_authors_use_is_rendered() -> None:
    """Paragraphs, emphasis, code, quotations, lists, headings, rules and breaks come through."""
    assert render(AUTHORS_USE) == (
        "<h1>Frage</h1>\n"
        "<p>Der <em>Filter</em> ist <strong>neu</strong> und <s>dicht</s> <code>E24</code>.<br>\n"
        "Und nun?</p>\n"
        "<blockquote>\n<p>Schon entkalkt?</p>\n</blockquote>\n"
        '<ol start="3">\n<li>ja</li>\n<li>nein</li>\n</ol>\n'
        "<ul>\n<li>a</li>\n</ul>\n<hr>\n<pre><code>x &lt; y\n</code></pre>\n"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            '[Anleitung](https://example.com/a "Seite 3")',
            '<p><a href="https://example.com/a" title="Seite 3" rel="nofollow ugc noopener">'
            "Anleitung</a></p>\n",
        ),
        (
            "<mailto:hilfe@example.com>",
            '<p><a href="mailto:hilfe@example.com" rel="nofollow ugc noopener">'
            "mailto:hilfe@example.com</a></p>\n",
        ),
        ("https://example.com", "<p>https://example.com</p>\n"),
        ("[a](/threads/1)", '<p><a rel="nofollow ugc noopener">a</a></p>\n'),
        ("[a](//example.com)", '<p><a rel="nofollow ugc noopener">a</a></p>\n'),
        ("[a](ftp://example.com)", '<p><a rel="nofollow ugc noopener">a</a></p>\n'),
    ],
)
def test_a_link_is_what_its_author_made_one_and_nothing_vouches_for_it(
    text: str, html: str
) -> None:
    """Only absolute web and mail addresses are targets, and each says that a user wrote it."""
    assert html == render(text)


def test_a_picture_is_only_a_link() -> None:
    """Nothing is loaded from elsewhere, so nobody learns who reads."""
    assert render("![Foto](https://example.com/p.png)") == (
        '<p>!<a href="https://example.com/p.png" rel="nofollow ugc noopener">Foto</a></p>\n'
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<b onclick=x>fett</b>", "<p>&lt;b onclick=x&gt;fett&lt;/b&gt;</p>\n"),
        ("a <!-- b --> c", "<p>a &lt;!-- b --&gt; c</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](java&#x73;cript:x)", "<p>[a](javascript:x)</p>\n"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
        ("[a]: javascript:x\n\n[a]", "<p>[a]: javascript:x</p>\n<p>[a]</p>\n"),
        ("```js onload=x\ny\n```", "<pre><code>y\n</code></pre>\n"),
    ],
)
def test_code_in_a_text_stays_text(text: str, html: str) -> None:
    """Raw HTML, scripts in addresses and definitions of references are shown as written."""
    assert html == render(text)


def test_a_text_at_its_limits_is_taken() -> None:
    """10,000 characters of two bytes each are exactly what may be posted."""
    assert f"<p>{'ä' * BODY_CHARACTERS}</p>\n" == render("ä" * BODY_CHARACTERS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a" * 10_001, "longer than 10000 characters or 20480 bytes"),
        ("漢" * 7_000, "longer than 10000 characters or 20480 bytes"),
        ("&" * 10_000, "shown, it would be longer than 40960 bytes"),
        ("a\ud800", "not Unicode text: a lone surrogate"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_says_why(text: str, why: str) -> None:
    """Too many characters, too many bytes, too much HTML, and what is no text at all."""
    with pytest.raises(Invalid) as refusal:
        render(text)

    assert (Fault("/body", why),) == refusal.value.faults


def test_ten_thousand_combining_marks_are_taken_as_they_are() -> None:
    """A flood of marks is ugly, not dangerous; the text round-trips."""
    assert f"<p>{'\u0301' * 10_000}</p>\n" == render("\u0301" * 10_000)


def test_deep_nesting_ends_at_twenty_levels() -> None:
    """What stands deeper is not shown, and costs nothing."""
    assert render("> " * 4_000 + "a").count("<blockquote>") == 20


def test_the_version_goes_up_when_the_rendering_changes() -> None:
    """Stored HTML is of one version; whoever changes these bytes raises it and makes all anew."""
    samples = [make(300) for make in HOSTILE.values()]
    everything = "\0".join(render(sample) for sample in (AUTHORS_USE, *samples))
    digest = hashlib.sha256(everything.encode()).hexdigest()[:16]

    assert (VERSION, digest) == (1, "4796f78f9053fe8e")


HOSTILE: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "[" * n,
    "link starts": lambda n: "[a](" * (n // 4),
    "nested links": lambda n: "[a](b" * (n // 10) + ")" * (n // 10) + "]" * (n // 10),
    "emphasis": lambda n: "*a_" * (n // 3),
    "emphasis pairs": lambda n: "***a** b* " * (n // 10),
    "strikethrough": lambda n: "~~a " * (n // 4),
    "backticks": lambda n: "".join("`" * i + " " for i in range(1, int((2 * n) ** 0.5))),
    "quotes": lambda n: ">" * n,
    "lists": lambda n: "\n".join("  " * (i % 50) + "- a" for i in range(n // 55)),
    "list markers": lambda n: "- " * (n // 2),
    "definitions": lambda n: "[a]: " + "x" * (n // 2) + "\n\n" + "[a]" * (n // 6),
    "tags": lambda n: "<a " * (n // 3),
    "entities": lambda n: "&#1" * (n // 3),
    "backslashes": lambda n: "\\" * n,
    "rules": lambda n: "a\n" * (n // 4) + "=" * (n // 2),
}


def _cpu_seconds(text: str) -> float:
    """The processor's time, which others on the machine do not add to."""

    def once() -> float:
        start = time.process_time()
        render(text)
        return time.process_time() - start

    return min(once() for _ in range(4))


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_and_no_faster(name: str) -> None:
    """Eight times the text takes at most twenty times as long (quadratic would be 64)."""
    make = HOSTILE[name]
    render("warm")

    assert _cpu_seconds(make(9_600)) <= 20 * _cpu_seconds(make(1_200)) + 0.005
