"""How strict the edge is: unknown fields are refused, nothing is coerced, nothing is echoed.

Models are built on first use, so that a function that starts pays for the ones it needs.
A response's field that may be absent has a default and is written only where it was set; every
other field is always written, `null` where there is nothing.
"""

from pydantic import BaseModel, ConfigDict


class Request(BaseModel):
    """What a client sends. Text is kept exactly; numbers, booleans and text are never mixed up."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, defer_build=True, hide_input_in_errors=True
    )


class Response(BaseModel):
    """What a client is told; nothing leaves that is not declared."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


class Nothing(Request):
    """A request that says nothing: `{}`."""
