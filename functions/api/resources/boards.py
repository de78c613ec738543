"""`/v1/boards`: boards, the threads in them, and the customers who wait there."""

from functions.api.answer_targets import target_of
from functions.api.endpoint import Call, Reply, Resource
from functions.api.etags import etag, revision_in
from functions.api.paging import paged
from functions.api.presenters.boards import board_view
from functions.api.presenters.posts import post_view, require_reader
from functions.api.presenters.threads import (
    answers_view,
    figures_view,
    row_view,
    started_view,
)
from moderation.community.answer_figures import answer_figures
from moderation.community.board import Board
from moderation.community.boards import CreateBoard, SetAnswerTarget
from moderation.community.posting import CreateThread
from moderation.community.thread import ThreadRow
from schemas.answers import AnswerFiguresView, BoardEdit, FiguresQuery
from schemas.boards import BoardPage, BoardView, NewBoard
from schemas.page import ListQuery
from schemas.strict import Nothing
from schemas.threads import NewThread, StartedThread, ThreadPage

boards = Resource("boards")


@boards.get("/v1/boards", takes=ListQuery, gives=BoardPage)
def list_boards(call: Call, query: ListQuery) -> Reply:
    """List the boards that the caller may read, by slug."""
    page = paged(call, query, call.parts.lists.boards)
    readable = [b for b in page.items if b.visibility == "public" or call.actor]
    return Reply(BoardPage(items=[board_view(b, call.actor) for b in readable], next=page.next))


@boards.post("/v1/boards", takes=NewBoard, gives=BoardView, problems=("slug-taken",))
def create_board(call: Call, body: NewBoard) -> Reply:
    """Open a board."""
    board = call.run(
        CreateBoard(
            actor=call.member,
            slug=body.slug,
            title=body.title,
            description=body.description,
            unit=body.unit,
            visibility=body.visibility,
            answer_target=target_of(body.answer_target),
        )
    )
    headers = {**call.location(f"/v1/boards/{board.slug}"), "ETag": etag(board.revision)}
    return Reply(board_view(board, call.actor), headers)


@boards.get("/v1/boards/{slug}", takes=Nothing, gives=BoardView)
def get_board(call: Call, _: Nothing) -> Reply:
    """Read one board."""
    board = _readable(call)
    return Reply(board_view(board, call.actor), {"ETag": etag(board.revision)})


@boards.patch("/v1/boards/{slug}", takes=BoardEdit, gives=BoardView)
def edit_board(call: Call, body: BoardEdit) -> Reply:
    """Say by when a board's customers are to be answered."""
    board = call.run(
        SetAnswerTarget(
            actor=call.member,
            slug=call.slug,
            target=target_of(body.answer_target),
            expected=revision_in(call.headers.get("if-match")),
        )
    )
    return Reply(board_view(board, call.actor), {"ETag": etag(board.revision)})


@boards.get("/v1/boards/{slug}/threads", takes=ListQuery, gives=ThreadPage)
def list_threads(call: Call, query: ListQuery) -> Reply:
    """List the open threads of a board, newest activity first."""
    page = paged(call, query, lambda limit, at: call.parts.lists.threads(call.slug, limit, at))
    if page.items:
        require_reader(page.items[0].visibility, call.actor)
    elif query.cursor is None:
        _readable(call)
    return Reply(ThreadPage(items=[row_view(row) for row in page.items], next=page.next))


@boards.get("/v1/boards/{slug}/waiting", takes=ListQuery, gives=ThreadPage)
def list_waiting(call: Call, query: ListQuery) -> Reply:
    """List the threads in which a customer waits for an answer, longest first."""
    page = paged(call, query, lambda limit, at: call.parts.lists.waiting(call.slug, limit, at))
    if not page.items and query.cursor is None:
        _readable(call)
    rows = call.parts.units.read(*(ThreadRow.at(state.thread_id) for state in page.items))
    items = [
        answers_view(rows.need(ThreadRow.at(state.thread_id)), state, call.actor)
        for state in page.items
    ]
    return Reply(ThreadPage(items=items, next=page.next))


@boards.get("/v1/boards/{slug}/answers", takes=FiguresQuery, gives=AnswerFiguresView)
def answer_times(call: Call, query: FiguresQuery) -> Reply:
    """Read how many customers wait, and how long answers took."""
    board = _readable(call)
    return Reply(
        figures_view(answer_figures(call.parts.lists, board, call.parts.now(), query.days))
    )


@boards.post(
    "/v1/boards/{slug}/threads",
    takes=NewThread,
    gives=StartedThread,
    problems=("suspended",),
    text=lambda new: new.body,
)
def create_thread(call: Call, body: NewThread) -> Reply:
    """Open a thread with its first post."""
    started = call.run(
        CreateThread(
            actor=call.member,
            board=call.slug,
            title=body.title,
            body=body.body,
            language=body.language,
            intake=call.intake,
            rules=call.parts.house,
        )
    )
    thread = started_view(started.thread, started.post)
    view = StartedThread(thread=thread, post=post_view(started.post, call.actor, call.parts))
    return Reply(view, call.location(f"/v1/threads/{thread.id}"))


def _readable(call: Call) -> Board:
    board = call.parts.units.read(Board.at(call.slug)).need(Board.at(call.slug))
    require_reader(board.visibility, call.actor)
    return board
