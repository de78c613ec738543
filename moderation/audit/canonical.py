"""The one canonical form of JSON in this project: what is hashed, signed or compared has it.

It is RFC 8785 restricted so that no reading of it is open: object keys are ASCII and sorted,
there is no white space, integers stay below 2**53, floats do not exist, strings hold no lone
surrogates, and text is UTF-8 with only the escapes that JSON demands.
"""

import json
from collections.abc import Mapping, Sequence

type Json = bool | int | str | Sequence[Json] | Mapping[str, Json] | None

INTEGER_LIMIT = 2**53
DEPTH_LIMIT = 64


class NotCanonicalError(ValueError):
    """A value or a text has no canonical form; says what was found, never the content."""


def canonical(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of a JSON value.

    Raises NotCanonicalError for floats, integers of 2**53 and more, keys that are no ASCII text,
    lone surrogates, more than 64 levels, and any type JSON has no word for.
    """
    _check(value, DEPTH_LIMIT)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _utf8(text)


def parse(data: bytes) -> Json:
    """Read bytes that `canonical` could have written, and nothing else.

    The value is encoded again and compared, so a duplicate key, a space, an escape that need not
    be or a number written otherwise is refused. Raises NotCanonicalError.
    """
    try:
        value: Json = json.loads(data.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(f"not JSON: {type(error).__name__}") from error
    if canonical(value) != data:
        raise NotCanonicalError("JSON, but not in canonical form")
    return value


def _check(value: Json, levels: int) -> None:
    if levels == 0:
        raise NotCanonicalError(f"deeper than {DEPTH_LIMIT} levels")
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) >= INTEGER_LIMIT:
            raise NotCanonicalError("integer of 2**53 or more")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise NotCanonicalError("object key that is no ASCII text")
            _check(item, levels - 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item, levels - 1)
    else:
        raise NotCanonicalError(f"no canonical form for {type(value).__name__}")


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonicalError("lone surrogate") from error


def _refuse(_: str) -> Json:
    raise NotCanonicalError("float")
