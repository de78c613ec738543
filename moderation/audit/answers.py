"""Ten questions about what a log tells, answered in lines that name the entries they rest on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from moderation.audit.evidence import Evidence, Told

VISIBLE = {
    "post:hold": "shown to its author and the staff alone, until a person decides",
    "post:lapse": "no longer held: the hold ran out",
    "post:publish": "shown to everybody",
    "post:remove": "shown to nobody but its author and the staff",
    "post:redact": "shown to everybody, with passages hidden",
    "post:restrict": "shown to fewer people",
    "post:restore": "shown again as before",
    "post:delete": "shown to nobody: its author deleted it",
    "post:edit": "its author changed it",
}
RESTRICTING = {"post:hold", "post:remove", "post:redact", "post:restrict", "member:suspend"}
DECIDING = {"case:decide", "case:propose", "case:approve", "case:reject", "case:close",
            "appeal:uphold", "appeal:reverse", "notice:decide"}  # fmt: skip
ENDING = {"case:decide", "case:approve", "case:close"}


def shown(evidence: Evidence) -> Iterator[str]:
    """What was shown, when, and to whom?"""
    copies = {
        (f"post:{copy['id']}", copy["revision"], copy["body"]): record.subject
        for record in evidence.records
        if record.bound and (copy := record.content.get("post"))
    }
    for post, entries in evidence.of("post").items():
        first = entries[0].body["rev"] == 1
        yield f"{post}: {'not restricted before' if first else 'what was before is not here'}"
        for told in entries:
            if told.act in VISIBLE:
                yield f"  {told}: {VISIBLE[told.act]} (revision {told.body['content']})"
        for record in evidence.records:
            if record.subject == post:
                content = record.content
                word = "bound by its last entry" if record.bound else "bound by no entry"
                case = copies.get((post, content["revision"], content["body"]))
                word = f"as the last entry on {case} binds it" if case else word
                names = ("written_at", "edited_at", "created_at")
                since = next(content[name] for name in names if name in content)
                yield f"  revision {content['revision']} of {since}, {word}: {content['body']}"


def decided(evidence: Evidence) -> Iterator[str]:
    """Who decided, and by which version of which rule?"""
    for told in evidence.entries:
        if told.act in DECIDING or (told.by_automation and told.act in VISIBLE):
            yield f"{told}: {told.body['reason']}, by {told.by}"


def complete(evidence: Evidence) -> Iterator[str]:
    """Is it complete, or was anything removed?"""
    facts = evidence.facts
    begin, end = facts["range"]
    if begin == end:
        yield f"{facts['subjects']} chains of acts, each whole from its first act to its last"
    else:
        yield f"places {begin} up to {end} of a log of {facts['size']}: each has its one entry"
        yield f"{facts['subjects']} subjects, each with its last act: no chain was cut off"
        yield f"asked for: {' up to '.join(facts['asked'])}, shown: {' to '.join(facts['dated'])}"
        yield "  (the log beats each hour; what stands before and behind can be asked for)"
    for subject in _unseen(evidence) if begin == end else ():
        yield f"{subject} IS NAMED BY A RECORD, and nothing here was done to it"
    yield f"{facts['withheld']} entries are withheld; their hashes stand in their places"
    yield f"{facts['open_causes']} acts have parts that stand elsewhere or are still to come"


def _unseen(evidence: Evidence) -> Iterator[str]:
    """Yield what the records name and no entry is about: each of these begins with an act."""
    there = {told.subject for told in evidence.entries}
    named: dict[str, None] = {}
    for record in evidence.records:
        content = record.content
        decision = content.get("decision") or {}
        links = [content, *content.get("notices", ())]
        named |= {f"notice:{link['notice_id']}": None for link in links if "notice_id" in link}
        appeals = [*content.get("appeals", ()), content.get("appeal_id")]
        named |= {f"appeal:{each}": None for each in appeals if each}
        named |= {f"statement:{each}": None for each in (decision.get("statement_id"),) if each}
    return (subject for subject in named if subject not in there)


def operator(evidence: Evidence) -> Iterator[str]:
    """Could the operator have changed it afterwards?"""
    facts = evidence.facts
    yield f"every entry is in the tree of {facts['size']} that key {facts['key']} signed"
    yield f"{facts['anchors']} older checkpoints have the same entries below them"
    for name, time in sorted(facts["cosigned"].items()):
        yield f"{name} saw this tree by {_clock(time)}: not without that witness after then"
    for name, at in sorted(facts["stamped"].items()):
        yield f"{name} stamped this tree at {at}: not without that authority after then"
    if not facts["cosigned"] and not facts["stamped"]:
        yield "no witness that you named saw this tree: against one that was made anew, compare a"
        yield "checkpoint or receipt that somebody else kept"
    yield "in the minute before an entry is sequenced, an administrator of both tables could take"
    yield "back an act together with its entry"


def deadline(evidence: Evidence) -> Iterator[str]:
    """Was the deadline kept?"""
    for case, entries in evidence.of("case").items():
        opened = entries[0]
        notices = [told for told in entries if told.body["reason"].startswith("notice:")]
        end = next((told for told in entries if told.act in ENDING), None)
        yield f"{case}: {opened.act} {opened.body['at']} [{opened.index}]"
        if notices:
            yield f"  first notice {notices[0].body['at']} [{notices[0].index}]"
        if end is None:
            yield "  not decided in this bundle"
            continue
        yield f"  {end.act} {end.body['at']} [{end.index}], {_span(end.at - opened.at)} later"
        if end.index in evidence.facts["late"]:
            yield "  IT STANDS BEHIND ENTRIES DATED LATER: it came late or is dated back"
        record = evidence.record(case)
        for clock in record.content.get("clocks", []) if record else ():
            due = datetime.fromisoformat(clock["due_at"])
            kept = "kept" if end.at <= due else f"missed by {_span(end.at - due)}"
            yield f"  due {clock['due_at']} by {clock['source']} ({clock['rule']}): {kept}"


def second(evidence: Evidence) -> Iterator[str]:
    """Was a second person involved?"""
    for case, entries in evidence.of("case").items():
        proposed = [told for told in entries if told.act == "case:propose"]
        for told in entries:
            if told.act in {"case:approve", "case:reject"} and proposed:
                yield (
                    f"{case}: proposed by {proposed[-1].by} [{proposed[-1].index}], "
                    f"{told.act} by {told.by} [{told.index}]: {_compared(told, proposed[-1:])}"
                )
            elif told.act == "case:decide":
                yield f"{case}: decided by {told.by} [{told.index}] alone"
    before = list(evidence.done({"case:decide", "case:propose", "case:approve", "case:reject"}))
    for told in evidence.done({"appeal:uphold", "appeal:reverse"}):
        word = _compared(told, before)
        yield f"{told.subject}: {told.act} by {told.by} [{told.index}], as to the decision: {word}"


def _compared(told: Told, others: list[Told]) -> str:
    """Say whether somebody else did it; pseudonyms change with the year."""
    if any(other.at.year != told.at.year for other in others):
        return "pseudonyms of two years cannot be compared"
    same = told.body["actor"] in {other.body["actor"] for other in others}
    return "THE SAME PERSON" if same else "another person"


def automation(evidence: Evidence) -> Iterator[str]:
    """What did automation do alone?"""
    for number, told in enumerate(evidence.entries):
        if told.by_automation and told.act.partition(":")[0] in {"post", "case", "member"}:
            later = (each for each in evidence.entries[number:] if each.subject == told.subject)
            person = next((each for each in later if not each.by_automation), None)
            yield f"{told}: {told.body['reason']}, by {told.by}"
            if person is None:
                yield "  no person has acted on it since"
            else:
                span = _span(person.at - told.at)
                yield f"  a person acted on it {span} later: {person.act} [{person.index}]"


def told_author(evidence: Evidence) -> Iterator[str]:
    """Was the author told?"""
    for told in evidence.done(RESTRICTING):
        issued = [
            f"{each.subject} [{each.index}]"
            for each in evidence.done({"statement:issue"})
            if each.body["cause"] == told.body["cause"]
        ]
        word = f"reasons given in the same act, {', '.join(issued)}" if issued else "NO REASONS"
        yield f"{told}: {word}"


def existed(evidence: Evidence) -> Iterator[str]:
    """Did the log exist then?"""
    facts = evidence.facts
    for anchor in facts["anchored"]:
        day = anchor["file"].removeprefix("anchors/")
        yield f"{day}: a tree of {anchor['size']} entries with the same root was anchored"
        for name, time in sorted(anchor["cosigned"].items()):
            yield f"  {name} saw it by {_clock(time)}"
        for name, at in sorted(anchor["stamped"].items()):
            yield f"  {name} stamped it at {at}"
    for name, time in sorted(facts["cosigned"].items()):
        yield f"the tree of {facts['size']} entries: {name} saw it by {_clock(time)}"
    for name, at in sorted(facts["stamped"].items()):
        yield f"the tree of {facts['size']} entries: {name} stamped it at {at}"
    outside = [facts, *facts["anchored"]]
    if not any(each["cosigned"] or each["stamped"] for each in outside):
        yield "nobody that you named says so: the times are the operator's own"


def erased(evidence: Evidence) -> Iterator[str]:
    """What was erased, and why?"""
    for told in evidence.done({"payload:erase"}):
        yield f"{told}: {told.body['reason']}, by {told.by}"
    for told in evidence.done({"post:delete"}):
        yield f"{told}: its author deleted it; the entries on it stand"


def _clock(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02d} min"


type Answer = Callable[[Evidence], Iterator[str]]

ANSWERS: dict[str, Answer] = {
    "shown": shown,
    "decided": decided,
    "complete": complete,
    "operator": operator,
    "deadline": deadline,
    "second": second,
    "automation": automation,
    "told": told_author,
    "existed": existed,
    "erased": erased,
}
