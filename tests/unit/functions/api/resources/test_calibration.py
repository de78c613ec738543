"""Calibrating a board over HTTP: from what was decided on it, for it alone, within a minute."""

from typing import Any

import pytest

from moderation.detection.calibration import LEAST_DECISIONS
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import decide, keep, open_board, start
from tests.support.own_packs import CATCHES
from tests.support.rule_walk import publish, screening_api

PATH = "/v1/boards/hilfe/calibration"


@pytest.fixture(scope="module")
def api() -> ForumApi:
    """Two boards, a rule that flags at 600,000 ppm, and decisions on the first: all kept."""
    api = screening_api()
    open_board(api)
    open_board(api, "andere")
    publish(api)
    for _ in range(LEAST_DECISIONS):
        decide(api, start(api, CATCHES)["id"], **keep())
    return api


def flagged(api: ForumApi, slug: str) -> bool:
    """Whether the text that the rule catches is flagged on a board."""
    post = start(api, CATCHES, slug=slug)
    items = api.get("/v1/cases?limit=100", "moderator").expect(200)["items"]
    return any(case["subject"]["id"] == post["id"] for case in items)


def set_policy(api: ForumApi, **body: Any) -> Any:
    """Calibrate the board; everybody has looked it up."""
    answer = api.post(PATH, {"reason": "Nur Fehlalarme.", **body}, "compliance").expect(200)
    api.stack.clock.forward(seconds=60)
    return answer


def test_a_board_is_calibrated_from_its_decided_cases(api: ForumApi) -> None:
    """What was always kept is flagged no more there, and still elsewhere; the log says why."""
    before = api.get(PATH, "admin").expect(200)
    suggested = [{"category": "SPAM", "flag_at_ppm": 600_001}]
    assert ("standard", [], suggested, LEAST_DECISIONS) == (
        before["strictness"],
        before["thresholds"],
        before["suggested"],
        before["cases"],
    )
    assert flagged(api, "hilfe")

    after = set_policy(api)

    assert suggested == after["thresholds"]
    assert [False, True] == [flagged(api, slug) for slug in ("hilfe", "andere")]
    calibrated = [e for e in api.stack.entries() if e["action"] == "board:calibrate"]
    assert [("board:hilfe", f"cases:{LEAST_DECISIONS}")] == [
        (e["subject"], e["reason"]) for e in calibrated
    ]
    assert calibrated[0]["payload"]

    again = len(api.stack.entries())
    set_policy(api)
    assert again == len(api.stack.entries())

    assert ([], "strict") == _taken_back(set_policy(api, from_cases=False, strictness="strict"))
    assert flagged(api, "hilfe")
    assert ([], "standard") == _taken_back(set_policy(api, from_cases=False, strictness="standard"))


def _taken_back(view: Any) -> tuple[Any, str]:
    return view["thresholds"], view["strictness"]


def test_nobody_calibrates_a_board_that_is_not_there(api: ForumApi) -> None:
    """404, for reading and for setting; and no reason is 422."""
    assert 404 == api.get("/v1/boards/nichts/calibration", "admin").status
    body = {"reason": "x"}
    assert 404 == api.post("/v1/boards/nichts/calibration", body, "admin").status
    assert 422 == api.post(PATH, {"reason": " "}, "admin").status
