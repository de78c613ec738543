"""The state of the service as anybody may know it."""

from typing import Literal

from schemas.strict import Response


class Health(Response):
    """That the API answers, by which rules it screens, and whether a model scores as well."""

    status: Literal["ok"]
    stage: str
    rules: str
    scorer: str
