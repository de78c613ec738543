"""DynamoDB in this process: the real clients, the real wire format, and an engine of dictionaries.

`MemoryDynamo.attach` answers at botocore's `before-send` hook, so that serialising, conditions and
errors go through PynamoDB and botocore as ever and no socket is opened. Every request is metered.
What it does not know it refuses, so no test passes because something was ignored.
"""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError

from tests.support.memory_dynamo_expressions import Item
from tests.support.memory_dynamo_operations import OPERATIONS, Refusal
from tests.support.memory_dynamo_tables import (
    PrimaryKey,
    Table,
    audit_table,
    forum_table,
    primary_key,
)
from tests.support.meter import Call, Meter

WRITES = ("DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem")

type Images = dict[PrimaryKey, Item | None]

PREFIX = "DynamoDB_20120810."


class Hook:
    """Sees each request; may raise `Refusal` or `LostError`. To be subclassed."""

    def before(self, operation: str, request: dict[str, Any]) -> None:
        """Nothing has been done yet."""

    def written(self, operation: str, request: dict[str, Any], images: Images) -> None:
        """A write has just been carried out; `images` are the items of `forum` as they were."""

    def after(self, operation: str, request: dict[str, Any]) -> None:
        """It has been done, the answer is still on its way."""


class LostError(Exception):
    """The connection breaks: before the request arrives, or with the answer on its way."""


@dataclass(slots=True)
class MemoryDynamo:
    """The engine: two tables, a meter, and hooks around each request."""

    tables: dict[str, Table] = field(
        default_factory=lambda: {"forum": forum_table(), "audit": audit_table()}
    )
    meter: Meter = field(default_factory=Meter)
    hooks: list[Hook] = field(default_factory=list)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attach(self, client: Any) -> None:
        """Answer everything a botocore client of DynamoDB sends."""
        client.meta.events.register("before-send.dynamodb", self._answer)

    def restore(self, name: str, snapshot: Table) -> None:
        """Put a table back to what it was, as a restore from a backup does; no hook sees it."""
        self.tables[name] = snapshot

    @contextmanager
    def hooked(self, hook: Hook) -> Iterator[None]:
        """Let a hook see the requests made inside the block."""
        self.hooks.append(hook)
        try:
            yield
        finally:
            self.hooks.remove(hook)

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"]
        operation = (
            operation.decode() if isinstance(operation, bytes) else operation
        ).removeprefix(PREFIX)
        body = with_bytes(json.loads(request.body))
        try:
            self._each(lambda hook: hook.before(operation, body))
            answer = self._carry_out(operation, body, request)
            self._each(lambda hook: hook.after(operation, body))
        except LostError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        except Refusal as refusal:
            self.meter.calls.append(Call(operation, body, error=refusal.code))
            return _response(request.url, 400 if refusal.fault == "client" else 500, refusal.body())
        return _response(request.url, 200, answer)

    def _each(self, call: Callable[[Hook], None]) -> None:
        for hook in list(self.hooks):
            call(hook)

    def _carry_out(self, operation: str, body: dict[str, Any], request: Any) -> dict[str, Any]:  # noqa: ARG002
        if operation not in OPERATIONS:
            raise NotImplementedError(operation)
        with self._lock:
            token = body.get("ClientRequestToken")
            if token is not None and token in self.tokens:
                if self.tokens[token] != body:
                    raise Refusal("IdempotentParameterMismatchException")
                self.meter.calls.append(Call(operation, body))
                return {}
            watched = operation in WRITES and "forum" in self.tables
            keys = forum_keys(body) if watched else ()
            images = {key: self.tables["forum"].get(key) for key in keys}
            answer, cost = OPERATIONS[operation](self.tables, body)
            for hook in self.hooks if images else ():
                hook.written(operation, body, images)
            if token is not None:
                self.tokens[token] = body
            self.meter.calls.append(Call(operation, body, None, cost.rcu, cost.wcu, cost.index_wcu))
            return answer


def forum_keys(request: dict[str, Any]) -> list[PrimaryKey]:
    """The keys of what a request writes in the table `forum`."""
    actions = request.get("TransactItems", [{"": request}])
    bodies = [body for action in actions for body in action.values()]
    return [
        primary_key(body.get("Item") or body["Key"])
        for body in bodies
        if body["TableName"] == "forum"
    ]


class _Body:
    """What botocore reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._content


def _response(url: str, status: int, body: dict[str, Any]) -> AWSResponse:
    content = json.dumps(_without_bytes(body)).encode()
    headers = HTTPHeaders()
    headers["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse(url, status, headers, _Body(content))


def with_bytes(value: Any) -> Any:
    """A parsed body in which what the wire spells as Base64 is bytes."""
    if isinstance(value, dict):
        if set(value) == {"B"} and isinstance(value["B"], str):
            return {"B": base64.b64decode(value["B"])}
        return {name: with_bytes(held) for name, held in value.items()}
    if isinstance(value, list):
        return [with_bytes(held) for held in value]
    return value


def _without_bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _without_bytes(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_without_bytes(held) for held in value]
    return value
