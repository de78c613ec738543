"""Every resource of the API: what is not in here does not exist."""

from functions.api.endpoint import Endpoint, Resource
from functions.api.resources.appeals import appeals
from functions.api.resources.audit import audit
from functions.api.resources.boards import boards
from functions.api.resources.calibration import calibration
from functions.api.resources.cases import cases
from functions.api.resources.disclosures import disclosures
from functions.api.resources.erasures import erasures
from functions.api.resources.grounds import grounds
from functions.api.resources.holds import holds
from functions.api.resources.log import log
from functions.api.resources.me import me
from functions.api.resources.meta import meta
from functions.api.resources.notices import notices
from functions.api.resources.posts import posts
from functions.api.resources.rulesets import rulesets
from functions.api.resources.statements import statements
from functions.api.resources.threads import threads

RESOURCES: tuple[Resource, ...] = (
    meta,
    boards,
    calibration,
    threads,
    posts,
    me,
    notices,
    grounds,
    cases,
    statements,
    appeals,
    rulesets,
    audit,
    log,
    disclosures,
    holds,
    erasures,
)


def endpoints() -> tuple[Endpoint, ...]:
    """All endpoints, resource by resource."""
    return tuple(endpoint for resource in RESOURCES for endpoint in resource.endpoints)
