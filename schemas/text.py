"""Text as people write it: every character is kept, but for two that no store keeps alike.

NUL is refused, and so are lone surrogates, which are no Unicode text; a JSON parser that follows
RFC 8259 lets both through as escapes. Lengths count code points; `BODY_BYTES` counts UTF-8.
"""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

TITLE_CHARACTERS = 200
BODY_CHARACTERS = 10_000
BODY_BYTES = 20 * 1024
REASONS_CHARACTERS = 5_000
NAME_CHARACTERS = 100
EXCERPT_CHARACTERS = 1_000
DESCRIPTION_CHARACTERS = 2_000
CODE_CHARACTERS = 64
LINE_CHARACTERS = 200
URL_CHARACTERS = 2_000
EMAIL_CHARACTERS = 254


def unicode_text(text: str) -> str:
    """Give back the text unchanged; an error where it holds NUL or a lone surrogate."""
    if "\0" in text:
        raise PydanticCustomError("nul", "must not hold U+0000")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("surrogate", "must not hold lone surrogates")
    return text


def within_bytes(text: str) -> str:
    """Give back the text unchanged; an error where its UTF-8 is longer than a post may be."""
    if len(text.encode("utf-8", "surrogatepass")) > BODY_BYTES:
        raise PydanticCustomError(
            "too_many_bytes",
            "must be at most {limit} bytes of UTF-8",
            {"limit": BODY_BYTES},
        )
    return text


def one_line(text: str) -> str:
    """Give back the text unchanged; an error where it holds control characters."""
    if any(character < " " or character == "\x7f" for character in text):
        raise PydanticCustomError("control", "must be one line without control characters")
    return text


Unicode = Annotated[str, AfterValidator(unicode_text)]

Title = Annotated[Unicode, StringConstraints(min_length=1, max_length=TITLE_CHARACTERS)]
Body = Annotated[
    Unicode,
    StringConstraints(min_length=1, max_length=BODY_CHARACTERS),
    AfterValidator(within_bytes),
]
Reasons = Annotated[Unicode, StringConstraints(min_length=1, max_length=REASONS_CHARACTERS)]
Excerpt = Annotated[Unicode, StringConstraints(min_length=1, max_length=EXCERPT_CHARACTERS)]
Description = Annotated[Unicode, StringConstraints(max_length=DESCRIPTION_CHARACTERS)]
Name = Annotated[
    Unicode,
    AfterValidator(one_line),
    StringConstraints(min_length=1, max_length=NAME_CHARACTERS),
]
Code = Annotated[
    Unicode,
    AfterValidator(one_line),
    StringConstraints(min_length=1, max_length=CODE_CHARACTERS),
]
Unit = Code
"""A department, as the tokens of its people name it."""
Line = Annotated[
    Unicode,
    AfterValidator(one_line),
    StringConstraints(min_length=1, max_length=LINE_CHARACTERS),
]
Url = Annotated[
    Unicode,
    AfterValidator(one_line),
    StringConstraints(min_length=1, max_length=URL_CHARACTERS),
]
Email = Annotated[
    Unicode,
    AfterValidator(one_line),
    StringConstraints(min_length=3, max_length=EMAIL_CHARACTERS, pattern=r"^[^@\s]+@[^@\s]+$"),
]
