"""The HTTP API as Lambda calls it."""

from functions.api.application import application
from functions.api.wired_parts import parts

app = application("hausrecht", parts)
