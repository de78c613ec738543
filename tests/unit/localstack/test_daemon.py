"""A server in the background: started once, found again, ended."""

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from localstack.daemon import Daemon, DaemonError, free_port, refuse_port_in_use

SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1"]
ENVIRONMENT = {"PATH": os.environ["PATH"]}


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A file server that answers on a free port, ended after the test."""
    port = free_port()
    made = Daemon(tmp_path, port, f"http://127.0.0.1:{port}/")
    yield made
    made.stop()


def start(daemon: Daemon) -> int:
    """Start it and give its process id."""
    daemon.start([*SERVER, str(daemon.port)], ENVIRONMENT)
    return int((daemon.home / "server.pid").read_text().split()[0])


def test_it_answers_once_started_and_is_gone_once_stopped(daemon: Daemon) -> None:
    """Start waits for the first answer, stop for the end."""
    pid = start(daemon)
    assert daemon.is_up()
    assert daemon.stop()
    assert not daemon.is_up()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_second_start_keeps_the_first(daemon: Daemon) -> None:
    """`make up` twice is one server."""
    assert start(daemon) == start(daemon)


def test_stopping_what_is_not_running_says_so(daemon: Daemon) -> None:
    """`make down` twice is no error."""
    assert not daemon.stop()


def test_a_port_in_use_is_named(daemon: Daemon) -> None:
    """Somebody else's server is never taken for ours."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", daemon.port))
        other.listen()
        with pytest.raises(DaemonError, match=f"port {daemon.port} is in use"):
            refuse_port_in_use(daemon.port)


def test_a_running_server_keeps_its_port(daemon: Daemon) -> None:
    """A start on another port points to the server that holds the state."""
    start(daemon)
    elsewhere = Daemon(daemon.home, free_port(), "http://127.0.0.1:9/")
    with pytest.raises(DaemonError, match=f"runs at port {daemon.port} already"):
        elsewhere.start(SERVER, ENVIRONMENT)


def test_a_server_that_ends_at_once_points_to_its_log(daemon: Daemon) -> None:
    """The reason is in the log, and the message says where that is."""
    with pytest.raises(DaemonError, match=r"ended at once; see .*server\.log"):
        daemon.start([sys.executable, "-c", "raise SystemExit('no')"], ENVIRONMENT)
    assert "no" in daemon.log_path.read_text()


def test_a_server_that_never_answers_is_ended(daemon: Daemon) -> None:
    """Nothing is left behind by a start that failed."""
    with pytest.raises(DaemonError, match="no answer within"):
        daemon.start([sys.executable, "-c", "import time; time.sleep(60)"], ENVIRONMENT, 0.5)
    assert not daemon.stop()


def test_another_process_of_the_same_id_is_left_alone(daemon: Daemon) -> None:
    """A process id is used again after a restart of the machine."""
    daemon.home.mkdir(exist_ok=True)
    (daemon.home / "server.pid").write_text(f"{os.getpid()} long-ago {daemon.port}")
    assert not daemon.stop()
    assert not daemon.is_up()
