"""A place is a post's id or an address, and an address is ours only under our own name."""

import pytest

from moderation.cases.places import Place, post_of
from moderation.ids import PostId
from tests.support.community import ulid

ID = PostId(ulid(3001))
HOUSE = "https://forum.example"


@pytest.mark.parametrize(
    "url",
    [
        f"{HOUSE}/posts/{ID}",
        f"https://FORUM.example/v1/posts/{ID}?x=1",
        f"{HOUSE}/threads/abc#post-{ID}",
        f"{HOUSE}/read?post={ID}",
    ],
)
def test_addresses_of_ours_name_their_post(url: str) -> None:
    """In the path, the query or the fragment."""
    assert ID == post_of(Place(url=url), HOUSE)


@pytest.mark.parametrize(
    "url",
    [
        f"https://elsewhere.example/posts/{ID}",
        f"{HOUSE}/posts/{ID}X",
        f"{HOUSE}/posts/{ID.lower()[:25]}",
        f"{HOUSE}/threads/{ID}",
        f"/posts/{ID}",
        "https://[forum.example/posts/",
        "",
    ],
)
def test_other_addresses_do_not(url: str) -> None:
    """Another host, no host, no post, no address."""
    assert None is post_of(Place(url=url), HOUSE)


def test_an_id_needs_no_address() -> None:
    """The id goes first, and a place may say nothing at all."""
    assert ID == post_of(Place(post_id=ID, url="https://elsewhere.example"), HOUSE)
    assert None is post_of(Place(), HOUSE)
