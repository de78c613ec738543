"""Places: what a notifier points at, an address or a post's id, and which post of ours it is."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from moderation.ids import PostId

_POST = re.compile(r"posts?[/=-]([0-7][0-9A-HJKMNP-TV-Z]{25})(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place as told: `post_id`, or else `url`; `excerpt` says which words are meant."""

    post_id: PostId | None = None
    url: str | None = None
    excerpt: str | None = None


def post_of(place: Place, public_url: str) -> PostId | None:
    """The id of the post at a place; None for an address that is none of ours.

    An address of ours names its post in path, query or fragment (`/posts/01J…`, `#post-01J…`).
    """
    if place.post_id is not None:
        return place.post_id
    try:
        host = urlsplit(place.url or "").netloc
    except ValueError:
        return None
    if not host or host.lower() != urlsplit(public_url).netloc.lower():
        return None
    found = _POST.search(place.url or "")
    return None if found is None else PostId(found[1])
