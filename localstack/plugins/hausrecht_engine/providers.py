"""DynamoDB and its streams by relay: every call goes to the engine at `RELAY_DYNAMODB_URL`.

LocalStack's own provider needs a download from outside of the package registry.
Fails closed: where the engine behind it does not answer, the call fails.
"""

# LocalStack's packages are in its own environment only, where no types are checked.
# mypy: ignore-errors

import os

from localstack.aws.api.dynamodb import DynamodbApi
from localstack.aws.api.dynamodbstreams import DynamodbstreamsApi
from localstack.aws.forwarder import AwsRequestProxy, ForwardingFallbackDispatcher
from localstack.services.plugins import Service, ServiceLifecycleHook, aws_provider


class _Dynamodb(DynamodbApi, ServiceLifecycleHook):
    """Answers nothing itself."""


class _Streams(DynamodbstreamsApi, ServiceLifecycleHook):
    """Answers nothing itself."""


def _relayed(provider):
    relay = AwsRequestProxy(os.environ["RELAY_DYNAMODB_URL"])
    return Service.for_provider(
        provider,
        dispatch_table_factory=lambda each: ForwardingFallbackDispatcher(each, relay),
    )


@aws_provider(api="dynamodb", name="relay")
def dynamodb():
    """The provider chosen by `PROVIDER_OVERRIDE_DYNAMODB=relay`."""
    return _relayed(_Dynamodb())


@aws_provider(api="dynamodbstreams", name="relay")
def dynamodbstreams():
    """The provider chosen by `PROVIDER_OVERRIDE_DYNAMODBSTREAMS=relay`."""
    return _relayed(_Streams())
