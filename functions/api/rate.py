"""Rate limits of writes: counted for the member, or for a public caller's address.

Headers after draft-ietf-httpapi-ratelimit-headers. Reads are limited by API Gateway.
"""

from functions.api.parts import Parts
from moderation.community.recent import Mark
from moderation.ports import Allowance

WINDOW_S = 60
WRITES = "writes"
NOTICES = "notices"


def count(parts: Parts, caller: str, policy: str, mark: Mark | None) -> Allowance:
    """Count one write of a caller; TooManyRequests where the minute's share is used up."""
    limit = limit_of(policy, parts)
    return parts.rates.take(caller, policy, limit, WINDOW_S, parts.now(), mark)


def limit_of(policy: str, parts: Parts) -> int:
    """How many a minute."""
    return parts.notices_per_minute if policy == NOTICES else parts.writes_per_minute


def headers(policy: str, allowance: Allowance) -> dict[str, str]:
    """What a caller has left."""
    return {
        "RateLimit-Policy": f'"{policy}";q={allowance.limit};w={allowance.window_s}',
        "RateLimit": f'"{policy}";r={allowance.remaining};t={allowance.resets_in_s}',
    }


def used_up(policy: str, parts: Parts, resets_in_s: int) -> dict[str, str]:
    """The same where nothing is left."""
    return headers(policy, Allowance(limit_of(policy, parts), 0, WINDOW_S, resets_in_s))
