"""The HTTP API: every resource, and the application that Lambda calls."""

from functions import wiring
from functions.api.application import application
from functions.api.resources.boards import boards
from functions.api.resources.grounds import grounds
from functions.api.resources.me import me
from functions.api.resources.meta import meta
from functions.api.resources.posts import posts
from functions.api.resources.threads import threads

RESOURCES = (meta, boards, threads, posts, me, grounds)

app = application("hausrecht", RESOURCES, wiring.api)
