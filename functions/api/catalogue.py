"""Every resource of the API, each imported at the first request to it.

What is not in here does not exist. A container answers few kinds of requests before it ends, and
most of what the others need is the making of classes.
"""

# ruff: noqa: PLC0415

from functools import cache

from functions.api.endpoint import Endpoint, Resource
from functions.api.permissions import RESOURCES, Route


def resource(name: str) -> Resource:  # noqa: PLR0912  (an import a resource)
    """The resource of that name in the permission table; LookupError where there is none."""
    match name:
        case "meta":
            from functions.api.resources.meta import meta as found
        case "boards":
            from functions.api.resources.boards import boards as found
        case "calibration":
            from functions.api.resources.calibration import calibration as found
        case "threads":
            from functions.api.resources.threads import threads as found
        case "posts":
            from functions.api.resources.posts import posts as found
        case "me":
            from functions.api.resources.me import me as found
        case "notices":
            from functions.api.resources.notices import notices as found
        case "grounds":
            from functions.api.resources.grounds import grounds as found
        case "cases":
            from functions.api.resources.cases import cases as found
        case "statements":
            from functions.api.resources.statements import statements as found
        case "appeals":
            from functions.api.resources.appeals import appeals as found
        case "rulesets":
            from functions.api.resources.rulesets import rulesets as found
        case "audit":
            from functions.api.resources.audit import audit as found
        case "log":
            from functions.api.resources.log import log as found
        case "disclosures":
            from functions.api.resources.disclosures import disclosures as found
        case "holds":
            from functions.api.resources.holds import holds as found
        case "erasures":
            from functions.api.resources.erasures import erasures as found
        case _:
            raise LookupError(f"there is no resource {name}")
    return found


@cache
def endpoint(name: str, route: Route) -> Endpoint:
    """The endpoint of a resource's route; LookupError where there is none."""
    return {(each.method, each.path): each for each in resource(name).endpoints}[route]


def endpoints() -> tuple[Endpoint, ...]:
    """All endpoints, resource by resource."""
    return tuple(each for name in RESOURCES for each in resource(name).endpoints)
