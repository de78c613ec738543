"""Every line of the public sets of hostile strings, posted over the API and read back."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.property.moderation.community.test_markup import harms
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, start

DATA = Path(os.environ.get("HAUSRECHT_DATA", "../shared/data"))
SETS = {"naughty_strings": 513, "xss_vectors": 2_448}

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA.exists(), reason="the evaluation data is not here"),
]


def texts(name: str) -> list[str]:
    """The texts of a set."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize("name", SETS)
def test_every_line_is_kept_exactly_and_does_nothing(name: str) -> None:
    """201 and the same text for its author and for a reader, with inert HTML; else a clear 4xx.

    Refused may be what the limits refuse: an empty text, U+0000, HTML beyond 40 KB.
    """
    api = ForumApi.fresh(writes_per_minute=10_000)
    open_board(api)
    path = f"/v1/threads/{start(api)['thread_id']}/posts"
    sent, refused = {}, 0
    for text in texts(name):
        answer = api.post(path, {"body": text}, "customer")
        if answer.status == 422 and (not text or "\0" in text):
            refused += 1
            continue
        sent[answer.expect(201)["id"]] = text
        assert text == answer.body["body"]

    read = {post["id"]: post for post in listed(api, path)}
    assert sent == {post_id: read[post_id]["body"] for post_id in sent}
    assert {} == {i: faults for i in sent if (faults := harms(read[i]["body_html"]))}
    assert SETS[name] == len(sent) + refused


def listed(api: ForumApi, path: str) -> Iterator[dict[str, Any]]:
    """Every post of a thread, as a stranger reads it."""
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"{path}?limit=100&cursor={cursor}").expect(200)
        yield from page["items"]
        cursor = page["next"]
