"""The parts that are merged into the SAM template."""

import json
from pathlib import Path

import pytest
import yaml

from functions.workers import journal, sequence
from functions.workers.journal import NAMESPACE
from functions.workers.score import UNSCORED
from infra.template import INFRA, TemplateError, functions, merged, parts, role, zip_functions
from moderation.detection.scorers.reading import LIMIT_S
from tests.support.golden import check_golden

WORKERS = (
    *("fold", "dispatch", "sequence", "watch", "score", "deliver", "export", "clocks", "sweep"),
)


def test_parts_share_mappings() -> None:
    """Two parts may add to the same mapping."""
    assert {"Resources": {"A": 1, "B": 2}} == merged(
        [{"Resources": {"A": 1}}, {"Resources": {"B": 2}}]
    )


def test_a_leaf_given_twice_is_refused() -> None:
    """Which of two values counts is never left to the order of files."""
    with pytest.raises(TemplateError, match="/Resources/A is given twice"):
        merged([{"Resources": {"A": 1}}, {"Resources": {"A": 1}}])


def test_a_role_may_write_its_own_log_alone() -> None:
    """Every role gets its log group, and names in its statements become substitutions."""
    made = role("fold", [{"Action": ["x:Y"], "Resource": ["${ForumTable.Arn}"]}])
    statements = made["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert [{"Fn::Sub": "${ForumTable.Arn}"}] == statements[0]["Resource"]
    assert statements[1]["Resource"][0]["Fn::Sub"].endswith("/aws/lambda/${AWS::StackName}-fold:*")


def test_every_function_has_a_role_of_its_own() -> None:
    """No two functions share a role, and no policy is left over."""
    template = parts()
    roles = {
        properties["Role"]["Fn::GetAtt"][0]
        for properties in [
            *functions(template).values(),
            template["Resources"]["APIHandler"]["Properties"],
        ]
    }
    assert {f"{name.capitalize()}Role" for name in (*WORKERS, "api")} == roles
    assert {*WORKERS, "api"} == {path.stem for path in INFRA.glob("policies/*.json")}


@pytest.mark.parametrize("path", sorted(INFRA.glob("policies/*.json")), ids=lambda path: path.stem)
def test_no_statement_is_open_to_everything(path: Path) -> None:
    """Actions and resources are named; a star stands only behind a name of ours."""
    for statement in json.loads(path.read_text()):
        assert "Allow" == statement["Effect"]
        assert not [action for action in statement["Action"] if "*" in action]
        assert not [each for each in statement["Resource"] if not each.startswith(("${", "arn:"))]
        assert "*" not in statement["Resource"]


def test_nobody_may_change_an_entry() -> None:
    """On the audit table every role but the sequencer's puts, in transactions, and nothing else."""
    writes = {"dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:PutItem"}
    for path in INFRA.glob("policies/*.json"):
        if path.stem == "sequence":
            continue
        for statement in json.loads(path.read_text()):
            if "${AuditTable.Arn}" not in statement["Resource"]:
                continue
            if writes & set(statement["Action"]):
                assert {"dynamodb:PutItem"} == set(statement["Action"])
                assert {
                    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["S#*", "PENDING#*"]},
                    "ForAnyValue:StringEquals": {
                        "dynamodb:EnclosingOperation": "TransactWriteItems"
                    },
                } == statement["Condition"]


def test_each_queue_hides_a_message_for_six_timeouts() -> None:
    """A message is not handed out again while a slow function still works on it."""
    template = parts()
    default = template["Globals"]["Function"]["Timeout"]
    for name in ("Score", "Deliver", "Export"):
        timeout = template["Resources"][name]["Properties"].get("Timeout", default)
        queue = template["Resources"][f"{name}Queue"]["Properties"]
        assert 6 * timeout <= queue["VisibilityTimeout"]
        assert 5 <= queue["RedrivePolicy"]["maxReceiveCount"]


def test_every_event_source_reports_single_failures() -> None:
    """One bad record never sends a whole batch back, and never blocks a stream for good."""
    streams, queues = ("Fold", "Dispatch", "Sequence", "Watch"), ("Score", "Deliver", "Export")
    for name in (*streams, *queues, "ScoreImage"):
        for event in parts()["Resources"][name]["Properties"]["Events"].values():
            properties = event["Properties"]
            if event["Type"] == "Schedule":
                continue
            assert ["ReportBatchItemFailures"] == properties["FunctionResponseTypes"]
            if event["Type"] == "DynamoDB":
                assert properties["BisectBatchOnFunctionError"]
                assert 0 < properties["MaximumRetryAttempts"]
                assert "OnFailure" in properties["DestinationConfig"]


def test_the_image_scores_instead_of_the_zip() -> None:
    """Never both: one condition is the other's opposite; they share role, log and queue."""
    template = parts()
    resources, conditions = template["Resources"], template["Conditions"]
    zipped, image = resources["Score"], resources["ScoreImage"]
    assert conditions[image["Condition"]] == {"Fn::Not": [conditions[zipped["Condition"]]]}
    assert "Image" == image["Properties"]["PackageType"]
    assert zipped["Properties"]["Role"] == image["Properties"]["Role"]
    assert zipped["Properties"]["FunctionName"] != image["Properties"]["FunctionName"]
    queues = [
        each["Properties"]["Events"]["Messages"]["Properties"]["Queue"] for each in (zipped, image)
    ]
    assert queues[0] == queues[1]
    assert image["Properties"] not in zip_functions(template)
    assert zipped["Properties"] in zip_functions(template)


def test_an_image_is_told_no_runtime() -> None:
    """CloudFormation refuses a function from an image that is; so it is no global setting."""
    assert not {"Runtime", "Handler"} & set(parts()["Globals"]["Function"])


def test_a_batch_of_the_image_ends_in_time() -> None:
    """Two texts at the limit of each, and half a minute to load the model."""
    template = parts()
    parameters, image = template["Parameters"], template["Resources"]["ScoreImage"]["Properties"]
    batch = image["Events"]["Messages"]["Properties"]["BatchSize"]
    timeout = parameters["ScorerTimeoutSeconds"]
    assert batch * LIMIT_S + 30 <= timeout["MinValue"] <= timeout["Default"]
    visible = template["Resources"]["ScoreQueue"]["Properties"]["VisibilityTimeout"]
    assert 6 * timeout["MaxValue"] <= visible


def test_a_post_that_nobody_could_score_wakes_somebody() -> None:
    """By the metric that the worker writes, under the name it writes."""
    alarm = parts()["Resources"]["UnscoredAlarm"]["Properties"]
    assert (NAMESPACE, UNSCORED) == (alarm["Namespace"], alarm["MetricName"])
    assert [{"Ref": "AlarmTopic"}] == alarm["AlarmActions"]


def test_every_dead_letter_queue_wakes_somebody() -> None:
    """What was given up is never found by chance."""
    resources = parts()["Resources"]
    queues = {name for name in resources if name.endswith("DeadQueue")}
    watched = {
        each["Properties"]["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for each in resources.values()
        if each.get("Type") == "AWS::CloudWatch::Alarm" and "AWS/SQS" in each["Properties"].values()
    }
    assert queues == watched


def test_a_late_and_a_silent_log_wake_somebody() -> None:
    """By the measurement that the sequencer writes, under the names it writes."""
    alarms = [each["Properties"] for name, each in parts()["Resources"].items() if name[:3] == "Log"
              and each["Type"] == "AWS::CloudWatch::Alarm"]  # fmt: skip

    assert {(journal.NAMESPACE, sequence.DELAY)} == {
        (alarm["Namespace"], alarm["MetricName"]) for alarm in alarms
    }
    assert {(sequence.MERGE_DELAY_MS, "notBreaching"), (1, "breaching")} == {
        (alarm["Threshold"], alarm["TreatMissingData"]) for alarm in alarms
    }
    assert [{"Ref": "AlarmTopic"}] == alarms[0]["AlarmActions"] == alarms[1]["AlarmActions"]


def test_the_template_is_as_it_was_agreed(request: pytest.FixtureRequest) -> None:
    """Whoever changes what is deployed shows it: resources, rights, limits, line by line."""
    plain = json.loads(json.dumps(parts()))
    made = yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)
    check_golden(request, Path(__file__).with_name("template.golden.yaml"), made)
