"""A text that its author publishes again and again, as the API takes it."""

import uuid
from typing import Any

from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.detection.pipeline import load_rules, screen
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, start

BODY = "Hier gibt es alles für euer Zuhause, schaut mal rein: www.haus-und-heim.example.com"


def real_api() -> ForumApi:
    """The API with the shipped rules."""
    rules = load_rules()
    return ForumApi.fresh(
        intake=Intake(render=render, screen=lambda text, facts: screen(text, facts, rules))
    )


def replies(api: ForumApi, body: str, times: int, key: str | None = None) -> list[Any]:
    """The states of as many replies with one text."""
    open_board(api)
    thread = start(api)["thread_id"]
    path = f"/v1/threads/{thread}/posts"
    keys = [key or str(uuid.uuid4()) for _ in range(times)]
    return [api.post(path, {"body": body}, "customer2", key).expect(201)["state"] for key in keys]


def test_the_same_link_in_the_fourth_place_is_held() -> None:
    """Three others with this text stand already; the fourth waits for a person."""
    assert ["published"] * 3 + ["held"] == replies(real_api(), BODY, 4)


def test_a_repeated_request_is_no_repeated_text() -> None:
    """A client that asks again for an answer it did not get has written once."""
    assert ["published"] * 5 == replies(real_api(), BODY, 5, str(uuid.uuid4()))


def test_thanks_may_be_written_every_day() -> None:
    """A short text says too little to tell who repeats what."""
    assert ["published"] * 12 == replies(real_api(), "Danke, hat geklappt!", 12)
