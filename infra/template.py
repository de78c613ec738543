"""The SAM template's parts: what is merged into the one that Chalice writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from infra.alarms import alarms
from infra.gateway import gateway_responses

INFRA = Path(__file__).parent

_LOGS = {
    "Sid": "WriteLogs",
    "Effect": "Allow",
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": [
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}"
        ":log-group:/aws/lambda/${AWS::StackName}-%s:*"
    ],
}
_LAMBDA_ASSUMES = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}


class TemplateError(Exception):
    """The parts contradict each other; the message names the place."""


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """One mapping out of several; a value given twice is an error.

    Two parts may describe the same mapping (`Resources`), never the same leaf.
    """
    whole: dict[str, Any] = {}
    for part in parts:
        _merge(whole, part, "")
    return whole


def _merge(into: dict[str, Any], part: Mapping[str, Any], place: str) -> None:
    for name, value in part.items():
        here = f"{place}/{name}"
        if name not in into:
            into[name] = value
        elif isinstance(into[name], dict) and isinstance(value, Mapping):
            _merge(into[name], value, here)
        else:
            raise TemplateError(f"{here} is given twice")


def role(function: str, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """The role of one function: its own statements and its own log group.

    Strings may hold `${…}` as in `Fn::Sub`.
    """
    logs = {**_LOGS, "Resource": [line % function for line in _LOGS["Resource"]]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": {"Fn::Sub": f"${{AWS::StackName}}-{function}-${{AWS::Region}}"},
            "AssumeRolePolicyDocument": _LAMBDA_ASSUMES,
            "Policies": [
                {
                    "PolicyName": function,
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": _substituted([*statements, logs]),
                    },
                }
            ],
        },
    }


def _substituted(value: Any) -> Any:
    match value:
        case str() if "${" in value:
            return {"Fn::Sub": value}
        case list():
            return [_substituted(each) for each in value]
        case dict():
            return {name: _substituted(each) for name, each in value.items()}
        case _:
            return value


def _log_group(function: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{function}"},
            "RetentionInDays": {"Ref": "LogRetentionDays"},
        },
    }


def parts() -> dict[str, Any]:
    """Everything of `infra/resources` and one role and log group a policy file."""
    resources = [json.loads(path.read_text()) for path in sorted(INFRA.glob("resources/*.json"))]
    for path in sorted(INFRA.glob("policies/*.json")):
        function = path.stem
        title = function.capitalize()
        resources.append(
            {
                "Resources": {
                    f"{title}Role": role(function, json.loads(path.read_text())),
                    f"{title}Logs": _log_group(function),
                }
            }
        )
    api = {"RestAPI": {"Properties": {"GatewayResponses": gateway_responses()}}}
    return merged([*resources, {"Resources": alarms()}, {"Resources": api}])


def functions(template: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The properties of every function in a template, by logical name."""
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource.get("Type") == "AWS::Serverless::Function"
    }


def zip_functions(template: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The properties of the functions that run the zip; an image brings its own code."""
    return [each for each in functions(template).values() if each.get("PackageType") != "Image"]
