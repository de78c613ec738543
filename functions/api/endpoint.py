"""What an endpoint is: its row of the permission table, what it takes, its handler, its replies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.api.parts import Parts
from functions.api.permissions import RESOURCES, TABLE, Access
from moderation.actor import Actor
from moderation.change import Command, Idempotency
from moderation.community.recent import Recent
from schemas.strict import Nothing, Request, Response

if TYPE_CHECKING:
    from moderation.community.intake import Intake

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent back: a view, or text of another type, or nothing.

    `status` None is the endpoint's own.
    """

    view: Response | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    text: str | None = None
    media_type: str = JSON

    def body(self) -> str:
        """The body as sent; fields that were not set are left out."""
        if self.view is None:
            return self.text or ""
        return self.view.model_dump_json(by_alias=True, exclude_unset=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, let in and parsed: who calls, which thing, and what it may be done with."""

    parts: Parts
    actor: Actor | None
    path: Mapping[str, str]
    headers: Mapping[str, str]
    route: str
    query: Mapping[str, str]
    idempotency: Idempotency | None = None
    recent: Recent = field(default_factory=Recent)

    @property
    def id(self) -> str:
        """The id in the path, a ULID."""
        return self.path["id"]

    @property
    def slug(self) -> str:
        """The board in the path."""
        return self.path["slug"]

    @property
    def member(self) -> Actor:
        """The caller of a route that lets nobody in without a token."""
        if self.actor is None:
            raise AssertionError("the route lets in callers without a token")
        return self.actor

    @property
    def intake(self) -> "Intake":
        """Renders and screens a text of the caller's, in view of what they wrote lately."""
        return self.parts.intake.knowing(self.recent)

    def location(self, path: str) -> dict[str, str]:
        """The `Location` header of what was created."""
        return {"Location": self.parts.house.public_url + path}

    def run[A](self, command: Command[A]) -> A:
        """Carry a command out, once for this request's idempotency key."""
        return self.parts.units.run(command, self.idempotency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path.

    `takes` is the model of the query (GET) or the body; `gives` the model of the answer, None where
    it has no JSON body. `key` says whether an idempotency key is needed; `match` whether `If-Match`
    is. `text` gives the text that a request publishes, so that repeated ones are known; None where
    it publishes none. `problems` are the codes it can refuse with beside those every endpoint has.
    """

    method: str
    path: str
    handler: Callable[[Call, Any], Reply]
    takes: type[Request]
    gives: type[Response] | None
    status: int
    key: bool
    match: bool
    secret: bool
    problems: tuple[str, ...]
    limit: str | None
    text: Callable[[Any], str] | None = None

    @property
    def access(self) -> Access:
        """Its row of the permission table."""
        return TABLE[self.method, self.path]

    @property
    def has_body(self) -> bool:
        """Whether a request carries a JSON body."""
        return self.method in {"POST", "PATCH"}

    @property
    def writes(self) -> bool:
        """Whether it changes anything; such calls are counted."""
        return self.method != "GET"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's variables."""
        return tuple(p[1:-1] for p in self.path.split("/") if p.startswith("{"))


@dataclass(frozen=True, slots=True)
class Resource:
    """The endpoints of one resource; becomes one Chalice blueprint."""

    name: str
    endpoints: list[Endpoint] = field(default_factory=list)

    def get[Q: Request](
        self,
        path: str,
        *,
        takes: type[Q],
        gives: type[Response] | None,
        secret: bool = False,
        problems: tuple[str, ...] = (),
    ) -> Callable[[Callable[[Call, Q], Reply]], Callable[[Call, Q], Reply]]:
        """Register a reading endpoint; `takes` is its query."""
        return self._register("GET", path, takes, gives, secret=secret, problems=problems)

    def post[B: Request](
        self,
        path: str,
        *,
        takes: type[B],
        gives: type[Response],
        status: int = HTTPStatus.CREATED,
        secret: bool = False,
        problems: tuple[str, ...] = (),
        limit: str = "writes",
        text: Callable[[B], str] | None = None,
    ) -> Callable[[Callable[[Call, B], Reply]], Callable[[Call, B], Reply]]:
        """Register an endpoint that acts; where it creates, it needs an idempotency key."""
        creates = status != HTTPStatus.OK
        return self._register(
            "POST", path, takes, gives, status, key=creates, secret=secret, problems=problems,
            limit=limit, text=text,
        )  # fmt: skip

    def patch[B: Request](
        self, path: str, *, takes: type[B], gives: type[Response], problems: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Call, B], Reply]], Callable[[Call, B], Reply]]:
        """Register an endpoint that changes; it needs `If-Match`."""
        return self._register(
            "PATCH", path, takes, gives, match=True, problems=problems, limit="writes"
        )

    def delete(
        self, path: str, *, problems: tuple[str, ...] = ()
    ) -> Callable[[Callable[[Call, Nothing], Reply]], Callable[[Call, Nothing], Reply]]:
        """Register an endpoint that deletes."""
        return self._register(
            "DELETE", path, Nothing, None, HTTPStatus.NO_CONTENT, problems=problems, limit="writes"
        )

    def _register[I: Request](
        self,
        method: str,
        path: str,
        takes: type[I],
        gives: type[Response] | None,
        status: int = HTTPStatus.OK,
        *,
        key: bool = False,
        match: bool = False,
        secret: bool = False,
        problems: tuple[str, ...] = (),
        limit: str | None = None,
        text: Callable[[I], str] | None = None,
    ) -> Callable[[Callable[[Call, I], Reply]], Callable[[Call, I], Reply]]:
        if (method, path) not in RESOURCES[self.name]:
            raise LookupError(f"{method} {path} is not in the permission table of {self.name}")

        def add(handler: Callable[[Call, I], Reply]) -> Callable[[Call, I], Reply]:
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=path,
                    handler=handler,
                    takes=takes,
                    gives=gives,
                    status=status,
                    key=key,
                    match=match,
                    secret=secret,
                    problems=problems,
                    limit=limit,
                    text=text,
                )
            )
            return handler

        return add
