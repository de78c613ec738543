"""The demo forum that ships is large enough, mixed, and holds together."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from localstack.demo.content import HERE, BadContent, load
from moderation.detection.taxonomy import Category

DEMO = load()
POSTS = [post for _, thread in DEMO.threads for post in thread.posts]


def test_it_is_as_large_as_promised() -> None:
    """At least six boards (one for members), forty threads, three hundred posts."""
    assert len(DEMO.boards) >= 6
    assert 1 == sum(board.visibility == "members" for board in DEMO.boards)
    assert [240, 480, 480] == sorted(
        board.answer_target.minutes for board in DEMO.boards if board.answer_target is not None
    )
    assert len(DEMO.threads) >= 40
    assert len(POSTS) >= 300


def test_it_has_a_crowd() -> None:
    """At least 25 customers and exactly three of the staff write, and everybody named writes."""
    roles = {person.handle: person.roles for person in DEMO.people}
    by_role = Counter(roles[handle] for handle in {post.author for post in POSTS})
    assert by_role[("customer",)] >= 25
    assert 3 == by_role[("staff",)]
    working = {act.moderator for act in DEMO.casework.acts} | {"admin_lotte"}
    assert set(roles) == {post.author for post in POSTS} | working


def test_both_languages_are_at_home() -> None:
    """German and English each have a good share."""
    spoken = Counter(
        post.language or thread.language for _, thread in DEMO.threads for post in thread.posts
    )
    assert {"de", "en"} == set(spoken)
    assert min(spoken.values()) >= 100


def test_the_hard_cases_are_there() -> None:
    """Each hard case is in the content, lawful and unlawful ones, the latter few."""
    expected = Counter((post.expect.verdict, post.expect.category) for post in POSTS)
    assert {
        ("keep", "REVIEW_OPINION"),
        ("keep", "SAFETY_SIGNAL"),
        ("keep", "DEFAM_FACT"),
        ("keep", "SYMBOL"),
        ("flag", "SYMBOL"),
        ("flag", "INSULT"),
        ("flag", "HATE"),
        ("hold", "THREAT"),
        ("hold", "INCITE"),
        ("hold", "FRAUD"),
        ("hold", "DOX"),
        ("hold", "SPAM"),
    } < set(expected)
    assert (1, 1) == (expected["hold", "LIFE_THREAT"], expected["hold", "SELF_HARM"])
    unlawful = sum(count for (verdict, _), count in expected.items() if verdict != "keep")
    assert 20 <= unlawful <= 30


def test_categories_are_of_the_taxonomy() -> None:
    """Every category named anywhere in the content is a code of the taxonomy."""
    named = {post.expect.category for post in POSTS}
    named |= {notice.category for notice in DEMO.casework.notices}
    named |= {act.decision.category for act in DEMO.casework.acts if act.decision}
    assert set() == named - {None} - {category.value for category in Category}


def test_links_and_addresses_lead_nowhere() -> None:
    """Domains are reserved ones, but for the names of files."""
    text = " ".join(post.body for post in POSTS)
    text += " ".join(n.notifier.email for n in DEMO.casework.notices if n.notifier)
    hosts = set(re.findall(r"(?:https?://|@)([\w-]+(?:\.[\w-]+)+)", text))
    assert {"polar.local"} == {host for host in hosts if not host.endswith((".example", ".test"))}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("people.json", '"mia_k"', '"mia_x"', "no such person: mia_k"),
        ("people.json", '"mia_k"', '"ravi_p"', "handle used twice: ravi_p"),
        ("casework.json", '"n_spam"', '"n_fact"', "notice key used twice: n_fact"),
        ("casework.json", '"harsh_review"', '"soft_review"', "no such post: soft_review"),
        ("boards/lounge.json", '"key": "hate_de"', '"key": "claim"', "no such post: hate_de"),
        ("boards/lounge.json", '"hate_de"', '"symbol_alone"', "key used twice: symbol_alone"),
        ("boards/lounge.json", '"slug"', '"slugg"', r"^lounge\.json: "),
        ("boards/lounge.json", "{", "", r"^lounge\.json: "),
    ],
)
def test_what_does_not_hold_together_is_named(
    tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    """A wrong name, a double key or a malformed file is refused with what is wrong."""
    folder = tmp_path / "demo"
    shutil.copytree(HERE, folder)
    changed = folder / file
    changed.write_text(changed.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(BadContent, match=said):
        load(folder)


def test_nobody_says_the_same_in_two_threads(tmp_path: Path) -> None:
    """Posts are found again by author and words, so these are refused in two threads."""
    folder = tmp_path / "demo"
    shutil.copytree(HERE, folder)
    board = json.loads((HERE / "boards" / "lounge.json").read_text("utf-8"))
    board["threads"][1]["posts"].append(board["threads"][0]["posts"][0] | {"key": None})
    (folder / "boards" / "lounge.json").write_text(json.dumps(board), "utf-8")

    with pytest.raises(BadContent, match=r"^post used twice: paula_r: "):
        load(folder)
