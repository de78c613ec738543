"""Objects and bundles: one suite for the fake and for S3."""

from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from moderation.audit.ports import LogBrokenError, ObjectMissingError
from moderation.errors import Unavailable
from moderation.stores.objects import PART_BYTES, S3Bundles, S3Objects, S3Shelf
from tests.support.audit_fakes import MemoryBundles, MemoryObjects, World
from tests.support.memory_aws import MemoryS3
from tests.support.places import Bucket, Place


@pytest.fixture
def bucket(place: Place) -> Bucket:
    """An empty bucket."""
    return place.bucket()


@pytest.fixture(params=["fake", "s3"])
def objects(request: pytest.FixtureRequest, bucket: Bucket) -> Any:
    """Each implementation in turn."""
    return MemoryObjects() if request.param == "fake" else S3Objects(bucket.client, bucket.name)


def test_what_is_not_there(objects: Any) -> None:
    """Missing is an answer of its own."""
    assert objects.get_tagged("a/b") is None
    with pytest.raises(ObjectMissingError):
        objects.get("a/b")


def test_what_never_changes_is_put_once(objects: Any) -> None:
    """The same again is fine, something else is not."""
    objects.put_new("tile/0/x001/000.p/3", b"data")
    objects.put_new("tile/0/x001/000.p/3", b"data")

    assert objects.get("tile/0/x001/000.p/3") == b"data"
    with pytest.raises(LogBrokenError):
        objects.put_new("tile/0/x001/000.p/3", b"other")
    assert objects.get("tile/0/x001/000.p/3") == b"data"


def test_an_object_is_replaced_over_the_version_read(objects: Any) -> None:
    """Whoever read an older version does not write over a newer one."""
    assert not objects.replace("checkpoint", b"1", '"none"')
    assert objects.replace("checkpoint", b"1", None)
    _, tag = objects.get_tagged("checkpoint")
    assert not objects.replace("checkpoint", b"2", None)
    assert objects.replace("checkpoint", b"2", tag)
    assert not objects.replace("checkpoint", b"3", tag)
    assert objects.get("checkpoint") == b"2"


def test_an_error_of_the_service_passes() -> None:
    """It is neither absence nor a lost race, and may be over in a moment."""
    store = MemoryS3(failing="GetObject")
    objects = S3Objects(store.client(), "log")
    with pytest.raises(Unavailable):
        objects.get("x")
    store.failing = "PutObject"
    with pytest.raises(Unavailable):
        objects.replace("x", b"", None)


def test_a_refusal_is_a_bug_and_stays_one() -> None:
    """A right that is missing is not mended by trying again."""
    store = MemoryS3(refusing="GetObject")
    objects = S3Objects(store.client(), "log")
    with pytest.raises(ClientError, match="AccessDenied"):
        objects.get("x")
    store.refusing = "PutObject"
    with pytest.raises(ClientError, match="AccessDenied"):
        objects.replace("x", b"", None)


def test_a_line_that_is_dead_may_be_alive_in_a_moment() -> None:
    """Nothing listens there."""
    session = botocore.session.Session()
    session.set_credentials("test", "test")
    client = session.create_client(
        "s3",
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}),
    )
    with pytest.raises(Unavailable):
        S3Objects(client, "log").get("x")


@pytest.mark.parametrize("size", [0, 10, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES + 5])
def test_a_bundle_appears_whole(size: int, bucket: Bucket) -> None:
    """In one put, or in parts."""
    data = bytes(range(256)) * (size // 256 + 1)
    with S3Bundles(bucket.client, bucket.name).writer("x.zip") as sink:
        for at in range(0, size, 1 << 20):
            piece = data[:size][at : at + (1 << 20)]
            assert sink.write(piece) == len(piece)
        sink.flush()
        assert bucket.held() == {}

    assert bucket.held() == {"x.zip": data[:size]}
    assert bucket.uploads() == 0


@pytest.mark.parametrize("size", [10, PART_BYTES + 1])
def test_a_bundle_that_fails_does_not_appear(size: int, bucket: Bucket) -> None:
    """What was uploaded of it is given up."""

    def write() -> None:
        with S3Bundles(bucket.client, bucket.name).writer("x.zip") as sink:
            sink.write(bytes(size))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()

    assert (bucket.held(), bucket.uploads()) == ({}, 0)


def test_the_same_bundle_on_s3_as_in_memory(bucket: Bucket) -> None:
    """The export does not notice where it writes."""
    world = World()
    for name in world.forum.names(5):
        world.forum.act(name)
    world.sequence()
    expected = world.export()
    fakes: MemoryBundles = world.bundles
    world.bundles = S3Bundles(bucket.client, bucket.name)  # type: ignore[assignment]
    world.exporter().build(world.order())

    assert list(bucket.held().values()) == [expected] == list(fakes.bundles.values())


def test_a_shelf_is_cleared_page_by_page() -> None:
    """All under its prefix, and nothing else."""
    memory = MemoryS3()
    bundles, shelf = (
        S3Bundles(memory.client(), "exports"),
        S3Shelf(memory.client(), "exports", "p/"),
    )
    for path in ("p/1", "p/2", "p/3", "q/4"):
        with bundles.writer(path) as sink:
            sink.write(b"x")

    assert shelf.clear() == 3
    assert list(memory.objects) == ["/exports/q/4"]
    assert shelf.clear() == 0
