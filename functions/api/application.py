"""Endpoints as a Chalice application: translates events and answers, logs one line a request."""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from chalice.app import Blueprint, Chalice, Request, Response

from functions.api import access_log
from functions.api.endpoint import Endpoint, Reply, Resource
from functions.api.errors import Malformed, plain, refusal
from functions.api.headers import EVERYWHERE
from functions.api.incoming import Incoming, raw_body
from functions.api.parts import Parts
from functions.api.serving import Notes, serve


class Answered(Response):  # type: ignore[misc]  # Chalice has no types
    """An answer of ours, with what its log line says."""

    def __init__(self, reply: Reply, notes: Notes, request_id: str) -> None:
        headers = {**EVERYWHERE, **notes.headers, **reply.headers, "X-Request-Id": request_id}
        if reply.status != HTTPStatus.NO_CONTENT:
            headers["Content-Type"] = reply.media_type
        super().__init__(reply.body(), headers, int(reply.status or HTTPStatus.OK))
        self.line = {"actor": notes.actor.id if notes.actor else None, **notes.log}


def application(name: str, resources: Iterable[Resource], parts: Callable[[], Parts]) -> Chalice:
    """Make the application; `parts` is asked at the first request and then remembered by itself."""
    app = Chalice(app_name=name)
    app.api.binary_types = []
    for resource in resources:
        app.register_blueprint(_blueprint(app, resource, parts))
    app.register_middleware(_logged, "http")
    return app


def _blueprint(app: Chalice, resource: Resource, parts: Callable[[], Parts]) -> Blueprint:
    blueprint = Blueprint(resource.name)
    for endpoint in resource.endpoints:
        # No content types: what a body may be is checked where it is read, in one place.
        route = blueprint.route(endpoint.path, methods=[endpoint.method], content_types=[])
        route(_view(app, endpoint, parts))
    return blueprint


def _view(app: Chalice, endpoint: Endpoint, parts: Callable[[], Parts]) -> Callable[..., Answered]:
    def view(**_: str) -> Answered:
        request: Request = app.current_request
        event: dict[str, Any] = request.to_original_event()
        notes = Notes()
        try:
            incoming = Incoming.of_event(event, raw_body(event, _decoded(request)))
        except Malformed as error:
            return Answered(refusal(error), notes, _request_id(event))
        return Answered(serve(endpoint, incoming, parts(), notes), notes, incoming.request_id)

    view.__name__ = endpoint.handler.__name__
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
