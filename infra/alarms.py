"""Alarms on what would otherwise wait unseen: messages that were given up."""

from __future__ import annotations

from typing import Any

QUEUES = ("Score", "Deliver", "Export", "Stream")


def alarms() -> dict[str, Any]:
    """One alarm a dead-letter queue: any message in it wakes whoever listens to the topic."""
    return {f"{queue}DeadAlarm": _alarm(queue) for queue in QUEUES}


def _alarm(queue: str) -> dict[str, Any]:
    name = queue.lower()
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": f"${{AWS::StackName}}-{name}-dead"},
            "AlarmDescription": f"Something was given up and waits in the queue {name}-dead.",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [
                {"Name": "QueueName", "Value": {"Fn::GetAtt": [f"{queue}DeadQueue", "QueueName"]}}
            ],
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
        },
    }
