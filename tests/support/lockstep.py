"""The in-process DynamoDB in lockstep with a real engine: both do each request and must agree.

The answers are the engine's. The in-process one follows, so that its hooks, its meter and its
tables serve a test as ever; and wherever it would have answered otherwise, the test fails. So
every test that runs on an engine also shows that the fake, on which all others run, is true.
"""

import json
import socket
from dataclasses import dataclass, field
from functools import cache
from typing import Any, override

import botocore.session
from botocore.config import Config
from botocore.httpsession import URLLib3Session

from tests.support.memory_dynamo import MemoryDynamo, with_bytes
from tests.support.memory_dynamo_operations import Refusal
from tests.support.memory_dynamo_tables import Table, primary_key

AT_ONCE = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
"""As botocore's own connections have it: else each request waits 40 ms for an acknowledgement."""


class OutOfStepError(AssertionError):
    """The engine and the in-process DynamoDB answered one request differently."""


@dataclass(slots=True)
class LockstepDynamo(MemoryDynamo):
    """Asks the engine, then itself, and compares. One request at a time."""

    client: Any = None
    http: URLLib3Session = field(default_factory=lambda: URLLib3Session(socket_options=AT_ONCE))

    @override
    def attach(self, client: Any) -> None:
        """Answer the client, and keep it for what is to be done on both sides."""
        MemoryDynamo.attach(self, client)
        self.client = client

    @override
    def restore(self, name: str, snapshot: Table) -> None:
        """Item by item, on both sides."""
        kept = {primary_key(item) for item in snapshot.items()}
        hooks, self.hooks = self.hooks, []
        for pk, sk in {primary_key(item) for item in self.tables[name].items()} - kept:
            self.client.delete_item(TableName=name, Key={"pk": {"S": pk}, "sk": {"S": sk}})
        for item in snapshot.items():
            self.client.put_item(TableName=name, Item=item)
        self.hooks = hooks

    @override
    def _carry_out(self, operation: str, body: dict[str, Any], request: Any) -> dict[str, Any]:
        theirs = self._ask(request)
        ours: dict[str, Any] | Refusal
        try:
            # No `super()`: a dataclass with slots is another class than the one it stands in.
            ours = MemoryDynamo._carry_out(self, operation, body, request)
        except Refusal as refusal:
            ours = refusal
        if _gist(ours) != _gist(theirs):
            raise OutOfStepError(f"{operation} {body}\nengine: {theirs!r}\nmemory: {ours!r}")
        if isinstance(theirs, Refusal):
            raise theirs
        return theirs

    def _ask(self, request: Any) -> dict[str, Any] | Refusal:
        answer = self.http.send(request)
        body = with_bytes(json.loads(answer.content))
        if answer.status_code == 200:
            return dict(body)
        code = body["__type"].rpartition("#")[2]
        return Refusal(code, body.get("message", ""), body.get("CancellationReasons"))


def _gist(answer: dict[str, Any] | Refusal) -> Any:
    """What both must say: no costs, no wording, and what has no order without one."""
    if isinstance(answer, Refusal):
        return answer.code, [reason["Code"] for reason in answer.reasons or ()]
    found = {name: held for name, held in answer.items() if name != "ConsumedCapacity"}
    if "Responses" in found and isinstance(found["Responses"], dict):
        found["Responses"] = {
            table: sorted(items, key=lambda item: json.dumps(item, default=repr, sort_keys=True))
            for table, items in found["Responses"].items()
        }
    return {name: held for name, held in found.items() if held not in ({}, None)}


def session_of(account: str) -> botocore.session.Session:
    """A session of one of the engine's accounts: an access key of twelve digits is its number."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _loader())
    session.set_credentials(account, "secret")
    return session


@cache
def _loader() -> Any:
    """One for all sessions: it keeps the parsed service models."""
    return botocore.session.get_session().get_component("data_loader")


def client_of(service: str, endpoint_url: str, account: str, region: str) -> Any:
    """A client of an engine, in one of its accounts."""
    return session_of(account).create_client(
        service,
        region,
        endpoint_url=endpoint_url,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
