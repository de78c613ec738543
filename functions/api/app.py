"""The HTTP API as Lambda calls it."""

from functions import wiring
from functions.api.application import application
from functions.api.catalogue import RESOURCES

app = application("hausrecht", RESOURCES, wiring.api)
