"""`/health`, `/openapi.json` and `/docs`: what the API says about itself."""

from functions.api.endpoint import Call, Reply, Resource
from schemas.health import Health
from schemas.strict import Nothing

meta = Resource("meta")


@meta.get("/health", takes=Nothing, gives=Health)
def health(call: Call, _: Nothing) -> Reply:
    """Tell that the API answers, and what reads posts. Asks nothing that could be slow."""
    parts = call.parts
    return Reply(Health(status="ok", stage=parts.stage, rules=parts.rules, scorer=parts.scorer))
