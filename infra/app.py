"""The Chalice project's entry point: hands on the application, and readies a container for it.

A container that starts has a whole processor, one that answers only the share its memory buys.
So what nearly every first request needs is imported here; what few need waits until one does.
"""

import moderation.stores.lists
import moderation.stores.unit_of_work  # noqa: F401
from functions.api.app import app
from functions.api.catalogue import resource

__all__ = ["app"]

for name in ("boards", "threads", "posts"):
    resource(name)
