"""Markdown to HTML that can do no harm, made once when a post is written.

CommonMark with strikethrough, less what a forum of strangers cannot use safely:

    raw HTML            is text
    images              are a "!" before a link: a picture from elsewhere tells its host who reads
                        what and when, and may be another tomorrow than the one that was reviewed
    reference links     are text: ten thousand characters of them unfold into megabytes
    bare addresses      are text: only what the author made a link is one
    relative addresses  lose their target: posts are shown on more than one page

Two fences, each enough alone: the renderer escapes, and nh3 (ammonia, html5ever) lets through what
is on a list and nothing else. Time is linear in the length for every construct that is left on.
"""

from functools import cache

import nh3
from markdown_it import MarkdownIt

from moderation.errors import Fault, Invalid

VERSION = 1
"""Goes up when the same text would be rendered otherwise; stored HTML must then be made anew."""

BODY_CHARACTERS = 10_000
BODY_BYTES = 20 * 1024
HTML_BYTES = 40 * 1024

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = ("blockquote", "br", "hr", "li", "ol", "p", "pre", "ul", *_HEADINGS)
TAGS = frozenset(("a", "code", "em", "s", "strong", *_BLOCKS))
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
REL = "nofollow ugc noopener"
_OFF = ("html_block", "html_inline", "image", "reference")


def render(markdown: str) -> str:
    """Return the HTML of a post's body; the text itself stays as its author wrote it.

    Raises Invalid (`/body`) for text that is longer than 10,000 characters or 20 KB, that is no
    Unicode text (lone surrogates), or whose HTML would be longer than 40 KB.
    """
    if len(markdown) > BODY_CHARACTERS or _size_bytes(markdown) > BODY_BYTES:
        raise _refused(f"longer than {BODY_CHARACTERS} characters or {BODY_BYTES} bytes")
    html = _sanitiser().clean(_renderer().render(markdown))
    if _size_bytes(html) > HTML_BYTES:
        raise _refused(f"shown, it would be longer than {HTML_BYTES} bytes")
    return html


def _size_bytes(text: str) -> int:
    try:
        return len(text.encode("utf-8"))
    except UnicodeEncodeError as error:
        raise _refused("not Unicode text: a lone surrogate") from error


def _refused(why: str) -> Invalid:
    return Invalid("This text cannot be posted.", faults=(Fault("/body", why),))


@cache
def _renderer() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "maxNesting": 20}
    return MarkdownIt("commonmark", options).enable("strikethrough").disable(_OFF)


@cache
def _sanitiser() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=REL,
    )
