"""The log's objects and the finished bundles, on S3."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from moderation.audit.ports import LogBrokenError, ObjectMissingError, Sink
from moderation.stores.answered import answered

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 << 20
"""Size of the parts of a bundle; S3 takes 10,000 of at least 5 MiB."""

_ABSENT = {"NoSuchKey", "404", "NotFound"}
_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict", "409"}


class S3Objects:
    """`ObjectStore` of `moderation.audit.ports` on one bucket. The tag of a version is its ETag.

    Raises Unavailable where S3 does not answer.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def get(self, path: str) -> bytes:
        """Return an object; raises ObjectMissingError."""
        found = self.get_tagged(path)
        if found is None:
            raise ObjectMissingError(path)
        return found[0]

    def get_tagged(self, path: str) -> tuple[bytes, str] | None:
        """Return an object and its ETag, None where there is none."""
        try:
            with answered():
                answer = self._client.get_object(Bucket=self._bucket, Key=path)
                return answer["Body"].read(), answer["ETag"]
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise

    def put_new(self, path: str, data: bytes) -> None:
        """Put if absent; what is there already must be the same, else LogBrokenError."""
        if not self.replace(path, data, None) and self.get(path) != data:
            raise LogBrokenError(f"{path} already holds something else")

    def replace(self, path: str, data: bytes, tag: str | None) -> bool:
        """Put on condition of the ETag (None: of absence); say whether it was so."""
        condition: Any = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        try:
            with answered():
                self._client.put_object(Bucket=self._bucket, Key=path, Body=data, **condition)
        except ClientError as error:
            if _code(error) in _TAKEN | (_ABSENT if tag is not None else set()):
                return False
            raise
        return True


class S3Shelf:
    """`Shelf` of `moderation.compliance.erasure_saga`: all under one prefix of a bucket."""

    def __init__(self, client: "S3Client", bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def clear(self) -> int:
        """Delete page by page what is listed; return how many objects there were."""
        count = 0
        while True:
            with answered():
                page = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix)
                keys = [each["Key"] for each in page.get("Contents", [])]
                for key in keys:
                    self._client.delete_object(Bucket=self._bucket, Key=key)
            count += len(keys)
            if not page.get("IsTruncated"):
                return count


class S3Bundles:
    """`BundleStore` on one bucket: parts of a multipart upload, completed when all are written."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @contextmanager
    def writer(self, path: str) -> Iterator[Sink]:
        """Upload what is written; nothing appears where the block ends with an error."""
        sink = _Upload(self._client, self._bucket, path)
        try:
            yield sink
            sink.complete()
        except BaseException:
            sink.abort()
            raise


class _Upload:
    """Collects bytes and sends them in parts; a bundle of less than a part is put at once."""

    def __init__(self, client: "S3Client", bucket: str, key: str) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._upload_id: str | None = None
        self._parts: list[CompletedPartTypeDef] = []
        self._buffer = bytearray()

    def write(self, data: bytes, /) -> int:
        self._buffer += data
        while len(self._buffer) >= PART_BYTES:
            self._send(bytes(self._buffer[:PART_BYTES]))
            del self._buffer[:PART_BYTES]
        return len(data)

    def flush(self) -> None:
        """Keep what is too small for a part."""

    def complete(self) -> None:
        if self._upload_id is None:
            self._client.put_object(Bucket=self._bucket, Key=self._key, Body=bytes(self._buffer))
            return
        if self._buffer:
            self._send(bytes(self._buffer))
        self._client.complete_multipart_upload(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload_id,
            MultipartUpload={"Parts": self._parts},
        )

    def abort(self) -> None:
        if self._upload_id is not None:
            self._client.abort_multipart_upload(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload_id
            )

    def _send(self, part: bytes) -> None:
        if self._upload_id is None:
            started = self._client.create_multipart_upload(Bucket=self._bucket, Key=self._key)
            self._upload_id = started["UploadId"]
        number = len(self._parts) + 1
        sent = self._client.upload_part(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._upload_id,
            PartNumber=number,
            Body=part,
        )
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]
