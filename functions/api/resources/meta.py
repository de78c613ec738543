"""`/health`, `/openapi.json` and `/docs`: what the API says about itself."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.headers import FOR_A_WHILE
from schemas.health import Health
from schemas.strict import Nothing

meta = Resource("meta")


@meta.get("/health", takes=Nothing, gives=Health)
def health(call: Call, _: Nothing) -> Reply:
    """Tell that the API answers, and what reads posts."""
    # The rule book may look up what is in force; nothing else here asks anything over the network.
    parts = call.parts
    return Reply(Health(status="ok", stage=parts.stage, rules=parts.rules, scorer=parts.scorer))


@meta.get("/openapi.json", takes=Nothing, gives=None)
def openapi(call: Call, _: Nothing) -> Reply:
    """Read the OpenAPI document."""
    # Made only when asked for, of a catalogue that holds this module too.
    from functions.api.openapi import document_text  # noqa: PLC0415

    text = document_text(call.parts.house.public_url)
    return Reply(text=text, headers={"Cache-Control": FOR_A_WHILE})


@meta.get("/docs", takes=Nothing, gives=None)
def docs(call: Call, _: Nothing) -> Reply:
    """Read the same as a page."""
    from functions.api import docs_page  # noqa: PLC0415
    from functions.api.openapi import document  # noqa: PLC0415

    text = docs_page.page(document(call.parts.house.public_url))
    headers = {"Cache-Control": FOR_A_WHILE, "Content-Security-Policy": docs_page.POLICY}
    return Reply(text=text, headers=headers, media_type="text/html; charset=utf-8")
