"""Hostile texts through the API: what is taken comes back exactly, and its HTML is inert."""

import gzip
import json
import os
from pathlib import Path

import pytest

from tests.support.forum_api import ForumApi, parts_of
from tests.support.inert import harms
from tests.support.stack import Stack

DATA = Path(os.environ.get("HAUSRECHT_DATA", "../shared/data"))
REFUSALS = {400, 413, 422}

OWN = (
    "NUL \x00 in the middle",
    "\u202eright to left\u202c and \u2066isolated\u2069",
    "zero\u200bwidth\u200d\ufeff" * 50,
    "e" + "\u0301" * 9_999,
    "\U0001f469\u200d\U0001f469\u200d\U0001f466",
    "\ufdfd" * 6_000,
    "line\r\nbreaks\rof\u2028all\u2029kinds\x0b\x0c\x85",
    "</textarea></p><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](data:image/svg+xml,<svg/onload=x>)",
    "'; DROP TABLE posts; -- \" OR 1=1",
    "${jndi:ldap://example.com} {{7*7}} %s%n \\u0000",
    "POST#01J|META#../../etc/passwd",
)


def _wrongs(texts: list[str], stack: Stack) -> tuple[int, list[tuple[int, str]]]:
    """How many were taken, and what was wrong with which."""
    api = ForumApi.over(stack, parts_of(stack))
    api.post("/v1/boards", {"slug": "hilfe", "title": "Hilfe"}, "admin").expect(201)
    opened = api.post(
        "/v1/boards/hilfe/threads", {"title": "T", "body": "Eins."}, "customer"
    ).expect(201)
    path = f"/v1/threads/{opened['thread']['id']}/posts"
    taken, wrong = 0, []
    for number, text in enumerate(texts):
        api.stack.clock.forward(seconds=2)
        answer = api.post(path, {"body": text}, "customer")
        if answer.status in REFUSALS:
            continue
        post = api.get(f"/v1/posts/{answer.expect(201)['id']}").expect(200)
        taken += 1
        if post["body"] != text:
            wrong.append((number, "another text"))
        wrong += [(number, harm) for harm in harms(post["body_html"])]
    return taken, wrong


def test_hostile_texts_come_back_exactly_and_inert(stack: Stack) -> None:
    """Controls, floods of marks, markup, injections: nothing is changed and nothing can act."""
    taken, wrong = _wrongs(list(OWN), stack)

    assert wrong == []
    assert taken >= len(OWN) - 2


@pytest.mark.corpus
@pytest.mark.skipif(not DATA.exists(), reason="the evaluation data is not here")
@pytest.mark.parametrize(("name", "at_least"), [("naughty_strings", 500), ("xss_vectors", 2_440)])
def test_every_published_hostile_text_comes_back_exactly_and_inert(
    name: str, at_least: int, stack: Stack
) -> None:
    """Each line posted and read back; the few that are no post at all are refused clearly."""
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]

    taken, wrong = _wrongs(texts, stack)

    assert wrong == []
    assert taken >= at_least
