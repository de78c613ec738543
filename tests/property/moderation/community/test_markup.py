"""Whatever is posted, its HTML can do nothing: read back with a browser's parser (lexbor)."""

import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.community.markup import HTML_BYTES, render
from moderation.errors import Invalid
from tests.support.inert import harms

CORPUS = Path(os.environ.get("HAUSRECHT_DATA", "../shared/data")) / "xss_vectors.jsonl.gz"

PIECES = (
    *(
        "<",
        ">",
        '"',
        "'",
        "`",
        "&",
        "&lt;",
        "&#60;",
        "&#x3c;",
        "\\",
        "\x00",
        "\n",
        "\n\n",
        "\t",
        " ",
    ),
    *("[", "](", ")", "![", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "```", "~~~", "~~", "*"),
    *("_", "> ", "- ", "1. ", "# ", "---", "==="),
    *(
        "script",
        "<script>",
        "</script>",
        "<svg",
        "<svg/onload=",
        "<math><mtext>",
        "<img src=x onerror=",
    ),
    *("<iframe srcdoc=", "<style>@import'", "<base href=//", "<form action=", "<a href=", "</p>"),
    *(
        "javascript:",
        "JaVaScRiPt:",
        "java\tscript:",
        "&#106;avascript:",
        "data:text/html,",
        "vbscript:",
    ),
    *(
        "https://example.com/",
        "//example.com",
        "mailto:a@example.com",
        "onerror=alert(1)",
        "style=x",
    ),
    *("\u202e", "\u200b", "\ufeff", "\u2028", "\u0301", "ä", "漢", "🙂"),
)
text = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def test_the_judge_sees_harm() -> None:
    """The check itself finds scripts, handlers and targets, else it would prove nothing."""
    assert harms("<script>x</script><img onerror=x><a href='javascript:x'>a</a><p style=x>y") == [
        "<script>",
        "<img>",
        "img onerror",
        "a href=javascript:x",
        "p style",
    ]


@given(text)
def test_markup_built_to_break_out_stays_inert(markdown: str) -> None:
    """Pieces of attacks in any order make nothing but listed elements and safe addresses."""
    assert harms(render(markdown)) == []


@given(st.text(max_size=300))
def test_any_text_is_inert_and_within_its_limit(markdown: str) -> None:
    """Any Unicode text is rendered small and harmless, or refused as none."""
    try:
        html = render(markdown)
    except Invalid:
        with pytest.raises(UnicodeEncodeError):
            markdown.encode()
        return

    assert harms(html) == []
    assert len(html.encode()) <= HTML_BYTES


@given(text)
def test_html_is_a_function_of_the_text(markdown: str) -> None:
    """The same text gives the same bytes, whatever was rendered before."""
    first = render(markdown)
    render("[x]: https://example.com\n\n```")

    assert first == render(markdown)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the evaluation data is not here")
def test_every_published_vector_is_inert() -> None:
    """Thousands of known attacks, alone and inside a link, a quotation and code."""
    frames = ("{}", "[a]({})", "[{}](https://example.com)", "> {}", "<{}>", '[a](https://x "{}")')
    harmful = []
    with gzip.open(CORPUS, "rt", encoding="utf-8") as lines:
        vectors = [json.loads(line) for line in lines]
    for vector in vectors:
        for frame in frames:
            if harms(render(frame.replace("{}", vector["text"]))):
                harmful.append((vector["id"], frame))

    assert (len(vectors), harmful) == (2448, [])
