"""An engine as a place of the contract ring (`tests/support/places.py`).

Each test has an account of the engine's to itself for its tables, so that they bear the names they
have everywhere; buckets, queues and topics bear names of their own.
"""

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from localstack.engine import Engine
from moderation.ports import Alarm, Mailer, Queue
from moderation.stores.alarm import SnsAlarm
from moderation.stores.forum_table import connection_of, open_forum
from moderation.stores.mailer import SesMailer
from moderation.stores.queues import SqsQueue
from tests.support.lockstep import LockstepDynamo, client_of, session_of
from tests.support.memory_dynamo import MemoryDynamo
from tests.support.places import Bucket, Change, Outlet
from tests.support.stack import REGION, Randomness, Stack

TABLES = Path(__file__).parents[2] / "infra" / "resources" / "tables.json"
LISTENED_S = 5
EXPIRY_S = 70
"""DynamoDB deletes within days, MiniStack looks once a minute."""

EXPIRING = "999999999999"
EXPIRED = {"pk": {"S": "IDEM#1"}, "sk": {"S": "1"}}


@dataclass(slots=True)
class EnginePlace:
    """An engine that has been started."""

    engine: Engine
    name: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    made: ExitStack = field(default_factory=ExitStack)

    def close(self) -> None:
        """Delete what was made here: the engine may be somebody else's."""
        self.made.close()

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.engine.target.endpoint_url or ""

    @contextmanager
    def stack(self, *, watched: bool = True) -> Iterator[Stack]:
        """The engine's DynamoDB with the in-process one in lockstep."""
        with self._tables() as account:
            session, chance = session_of(account), Randomness(os.urandom(8))
            engine = LockstepDynamo()
            yield Stack.served_by(engine, self.url, session, chance, watched=watched)

    @contextmanager
    def bare_stack(self) -> Iterator[Stack]:
        """The engine's DynamoDB alone."""
        with self._tables() as account:
            forum = open_forum("forum", region=REGION, endpoint_url=self.url)
            connection_of(forum).session.set_credentials(account, "secret")
            assert connection_of(forum).client
            # An engine remembers request tokens, so that those of two tests must differ.
            yield Stack.on(forum, "audit", MemoryDynamo(), Randomness(os.urandom(8)))

    def stream(self, stack: Stack) -> Callable[[int], list[Change]]:
        """The engine's own stream, from its beginning."""
        account = connection_of(stack.forum).session.get_credentials().access_key
        described = self.client("dynamodb", account).describe_table(TableName="forum")
        arn, client = described["Table"]["LatestStreamArn"], self.client("dynamodbstreams", account)
        return lambda number: _read_stream(client, arn, number)

    def expire_something(self) -> None:
        """Have an item that has expired already, so that it is gone when somebody asks for it."""
        dynamodb = self.client("dynamodb", EXPIRING)
        dynamodb.create_table(TableName="forum", **definition("ForumTable"))
        self.made.callback(dynamodb.delete_table, TableName="forum")
        dynamodb.update_time_to_live(
            TableName="forum",
            TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True},
        )
        dynamodb.put_item(TableName="forum", Item=EXPIRED | {"expires_at": {"N": "1000000000"}})

    def expired(self) -> list[Change]:
        """What the stream says of the item that has expired."""
        dynamodb = self.client("dynamodb", EXPIRING)
        until = time.monotonic() + EXPIRY_S
        while time.monotonic() < until:
            if "Item" not in dynamodb.get_item(TableName="forum", Key=EXPIRED):
                break
            time.sleep(0.5)
        arn = dynamodb.describe_table(TableName="forum")["Table"]["LatestStreamArn"]
        return _read_stream(self.client("dynamodbstreams", EXPIRING), arn, 2)

    def bucket(self) -> Bucket:
        """A new bucket."""
        name, s3 = f"contract-{next(self.numbers)}-{os.urandom(4).hex()}", self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.made.callback(_delete_bucket, s3, name)

        def held() -> dict[str, bytes]:
            keys = [each["Key"] for each in s3.list_objects_v2(Bucket=name).get("Contents", [])]
            return {key: s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys}

        def uploads() -> int:
            return len(s3.list_multipart_uploads(Bucket=name).get("Uploads", []))

        return Bucket(s3, name, held, uploads)

    def key(self, spec: str) -> tuple[Any, str]:
        """A new key."""
        kms = self.client("kms")
        arn: str = kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]
        self.made.callback(kms.schedule_key_deletion, KeyId=arn, PendingWindowInDays=7)
        return kms, arn

    def queue(self) -> Outlet[Queue]:
        """A new queue, and one that is not there."""
        sqs, url = self.client("sqs"), self._queue_url()
        missing = SqsQueue(sqs, url.rpartition("/")[0] + "/missing")
        return Outlet(SqsQueue(sqs, url), missing, lambda: self._received(url))

    def mailer(self) -> Outlet[Mailer]:
        """A sender that is verified, and one that is not."""
        ses, sender = self.client("ses"), f"forum{next(self.numbers)}@example.com"
        ses.verify_email_identity(EmailAddress=sender)
        stranger = SesMailer(ses, "stranger@example.com")
        return Outlet(SesMailer(ses, sender), stranger, lambda: self._mails_from(sender))

    def alarm(self) -> Outlet[Alarm]:
        """A new topic with a queue that listens, and a topic that is not there."""
        sns, url = self.client("sns"), self._queue_url()
        topic = sns.create_topic(Name=f"contract-{os.urandom(4).hex()}")["TopicArn"]
        self.made.callback(sns.delete_topic, TopicArn=topic)
        described = self.client("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["QueueArn"]
        )
        arn = described["Attributes"]["QueueArn"]
        self._let_in(url, arn, topic)
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

        def taken() -> list[Any]:
            notes = [json.loads(body) for body in self._received(url)]
            return [(note["Subject"], note["Message"]) for note in notes]

        return Outlet(SnsAlarm(sns, topic), SnsAlarm(sns, topic + "-missing"), taken)

    def client(self, service: str, account: str = "000000000000") -> Any:
        """A client of the engine."""
        return client_of(service, self.url, account, REGION)

    @contextmanager
    def _tables(self) -> Iterator[str]:
        account = f"{next(self.numbers):012d}"
        dynamodb = self.client("dynamodb", account)
        for logical, name in (("ForumTable", "forum"), ("AuditTable", "audit")):
            dynamodb.create_table(TableName=name, **definition(logical))
        yield account
        for name in ("forum", "audit"):
            dynamodb.delete_table(TableName=name)

    def _queue_url(self) -> str:
        sqs = self.client("sqs")
        url: str = sqs.create_queue(QueueName=f"contract-{os.urandom(4).hex()}")["QueueUrl"]
        self.made.callback(sqs.delete_queue, QueueUrl=url)
        return url

    def _let_in(self, url: str, queue: str, topic: str) -> None:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def _received(self, url: str) -> list[str]:
        """Everything in a queue, and nothing more for a second."""
        sqs, bodies = self.client("sqs"), list[str]()
        until = time.monotonic() + LISTENED_S
        while time.monotonic() < until:
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            found = [message["Body"] for message in answer.get("Messages", [])]
            if not found:
                break
            bodies += found
        return bodies

    def _mails_from(self, sender: str) -> list[Any]:
        path = "/_ministack/ses/messages" if self.name == "ministack" else "/_aws/ses"
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310
            messages = json.load(answer)["messages"]
        # MiniStack keeps them by account and flat, LocalStack in the form of the request.
        listed = messages if isinstance(messages, list) else messages["000000000000"]
        return [_mail(each) for each in listed if each["Source"] == sender]


def _delete_bucket(s3: Any, name: str) -> None:
    for each in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)


def _read_stream(client: Any, arn: str, number: int) -> list[Change]:
    """Read every shard until there are so many records, or nothing has come for a while."""
    shards = client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    found: list[Change] = []
    for shard in shards:
        iterator = client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        until = time.monotonic() + LISTENED_S
        while iterator and len(found) < number and time.monotonic() < until:
            page = client.get_records(ShardIterator=iterator)
            found += page["Records"]
            iterator = page.get("NextShardIterator")
            time.sleep(0 if page["Records"] else 0.1)
    return found


def _mail(kept: dict[str, Any]) -> tuple[str, str, str]:
    if "BodyText" in kept:
        return kept["To"][0], kept["Subject"], kept["BodyText"]
    return kept["Destination"]["ToAddresses"][0], kept["Subject"], kept["Body"]["text_part"]


def definition(logical: str) -> dict[str, Any]:
    """A table as the template makes it, without what only a lasting one has."""
    properties = json.loads(TABLES.read_text(encoding="utf-8"))["Resources"][logical]["Properties"]
    kept = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    return {name: properties[name] for name in kept} | {"StreamSpecification": stream}
