"""`hausrecht rules publish FOLDER`: try own packs, propose them, and wait for the second person."""

# ruff: noqa: PLC0415

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functions.cli.api import Api
    from moderation.rulesets.content import Content

TOKEN = "HAUSRECHT_TOKEN"  # noqa: S105  (the name of a variable)
WAIT_S = 600
LOOK_EVERY_S = 5


def arguments(parser: ArgumentParser) -> None:
    """What publishing takes; the token comes from the environment alone."""
    parser.add_argument("own", type=Path, metavar="FOLDER", help="the own packs")
    parser.add_argument("--api", required=True, metavar="URL", help="the forum's address")
    parser.add_argument(
        "--corpus", required=True, nargs="+", type=Path, metavar="FILE", help="labelled texts"
    )
    parser.add_argument("--reason", required=True, help="why, for the second person and the record")
    parser.add_argument(
        "--wait", type=int, default=WAIT_S, metavar="S", help=f"how long to wait ({WAIT_S})"
    )
    parser.epilog = f"The token of a caller with the role compliance or admin stands in ${TOKEN}."


def run(options: Namespace) -> int:
    """Exit 0 once it is in force, 1 where it is refused, rejected or still waits."""
    from functions.cli.api import Api, Refused

    token = os.environ.get(TOKEN)
    if not token:
        return _say(f"${TOKEN} is not set")
    try:
        return publish(options, Api(options.api.rstrip("/"), token), time.monotonic, time.sleep)
    except Refused as error:
        return _say(str(error))
    except OSError as error:
        return _say(f"{options.api} does not answer: {error}")


def publish(
    options: Namespace, api: "Api", now: Callable[[], float], sleep: Callable[[float], None]
) -> int:
    """Check, test and back-test the folder, propose it, and wait until somebody has decided."""
    from moderation.detection.authoring import failing_examples
    from moderation.detection.ruleset import shipped
    from moderation.rulesets.folder import read_folder
    from moderation.rulesets.overlay import laid_over, own_rules

    content = read_folder(options.own)
    failing = list(failing_examples(laid_over(content, shipped()), own_rules(content)))
    if failing:
        return _say("\n".join(failing))
    edition = api.post("/v1/rulesets", _proposal(options, content, api))
    until, state = now() + options.wait, ""
    while True:
        if edition["state"] != state:
            state = edition["state"]
            _say(f"{edition['id']} rules@{edition['version']}: {state}")
        if state != "proposed" or now() >= until:
            return int(state != "published")
        sleep(LOOK_EVERY_S)
        edition = api.get(f"/v1/rulesets/{edition['id']}")


def _proposal(options: Namespace, content: "Content", api: "Api") -> dict[str, Any]:
    """The body of the proposal: the content, and how it fares on the corpus."""
    from functions.cli.corpus import read_corpus
    from functions.cli.rules import table
    from moderation.detection.ruleset import shipped
    from moderation.rulesets.backtest import compare
    from moderation.rulesets.overlay import laid_over

    base, corpus = shipped(), read_corpus(options.corpus)
    before, after = laid_over(_in_force(api), base), laid_over(content, base)
    found = compare(corpus.texts, before, after)
    _say("\n".join(table(found)))
    return {
        "reason": options.reason,
        "packs": [asdict(pack) for pack in content.packs],
        "states": [{"rule": each.rule, "state": each.state.value} for each in content.states],
        "backtest": {
            "content": content.digest,
            "base": base.version,
            "before": before.version,
            "corpus": corpus.digest,
            "counts": [asdict(count) for count in found.counts],
        },
    }


def _in_force(api: "Api") -> "Content":
    """The content that the forum screens by now: own packs, or none."""
    from moderation.detection.rule import Status
    from moderation.rulesets.content import Content, OwnPack, RuleState, content_of

    ruleset_id = api.get("/v1/rules?limit=1")["ruleset"]
    if ruleset_id is None:
        return Content()
    edition = api.get(f"/v1/rulesets/{ruleset_id}")
    return content_of(
        (OwnPack(file=pack["file"], text=pack["text"]) for pack in edition["packs"]),
        (RuleState(rule=s["rule"], state=Status(s["state"])) for s in edition["states"]),
    )


def _say(text: str) -> int:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
    return 1
