"""Headers that every answer carries: what browsers and caches may do with it."""

from collections.abc import Mapping

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
EVERYWHERE: Mapping[str, str] = {
    "Content-Security-Policy": API_POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
"""Nothing is cached: a post that was removed must be gone from everybody's next look."""
FOR_A_WHILE = "public, max-age=300"
"""For what is the same for everybody and changes with a deployment only."""
