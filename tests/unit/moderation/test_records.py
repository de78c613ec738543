"""Addresses of records."""

from moderation.community.post import Post
from moderation.records import Kind, Ref


def test_a_subject_is_named_by_kind_and_id() -> None:
    """The audit log names subjects in lower case."""
    assert "post:01J" == Post.at("01J").subject
    assert Ref(Kind.POST, "01J") == Post.at("01J")
