"""Items are handed out one at a time, in order of readiness."""

import threading
import time

from localstack.turns import Turns


def test_items_go_round() -> None:
    """An item given back comes after those that waited longer."""
    turns = Turns(["a", "b"])
    order = []
    for _ in range(4):
        item = turns.take()
        assert item is not None
        order.append(item)
        turns.give_back(item)

    assert ["a", "b", "a", "b"] == order


def test_a_resting_item_lets_others_pass() -> None:
    """Who was told to wait comes after who was not."""
    now = [100.0]
    turns = Turns(["a", "b"], clock=lambda: now[0])
    turns.take()
    turns.give_back("a", 5.0)
    turns.take()
    turns.give_back("b", 1.0)
    now[0] += 10

    assert ["b", "a"] == [turns.take(), turns.take()]


def test_rest_takes_its_time() -> None:
    """Where everybody rests the taker waits for the first to be ready."""
    turns = Turns(["a"])
    turns.take()
    turns.give_back("a", 0.05)
    began_at = time.monotonic()

    assert "a" == turns.take()
    assert time.monotonic() - began_at >= 0.04


def test_there_is_an_end() -> None:
    """Once every item is retired, those who wait for one have None."""
    turns = Turns(["a"])
    turns.take()
    got: list[str | None] = ["unanswered"]
    waiting = threading.Thread(target=lambda: got.append(turns.take()))
    waiting.start()
    turns.retire()
    waiting.join(5)

    assert ["unanswered", None] == got
    assert None is turns.take()


def test_a_stop_ends_it_for_everybody() -> None:
    """After a stop nothing is handed out, whatever is left."""
    turns = Turns(["a", "b"])
    turns.stop()

    assert None is turns.take()
