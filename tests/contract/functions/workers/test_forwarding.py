"""A report of a dangerous product reaches product safety within a day, and the log says so."""

from dataclasses import replace

import pytest

from functions.workers.deliver import deliver
from moderation.cases.case import Case
from moderation.cases.decision import Outcome
from moderation.cases.forwarding import RecordForwarding
from moderation.cases.message import Message, MessageKind
from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.detection.facts import Facts
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Verdict
from tests.contract.functions.workers.test_deliver import House
from tests.support.community import FLAGGED, NOTHING, RULES
from tests.support.forum import Forum
from tests.support.stack import Stack

BURNT = Signal(
    "rules", "1", Category.SAFETY_SIGNAL, 700_000, Span(0, 4), "Text", "Es brannte.", "rule.fire"
)
REPORTS = replace(NOTHING, signals=(BURNT,))
SAFETY = RULES.contact


@pytest.fixture
def house(stack: Stack) -> House:
    """A forum with a post office."""
    return House(Forum(stack))


def forwards(house: House) -> list[str]:
    """What the log says of reports passed on."""
    entries = house.forum.stack.entries()
    return [entry["reason"] for entry in entries if entry["action"] == "post:forward"]


def test_a_report_stays_and_is_passed_on_without_its_words(house: House) -> None:
    """Scenario 2: it is public, no case is opened, and product safety gets the link."""
    post: Post = house.forum.run(house.forum.reply("Der Akku explodierte.", REPORTS))
    house.deliver()

    ((to, subject, text),) = house.mailer.sent
    assert (SAFETY, True, True) == (to, post.board in subject, post.id in text)
    assert (False, False) == (post.body in text, post.author.name in text)
    assert ["forward:safety"] == forwards(house)
    assert ([], "published", []) == (house.waiting(), post.state, house.forum.records(Case))


def test_the_contact_for_product_safety_gets_it_where_there_is_one(house: House) -> None:
    """Else it goes to where everybody writes."""
    house.forum.run(house.forum.reply(verdict=REPORTS))
    rules = replace(RULES, product_safety="safety@example.com")
    parts = replace(house.parts, rules=rules)
    (bell,) = house.forum.stack.work_list.outbox(100)
    deliver(bell.id, parts)
    assert ["safety@example.com"] == [to for to, _, _ in house.mailer.sent]


def test_a_rule_in_shadow_passes_nothing_on(house: House) -> None:
    """An advisory signal changes nothing."""
    shadow = replace(NOTHING, signals=(replace(BURNT, advisory=True),))
    house.forum.run(house.forum.reply(verdict=shadow))
    house.deliver()
    assert ([], []) == (house.mailer.sent, forwards(house))


def test_a_report_under_review_is_passed_on_and_its_case_follows(house: House) -> None:
    """A post that is flagged for something else reports a danger all the same."""
    verdict = replace(FLAGGED, signals=(*FLAGGED.signals, BURNT))
    house.forum.run(house.forum.reply(verdict=verdict))
    house.deliver()
    (case,) = house.forum.records(Case)
    assert ["forward:safety"] == forwards(house)
    assert "forward" in [event.note for event in case.history]


def test_what_a_person_takes_for_a_report_is_passed_on(house: House) -> None:
    """Detection did not see it; the decision to keep it as a report does."""
    house.forum.run(house.forum.notice())
    house.forum.run(house.forum.claim())
    house.forum.run(house.forum.decide(Outcome.KEEP, category=Category.SAFETY_SIGNAL))
    house.deliver()
    assert ["forward:safety"] == forwards(house)


def test_an_edit_is_a_report_where_the_words_before_were_none(house: House) -> None:
    """A corrected typo is not passed on again."""

    def screen(text: str, _: Facts) -> Verdict:
        return REPORTS if "brannte" in text else NOTHING

    intake, edit = Intake(render=render, screen=screen), house.forum.edit("Es brannte.")
    edited: Post = house.forum.run(replace(edit, intake=intake))
    again = replace(edit, intake=intake, body="Es brannte!", expected=edited.revision)
    house.forum.run(again)
    house.deliver()
    assert ["forward:safety"] == forwards(house)


def test_after_a_day_without_mail_somebody_is_woken(house: House) -> None:
    """The operator's own limit; the log says that it was the watch."""
    house.forum.run(house.forum.reply(verdict=REPORTS))
    house.mailer.dead = {SAFETY}
    house.deliver()
    assert ([], 1) == (forwards(house), len(house.waiting()))
    house.forum.stack.clock.forward(hours=24)
    house.deliver()
    assert (["forward:watch"], 1, []) == (forwards(house), len(house.alarm.raised), house.waiting())


def test_a_message_that_has_ended_is_recorded_once(house: House) -> None:
    """The bell may ring twice."""
    house.forum.run(house.forum.reply(verdict=REPORTS))
    (message,) = house.forum.records(Message)
    assert MessageKind.PRODUCT_SAFETY is message.kind
    for _ in range(2):
        house.forum.run(RecordForwarding(message))
    assert ["forward:safety"] == forwards(house)
