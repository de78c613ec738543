"""Answer what an auditor or a judge asks, from one bundle that holds.

    python -m moderation.audit.ask QUESTION BUNDLE --key VKEY [--about SUBJECT]

The bundle is verified first, with the options of `verify`; one that does not hold is not asked.
Each answer names the index of every entry that it rests on, so that it can be looked up in
`entries.jsonl` or `later.jsonl`. Exit code 0: answered. 1: the bundle does not hold. 2: wrong
usage. The questions, and how to read the answers: docs/audit-questions.md.

Standard library alone. The verifier is the proof; this is the reading of it.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from moderation.audit import verify
from moderation.audit.answers import ANSWERS
from moderation.audit.evidence import Evidence, Record, Told

NOTHING = "nothing in this bundle"


def evidence_of(bundle: verify.Bundle, facts: dict[str, Any]) -> Evidence:
    """Read what a bundle that holds tells: entries in order of index, and records."""
    records = tuple(_records(bundle)) if "documents.jsonl" in bundle.names else ()
    return Evidence(facts, tuple(_entries(bundle, facts["range"][0])), records)


def answered(question: str, evidence: Evidence) -> Iterator[str]:
    """Yield a question, and the lines of its answer."""
    yield str(ANSWERS[question].__doc__)
    lines = [f"  {line}" for line in ANSWERS[question](evidence)]
    yield from lines or [f"  {NOTHING}"]
    if evidence.facts["withheld"]:
        yield f"  ({evidence.facts['withheld']} entries are withheld from this bundle)"


def _entries(bundle: verify.Bundle, begin: int) -> Iterator[Told]:
    for index, line in enumerate(bundle.lines("entries.jsonl"), begin):
        if verify.ENTRY.fullmatch(line):
            yield Told(index, json.loads(line))
    for line in bundle.lines("later.jsonl"):
        later = json.loads(line)
        if "leaf" not in later["entry"]:
            yield Told(later["index"], later["entry"])


def _records(bundle: verify.Bundle) -> Iterator[Record]:
    for line in bundle.lines("documents.jsonl"):
        held = json.loads(line)
        bound = held["salt"] is not None
        yield Record(held["subject"], held["part"], held["document"], bound)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; return the exit code."""
    questions = "\n".join(f"  {name:11} {answer.__doc__}" for name, answer in ANSWERS.items())
    parser = argparse.ArgumentParser(
        prog="ask",
        description="Answer a question from one bundle of an audit log.",
        epilog=f"questions:\n{questions}\n  all         each of these",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("question", choices=[*ANSWERS, "all"], metavar="QUESTION")
    verify.add_arguments(parser)
    parser.add_argument("--about", metavar="SUBJECT", help="post:…, case:… and the like")
    given = parser.parse_args(arguments)
    failures, facts = verify.check_given(parser, given)
    if failures or "entries" not in facts:
        print(verify.report(failures, facts, as_json=given.json))
        return 1
    bundle = verify.Bundle(given.bundle)
    evidence = evidence_of(bundle, facts)
    bundle.close()
    if given.about:
        evidence = evidence.about(given.about)
    names = list(ANSWERS) if given.question == "all" else [given.question]
    answers = {name: list(answered(name, evidence)) for name in names}
    lines = (line for name in names for line in answers[name])
    print(json.dumps(answers, indent=2, ensure_ascii=False) if given.json else "\n".join(lines))
    return 0


if __name__ == "__main__":  # pragma: no cover  (the tests call main)
    sys.exit(main())
