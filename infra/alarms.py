"""Alarms on what would otherwise wait unseen: messages given up, and a log that is late."""

from __future__ import annotations

from typing import Any

QUEUES = ("Score", "Deliver", "Export", "Stream")
MERGE_DELAY_MS = 60_000
SILENT_MINUTES = 5


def alarms() -> dict[str, Any]:
    """One alarm a dead-letter queue, two on the log, one on the scorer: each wakes whoever listens.

    Any message in such a queue is one too many. The sequencer measures each minute how long the
    oldest entry has waited; more than receipts promise is late, and no measurement is silence.
    """
    return {
        **{f"{queue}DeadAlarm": _dead(queue) for queue in QUEUES},
        "LogLateAlarm": _log(
            "late",
            "An entry waited longer than receipts promise.",
            Statistic="Maximum",
            EvaluationPeriods=1,
            Threshold=MERGE_DELAY_MS,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        ),
        "UnscoredAlarm": _alarm(
            "unscored",
            "A post went to a human since the scorer could not read it.",
            Namespace="Hausrecht",
            MetricName="Unscored",
            Dimensions=[{"Name": "Origin", "Value": {"Ref": "LogOrigin"}}],
            Statistic="Sum",
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        ),
        "LogSilentAlarm": _log(
            "silent",
            "Nothing has sequenced the audit log for minutes.",
            Statistic="SampleCount",
            EvaluationPeriods=SILENT_MINUTES,
            Threshold=1,
            ComparisonOperator="LessThanThreshold",
            TreatMissingData="breaching",
        ),
    }


def _dead(queue: str) -> dict[str, Any]:
    name = queue.lower()
    return _alarm(
        f"{name}-dead",
        f"Something was given up and waits in the queue {name}-dead.",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[
            {"Name": "QueueName", "Value": {"Fn::GetAtt": [f"{queue}DeadQueue", "QueueName"]}}
        ],
        Statistic="Maximum",
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",
    )


def _log(name: str, words: str, **properties: Any) -> dict[str, Any]:
    """An alarm on the measurements of `functions/workers/sequence.py`."""
    return _alarm(
        f"log-{name}",
        words,
        Namespace="Hausrecht",
        MetricName="MergeDelay",
        Dimensions=[{"Name": "Origin", "Value": {"Ref": "LogOrigin"}}],
        **properties,
    )


def _alarm(name: str, words: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
            "AlarmDescription": words,
            "Period": 60,
            "AlarmActions": [{"Ref": "AlarmTopic"}],
            **properties,
        },
    }
