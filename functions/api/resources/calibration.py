"""`/v1/boards/{slug}/calibration`: a board's thresholds, fitted to what was decided on it."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.presenters.calibration import calibration_view
from moderation.community.board import Board
from moderation.community.calibrating import CASES_MOST, CalibrateBoard, Suggestion, suggested
from moderation.detection.facts import Strictness
from moderation.rulesets.decided import decided_cases
from schemas.calibration import CalibrationView, NewCalibration
from schemas.strict import Nothing

calibration = Resource("calibration")


@calibration.get("/v1/boards/{slug}/calibration", takes=Nothing, gives=CalibrationView)
def get_calibration(call: Call, _: Nothing) -> Reply:
    """Read a board's detection policy, and what decided cases suggest."""
    board = call.parts.units.read(Board.at(call.slug)).need(Board.at(call.slug))
    return Reply(calibration_view(board, _suggestion(call)))


@calibration.post(
    "/v1/boards/{slug}/calibration", takes=NewCalibration, gives=CalibrationView, status=200
)
def calibrate_board(call: Call, body: NewCalibration) -> Reply:
    """Set a board's thresholds from decided cases, or take them back; in force within a minute."""
    suggestion = _suggestion(call)
    board = call.run(
        CalibrateBoard(
            actor=call.member,
            slug=call.slug,
            reason=body.reason,
            thresholds=suggestion.thresholds if body.from_cases else (),
            cases=suggestion.cases if body.from_cases else 0,
            strictness=None if body.strictness is None else Strictness(body.strictness),
        )
    )
    return Reply(calibration_view(board, suggestion))


def _suggestion(call: Call) -> Suggestion:
    return suggested(decided_cases(call.parts.lists, CASES_MOST), call.slug)
