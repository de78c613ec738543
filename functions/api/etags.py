"""Entity tags: a post's is the number of its revision, so `If-Match` names what was read."""

import re

from functions.api.errors import Malformed, PreconditionRequired

_TAG = re.compile(r'"([1-9][0-9]{0,8})"\Z', re.ASCII)


def etag(revision: int) -> str:
    """The tag of a revision."""
    return f'"{revision}"'


def revision_in(if_match: str | None) -> int:
    """The revision that a change is meant for.

    Raises PreconditionRequired without `If-Match`, Malformed for what is no tag of ours: `*` and
    lists would let a change through that nobody has aimed.
    """
    if if_match is None:
        raise PreconditionRequired("A change needs If-Match with the ETag that was read.")
    found = _TAG.match(if_match.strip())
    if found is None:
        raise Malformed('If-Match must be one ETag, as in "3".')
    return int(found[1])
