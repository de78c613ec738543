"""The Chalice project's entry point: hands on the application and adds nothing."""

from functions.api.app import app

__all__ = ["app"]
