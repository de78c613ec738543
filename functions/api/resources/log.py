"""`/v1/audit`, as far as anybody may ask: checkpoints, proofs, cosignatures.

What is answered proves itself, so that copies may be kept by whoever likes.
"""

import base64
import hashlib

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.log import help_text
from moderation.audit.cosigning import AnotherOpenError
from moderation.audit.keys import NoteError
from moderation.audit.merkle import ProofError
from moderation.errors import Conflict, Fault, Invalid, NotFound
from schemas.log import (
    CheckpointQuery,
    ConsistencyQuery,
    ConsistencyView,
    CosignatureView,
    NewCosignature,
)
from schemas.strict import Nothing

log = Resource("log")

TEXT = "text/plain; charset=utf-8"
FOR_SECONDS = {"Cache-Control": "public, max-age=5"}
FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
"""A proof stays true; a later one leads to a later tree."""
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}
ANOTHER = "another-checkpoint"


@log.get("/v1/audit/checkpoint", takes=CheckpointQuery, gives=None, problems=("not-found",))
def get_checkpoint(call: Call, query: CheckpointQuery) -> Reply:
    """Read the signed state of the log: size and root of its tree."""
    opened = call.parts.log()
    match query.which:
        case "latest":
            published = opened.reader.published()
        case "cosigned":
            published = opened.cosigning.cosigned()
        case "due":
            published = opened.cosigning.due()
    if published is None:
        raise NotFound("There is no such checkpoint yet.")
    tag = {"ETag": f'"{hashlib.sha256(published.note).hexdigest()[:32]}"'}
    return Reply(text=published.note.decode(), headers={**FOR_SECONDS, **tag}, media_type=TEXT)


@log.get(
    "/v1/audit/consistency",
    takes=ConsistencyQuery,
    gives=ConsistencyView,
    problems=("not-found", "invalid"),
)
def get_consistency(call: Call, query: ConsistencyQuery) -> Reply:
    """Read the proof that one size of the tree begins a later one."""
    try:
        found = call.parts.log().consistency(query.first, query.second)
    except ProofError as error:
        fault = Fault("?to" if query.second else "?from", str(error))
        raise Invalid("There is no proof between these sizes.", faults=(fault,)) from None
    if found is None:
        raise NotFound("There is no checkpoint yet.")
    hashes = [base64.b64encode(node).decode() for node in found[1]]
    view = ConsistencyView(first=query.first, second=found[0], hashes=hashes)
    return Reply(view, headers=FOR_SECONDS if query.second is None else FOR_GOOD)


@log.get("/v1/audit/entries/{id}/proof", takes=Nothing, gives=None)
def get_proof(call: Call, _: Nothing) -> Reply:
    """Read the proof of an entry, without the entry: for whoever holds its receipt."""
    proof = call.parts.log().proof(call.id)
    if proof is None:
        raise NotFound("There is no such entry in the log yet.")
    return Reply(text=proof.file().decode(), headers=FOR_AN_HOUR, media_type=TEXT)


@log.get("/v1/audit/entries/{id}/tlog-proof", takes=Nothing, gives=None)
def get_standing_proof(call: Call, _: Nothing) -> Reply:
    """Read the proof of an entry with the entry itself: a file that stands alone."""
    proof = call.parts.log().standing_proof(call.id)
    if proof is None:
        raise NotFound("There is no such entry in the log yet.")
    return Reply(text=proof.decode(), media_type=TEXT)


@log.post(
    "/v1/audit/cosignatures",
    takes=NewCosignature,
    gives=CosignatureView,
    status=200,
    problems=(ANOTHER, "not-found"),
)
def add_cosignature(call: Call, body: NewCosignature) -> Reply:
    """Bring a witness's cosignature of the checkpoint that is due."""
    cosigning = call.parts.log().cosigning
    if not cosigning.witnesses:
        raise NotFound("This log has no witnesses.")
    try:
        tally = cosigning.add(body.note.encode())
    except NoteError as error:
        fault = Fault("/note", str(error))
        raise Invalid("This is no cosigned checkpoint of the log.", faults=(fault,)) from None
    except AnotherOpenError as error:
        raise Conflict(f"Cosign that first: {error}.", code=ANOTHER) from None
    return Reply(CosignatureView(size=tally.size, witnesses=tally.witnesses, enough=tally.enough))


@log.get("/v1/audit/receipts-help", takes=Nothing, gives=None)
def receipts_help(call: Call, _: Nothing) -> Reply:
    """Read how to check a receipt, in German and English."""
    key = call.parts.log().key
    return Reply(text=help_text(key.name, str(key)), headers=FOR_SECONDS, media_type=TEXT)
