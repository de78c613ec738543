"""The plain Lambda handlers, one module a trigger; each translates an event and decides nothing.

A module has `handle(event, parts) -> dict`, which a test calls with fakes, and `handler(event,
context)`, which Lambda calls and which takes the parts from `functions.wiring`:

    unit_of_work() -> UnitOfWork           fold, score, deliver, clocks, sweep
    lists() -> Lists                       deliver, clocks, sweep
    work_list() -> WorkList                clocks, sweep
    score_queue() -> Queue                 dispatch, sweep    (stores.queues.SqsQueue)
    deliver_queue() -> Queue               dispatch, sweep
    export_queue() -> Queue                dispatch, sweep
    scorer() -> Scorer | None              score              (None: rules only)
    alarm() -> Alarm                       deliver, sequence, watch  (stores.alarm)
    mailer() -> Mailer                     deliver            (stores.mailer.SesMailer)
    audit_table().newest() -> str | None   clocks             (id of the newest entry)
    sequencer() -> Sequencer               sequence           (with anchors() and witnesses)
    now() -> datetime                      clocks, sweep, sequence  (aware UTC, milliseconds)

Every factory makes its part once a process.
"""
