"""Endpoints as a Chalice application: translates events and answers, logs one line a request."""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, Chalice, Request, Response

from functions.api import access_log
from functions.api.catalogue import endpoint
from functions.api.endpoint import Reply
from functions.api.errors import Malformed, plain, refusal
from functions.api.headers import EVERYWHERE
from functions.api.incoming import Incoming, raw_body
from functions.api.parts import Parts
from functions.api.permissions import RESOURCES, Route
from functions.api.serving import Notes, serve


class Answered(Response):  # type: ignore[misc]  # Chalice has no types
    """An answer of ours, with what its log line says."""

    def __init__(self, reply: Reply, notes: Notes, request_id: str) -> None:
        headers = {**EVERYWHERE, **notes.headers, **reply.headers, "X-Request-Id": request_id}
        if reply.status != HTTPStatus.NO_CONTENT:
            headers["Content-Type"] = reply.media_type
        super().__init__(reply.body(), headers, int(reply.status or HTTPStatus.OK))
        self.line = {"actor": notes.actor.id if notes.actor else None, **notes.log}


def application(name: str, parts: Callable[[], Parts]) -> Chalice:
    """Make the application of the permission table's routes.

    `parts` is asked at the first request and then remembered by itself, and each resource is
    imported at the first request to it.
    """
    app = Chalice(app_name=name)
    app.api.binary_types = []
    for resource, rows in RESOURCES.items():
        app.register_blueprint(_blueprint(app, resource, rows, parts))
    app.register_middleware(_logged, "http")
    return app


def _blueprint(
    app: Chalice, resource: str, routes: Iterable[Route], parts: Callable[[], Parts]
) -> Blueprint:
    blueprint = Blueprint(resource)
    for method, path in routes:
        # No content types: what a body may be is checked where it is read, in one place.
        route = blueprint.route(path, methods=[method], content_types=[])
        route(_view(app, resource, (method, path), parts))
    return blueprint


def _view(
    app: Chalice, resource: str, route: Route, parts: Callable[[], Parts]
) -> Callable[..., Answered]:
    def view(**_: str) -> Answered:
        request: Request = app.current_request
        event: dict[str, Any] = request.to_original_event()
        notes = Notes()
        try:
            incoming = Incoming.of_event(event, raw_body(event, _decoded(request)))
        except Malformed as error:
            return Answered(refusal(error), notes, _request_id(event))
        reply = serve(endpoint(resource, route), incoming, parts(), notes)
        return Answered(reply, notes, incoming.request_id)

    return view


def _decoded(request: Request) -> bytes | None:
    event = request.to_original_event()
    if not event.get("isBase64Encoded"):
        return None
    try:
        decoded: bytes = request.raw_body
    except ValueError:
        raise Malformed("The body is not base64.") from None
    return decoded


def _logged(request: Request, get_response: Callable[[Request], Response]) -> Response:
    started = time.perf_counter()
    response = get_response(request)
    event = request.to_original_event() if request else {}
    context = event.get("requestContext", {})
    if not isinstance(response, Answered):
        response = Answered(plain(response.status_code), Notes(), _request_id(event))
    access_log.write(
        {
            "log": "access",
            "route": f"{context.get('httpMethod')} {context.get('resourcePath')}",
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "request_id": _request_id(event),
            **response.line,
        }
    )
    return response


def _request_id(event: dict[str, Any]) -> str:
    return str(event.get("requestContext", {}).get("requestId") or "")
