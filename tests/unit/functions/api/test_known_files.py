"""A known file never renders: over the API nobody is shown it, in any state, in any place."""

import base64
import hashlib
import json
from typing import Any

import pytest

from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.detection.facts import Facts
from moderation.detection.known import Kind, normal_address
from moderation.detection.known_list import ExactList
from moderation.detection.pipeline import load_rules, screen, with_known
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Verdict
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board

CONTENT = bytes(range(90))
FILE = "data:image/png;base64," + base64.b64encode(CONTENT).decode()
URL = "https://cdn.boese.example/a/bild.png"
LISTED = ExactList(
    "t1",
    {
        (Kind.FILE, hashlib.sha256(CONTENT).digest()): Category.CSAM,
        (Kind.URL, hashlib.sha256(str(normal_address(URL)).encode()).digest()): Category.CSAM,
    },
)
PEOPLE = (None, "customer", "customer2", "staff", "moderator", "approver", "compliance", "admin")


def _screen(text: str, facts: Facts) -> Verdict:
    return with_known(screen(text, facts, load_rules()), text, facts.board, LISTED)


@pytest.fixture
def api() -> ForumApi:
    """A forum with a list of known files."""
    api = ForumApi.fresh(intake=Intake(render=render, screen=_screen))
    open_board(api)
    return api


def posted(api: ForumApi, body: str, title: str = "Bild") -> dict[str, Any]:
    """The post that opens a thread."""
    answer = api.post("/v1/boards/hilfe/threads", {"title": title, "body": body}, "customer")
    post: dict[str, Any] = answer.expect(201)["post"]
    return post


def everything_shown(api: ForumApi, post: dict[str, Any], case_id: str) -> str:
    """All that anybody is shown of a post, as one text."""
    paths = [
        f"/v1/posts/{post['id']}",
        f"/v1/posts/{post['id']}/revisions",
        f"/v1/threads/{post['thread_id']}",
        f"/v1/threads/{post['thread_id']}/posts",
        "/v1/boards/hilfe/threads",
        "/v1/me/posts",
        "/v1/me/statements",
        f"/v1/cases/{case_id}",
        "/v1/cases?state=open",
    ]
    return "\n".join(api.get(path, who).text for path in paths for who in PEOPLE)


def open_case(api: ForumApi) -> dict[str, Any]:
    """The one case."""
    (case,) = api.get("/v1/cases?state=open", "moderator").expect(200)["items"]
    return dict(case)


@pytest.mark.parametrize("thing", [URL, FILE, f"[hier]({URL})"])
def test_a_match_is_held_and_shown_to_nobody(api: ForumApi, thing: str) -> None:
    """Author and moderators see the words around it; the case says that its hash is listed."""
    post = posted(api, f"Schaut mal, eure Firma: {thing} gut?")
    case = open_case(api)
    shown = everything_shown(api, post, case["id"])

    assert ("held", "CSAM", "S4") == (post["state"], case["category"], case["severity"])
    assert (False, False) == ("boese.example" in shown, FILE[40:] in shown)
    assert "█" in shown
    assert ["known"] == [s["detector"] for s in case["signals"] if s["category"] == "CSAM"]


def test_the_evidence_is_kept(api: ForumApi) -> None:
    """The stored words are the author's; only what is shown of them is less."""
    post = posted(api, f"Schaut mal: {URL}")
    kept = api.stack.unit_of_work.read(Post.at(post["id"])).need(Post.at(post["id"]))
    assert f"Schaut mal: {URL}" == kept.body


def test_neither_edit_nor_decision_brings_it_back(api: ForumApi) -> None:
    """The words before an edit are sealed as they were; a decision to keep shows them no more."""
    post = posted(api, f"Schaut mal: {URL}")
    case = open_case(api)
    edit = api.call(
        "PATCH",
        f"/v1/posts/{post['id']}",
        {"body": "Nichts."},
        who="customer",
        headers={"If-Match": '"1"'},
    )
    assert ("held", "Nichts.") == (edit.expect(200)["state"], edit.body["body"])
    api.post(f"/v1/cases/{case['id']}/claim", {}, "moderator").expect(200)
    keep = {
        "revision": 2,
        "outcome": "keep",
        "category": "UNSPEC",
        "facts": "Falsch gelistet.",
        "about_operator": False,
    }
    api.post(f"/v1/cases/{case['id']}/decision", keep, "moderator")
    assert "boese.example" not in everything_shown(api, post, case["id"])


def test_a_title_loses_it(api: ForumApi) -> None:
    """A title is copied into lists, so it is stored without."""
    post = posted(api, "Siehe Titel.", title=f"Neu: {URL}")
    shown = everything_shown(api, post, open_case(api)["id"])
    assert ("held", False) == (post["state"], "boese.example" in shown)
    assert "Neu: █" in json.loads(json.dumps(shown))


def test_another_file_is_another(api: ForumApi) -> None:
    """One byte changed, and a neighbouring address: nothing is known of them."""
    other = FILE.replace("AAEC", "AAED", 1)
    assert "published" == posted(api, f"Schaut mal: {other} und {URL}?b=2")["state"]
