"""`/v1/audit/disclosures`: linking people and the log, with a reason and by two."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.compliance import disclosure_view
from moderation.audit.pseudonym import pseudonym, year_key
from moderation.compliance.disclosing import Disclosed, Discloser
from moderation.compliance.disclosure import (
    DecideDisclosure,
    Disclosure,
    LookAtDisclosure,
    RequestDisclosure,
)
from moderation.ids import DisclosureId
from schemas.compliance import DisclosureApproval, DisclosureView, NewDisclosure
from schemas.strict import Nothing

disclosures = Resource("disclosures")


@disclosures.post("/v1/audit/disclosures", takes=NewDisclosure, gives=DisclosureView)
def request_disclosure(call: Call, body: NewDisclosure) -> Reply:
    """Ask who is behind a pseudonym, or by which pseudonyms a member is in the log."""
    asked = call.run(
        RequestDisclosure(
            kind="pseudonym" if body.member_id is None else "person",
            about=str(body.member_id or body.pseudonym),
            reason=body.reason,
            actor=call.member,
        )
    )
    headers = call.location(f"/v1/audit/disclosures/{asked.id}")
    return Reply(disclosure_view(asked, None), headers)


@disclosures.post(
    "/v1/audit/disclosures/{id}/approval",
    takes=DisclosureApproval,
    gives=DisclosureView,
    status=200,
    problems=("conflict-of-interest", "already-decided"),
)
def decide_disclosure(call: Call, body: DisclosureApproval) -> Reply:
    """Agree to a disclosure as the second officer, or refuse it."""
    decided = call.run(
        DecideDisclosure(
            disclosure_id=DisclosureId(call.id), approve=body.approve, actor=call.member
        )
    )
    return Reply(disclosure_view(decided, None))


@disclosures.get("/v1/audit/disclosures/{id}", takes=Nothing, gives=DisclosureView)
def get_disclosure(call: Call, _: Nothing) -> Reply:
    """Read a disclosure; what it discloses for the two officers and a day, each look an act."""
    look = LookAtDisclosure(disclosure_id=DisclosureId(call.id), actor=call.member)
    return Reply(disclosure_view(known := call.run(look), _disclosed(call, known)))


def _disclosed(call: Call, disclosure: Disclosure) -> Disclosed | None:
    now, root = call.parts.now(), call.parts.keyring.root
    if not disclosure.is_open_to(call.member, now):
        return None
    discloser = Discloser(
        entries=call.parts.audit,
        holdings=call.parts.holdings,
        name_of=lambda year, member: pseudonym(year_key(root, year), member),
    )
    return discloser.show(disclosure, now)
