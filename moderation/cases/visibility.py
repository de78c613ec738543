"""What a post's restrictions make of it: its state, and the words a reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from moderation.community.post import Post, PostState, Restriction, RestrictionKind
from moderation.detection.signal import Span

BLACKED_OUT = "█"


class Sealable(Protocol):
    """Words with passages that nobody is shown."""

    @property
    def body(self) -> str: ...  # noqa: D102
    @property
    def sealed(self) -> tuple[Span, ...]: ...  # noqa: D102


def with_restrictions(
    post: Post, restrictions: Iterable[Restriction], render: Callable[[str], str]
) -> Post:
    """The post under these restrictions: its state follows from them, never the other way round.

    `html` is made anew where what is redacted changes, so that what is stored for readers never
    shows a hidden passage. A post its author has deleted stays deleted.
    """
    after = replace(post, restrictions=tuple(restrictions))
    after = replace(after, state=_state_of(after))
    if visible_body(after) != visible_body(post):
        after = replace(after, html=render(visible_body(after)))
    return after


def lifted(post: Post) -> Post:
    """The post without its automatic hold; what is redacted stays redacted."""
    after = replace(post, restrictions=tuple(without(post, RestrictionKind.HOLD)))
    return replace(after, state=_state_of(after))


def visible_body(post: Post) -> str:
    """The author's words with every redacted and sealed code point blacked out; lines stay."""
    return masked(
        readable(post),
        (
            span
            for restriction in post.restrictions
            if restriction.kind is RestrictionKind.REDACTION
            for span in restriction.spans
        ),
    )


def readable(words: Sealable) -> str:
    """What author and moderators are shown: all but what a list of known files has (ADR 027)."""
    return masked(words.body, words.sealed) if words.sealed else words.body


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans blacked out, of the same length, so that other spans still fit."""
    characters = list(text)
    for span in spans:
        for index in range(span.start, min(span.end, len(characters))):
            if characters[index] != "\n":
                characters[index] = BLACKED_OUT
    return "".join(characters)


def without(post: Post, kind: RestrictionKind, since: datetime | None = None) -> list[Restriction]:
    """The restrictions in force but those of a kind (imposed at `since`, where that is given)."""
    return [
        restriction
        for restriction in post.restrictions
        if restriction.kind is not kind or since not in (None, restriction.since)
    ]


def _state_of(post: Post) -> PostState:
    if post.state is PostState.DELETED:
        return PostState.DELETED
    if any(_hides(restriction) for restriction in post.restrictions):
        return PostState.REMOVED
    if any(restriction.kind is RestrictionKind.HOLD for restriction in post.restrictions):
        return PostState.HELD
    return PostState.PUBLISHED


def _hides(restriction: Restriction) -> bool:
    """Whether nobody but author and moderators sees the post; disabled everywhere is like that."""
    if restriction.kind is RestrictionKind.DISABLING:
        return not restriction.territory
    return restriction.kind is RestrictionKind.REMOVAL
