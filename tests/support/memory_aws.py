"""S3 and KMS in this process, as far as the audit log uses them, behind the real clients.

Both answer at botocore's `before-send` hook: what the client sends goes through its serialiser,
what it gets through its parser. What they do not know they refuse.
"""

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

type PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def client_of(service: str) -> Any:
    """Return a client that must not reach any network."""
    session = botocore.session.Session()
    session.set_credentials("test", "test")
    return session.create_client(
        service,
        region_name="eu-central-1",
        endpoint_url="http://memory.invalid",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


@dataclass
class MemoryS3:
    """Objects by bucket and key, conditional writes, multipart uploads."""

    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    failing: str = ""
    refusing: str = ""

    def client(self) -> Any:
        """Return a client that this answers."""
        client = client_of("s3")
        client.meta.events.register("before-send.s3", self._answer)
        return client

    def _answer(self, request: Any, event_name: str, **_: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.operations.append(operation)
        parts = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if operation == self.failing:
            return _response(request.url, 500, b"<Error><Code>InternalError</Code></Error>")
        if operation == self.refusing:
            return _response(request.url, 403, b"<Error><Code>AccessDenied</Code></Error>")
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
        }
        handle = getattr(self, f"_{operation}")
        status, body, tags = handle(unquote(parts.path), query, headers, _body(request))
        return _response(request.url, status, body, tags)

    def _GetObject(self, key: str, *_: object) -> tuple[int, bytes, dict[str, str]]:  # noqa: N802
        if key not in self.objects:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        return 200, self.objects[key], {"ETag": _etag(self.objects[key])}

    def _PutObject(  # noqa: N802
        self, key: str, _: object, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        held = self.objects.get(key)
        if "If-Match" in headers and held is None:
            return 404, b"<Error><Code>NoSuchKey</Code></Error>", {}
        taken = "If-None-Match" in headers and held is not None
        if taken or ("If-Match" in headers and headers["If-Match"] != _etag(held or b"")):
            return 412, b"<Error><Code>PreconditionFailed</Code></Error>", {}
        self.objects[key] = body
        return 200, b"", {"ETag": _etag(body)}

    def _ListObjectsV2(  # noqa: N802
        self, key: str, query: Mapping[str, str], *_: object
    ) -> tuple[int, bytes, dict[str, str]]:
        """The first two of what is there, so that a page is soon full."""
        names = sorted(name.removeprefix(f"{key}/") for name in self.objects)
        found = [name for name in names if name.startswith(query.get("prefix", ""))]
        contents = "".join(f"<Contents><Key>{name}</Key></Contents>" for name in found[:2])
        more = "true" if len(found) > 2 else "false"
        body = f"<ListBucketResult><IsTruncated>{more}</IsTruncated>{contents}</ListBucketResult>"
        return 200, body.encode(), {}

    def _DeleteObject(self, key: str, *_: object) -> tuple[int, bytes, dict[str, str]]:  # noqa: N802
        self.objects.pop(key, None)
        return 204, b"", {}

    def _CreateMultipartUpload(  # noqa: N802
        self, key: str, *_: object
    ) -> tuple[int, bytes, dict[str, str]]:
        self.uploads[key] = {}
        answer = f"<InitiateMultipartUploadResult><UploadId>{key}</UploadId>"
        return 200, f"{answer}</InitiateMultipartUploadResult>".encode(), {}

    def _UploadPart(  # noqa: N802
        self, key: str, query: Mapping[str, str], _: object, body: bytes
    ) -> tuple[int, bytes, dict[str, str]]:
        self.uploads[key][int(query["partNumber"])] = body
        return 200, b"", {"ETag": _etag(body)}

    def _CompleteMultipartUpload(  # noqa: N802
        self, key: str, *_: object
    ) -> tuple[int, bytes, dict[str, str]]:
        parts = self.uploads.pop(key)
        self.objects[key] = b"".join(parts[number] for number in sorted(parts))
        result = b"<CompleteMultipartUploadResult></CompleteMultipartUploadResult>"
        return 200, result, {}

    def _AbortMultipartUpload(  # noqa: N802
        self, key: str, *_: object
    ) -> tuple[int, bytes, dict[str, str]]:
        del self.uploads[key]
        return 204, b"", {}


@dataclass
class MemoryKms:
    """One asymmetric key."""

    private: PrivateKey
    spec: str
    operations: list[str] = field(default_factory=list)

    def client(self) -> Any:
        """Return a client that this answers."""
        client = client_of("kms")
        client.meta.events.register("before-send.kms", self._answer)
        return client

    def _answer(self, request: Any, event_name: str, **_: object) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        self.operations.append(operation)
        asked = json.loads(_body(request))
        answer = self._public() if operation == "GetPublicKey" else self._signed(asked)
        return _response(request.url, 200, json.dumps(answer).encode())

    def _public(self) -> dict[str, str]:
        spki = self.private.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return {"KeySpec": self.spec, "PublicKey": base64.b64encode(spki).decode()}

    def _signed(self, asked: Mapping[str, str]) -> dict[str, str]:
        message = base64.b64decode(asked["Message"])
        assert asked["MessageType"] == "RAW"
        assert len(message) <= 4096
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            assert asked["SigningAlgorithm"] == "ED25519_SHA_512"
            signature = self.private.sign(message)
        else:
            assert asked["SigningAlgorithm"] == "ECDSA_SHA_256"
            signature = self.private.sign(message, ec.ECDSA(SHA256()))
        return {"Signature": base64.b64encode(signature).decode()}


class _Raw(io.BytesIO):
    """The body of an answer, as urllib3 gives it."""

    def stream(self, *_: object, **__: object) -> Any:
        """Yield all."""
        yield self.read()


def _response(
    url: str, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> AWSResponse:
    return AWSResponse(url, status, dict(headers or {}), _Raw(body))  # type: ignore[arg-type]


def _body(request: Any) -> bytes:
    body = request.body
    if body is None:
        return b""
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    if isinstance(body, str):
        return body.encode()
    data: bytes = body.read()
    if request.headers.get("X-Amz-Decoded-Content-Length"):
        return _unchunked(data)
    return data


def _unchunked(data: bytes) -> bytes:
    """Take an `aws-chunked` body apart."""
    whole = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if length == 0:
            break
        whole, data = whole + data[:length], data[length + 2 :]
    return whole


def _etag(data: bytes) -> str:
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
