"""A server of our own in the background: started, found again, stopped and waited for."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STOP_S = 15.0


class DaemonError(Exception):
    """The server cannot be started; one line says why."""


@dataclass(frozen=True, slots=True)
class Daemon:
    """One server with its folder, which holds its log and its process id."""

    home: Path
    port: int
    health_url: str

    @property
    def log_path(self) -> Path:
        """Where the server's own output goes."""
        return self.home / "server.log"

    def is_up(self) -> bool:
        """Whether the process we started is alive and answers."""
        return self._pid() is not None and answers(self.health_url)

    def start(self, command: list[str], environment: Mapping[str, str], wait_s: float = 60) -> None:
        """Start unless up; return once it answers. Raises `DaemonError`."""
        if self._pid() is not None and self._recorded()[2] != str(self.port):
            raise DaemonError(f"it runs at port {self._recorded()[2]} already; `make down` first")
        if self.is_up():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        refuse_port_in_use(self.port)
        with self.log_path.open("ab") as log:
            child = subprocess.Popen(
                command,
                env=dict(environment),
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pid_path.write_text(f"{child.pid} {_started_at(child.pid)} {self.port}")
        # From here on it is known by its id alone; it may outlive this process.
        child.returncode = 0
        deadline = time.monotonic() + wait_s
        while not answers(self.health_url):
            if not _alive(child.pid):
                raise DaemonError(f"it ended at once; see {self.log_path}")
            if time.monotonic() > deadline:
                self.stop()
                raise DaemonError(f"no answer within {wait_s:.0f} s; see {self.log_path}")
            time.sleep(0.1)

    def stop(self) -> bool:
        """End it by SIGTERM, wait, then by force; false where it was not running."""
        pid = self._pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        # What it started is in its session; nothing of it may stay behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        self._pid_path.unlink(missing_ok=True)
        return True

    @property
    def _pid_path(self) -> Path:
        return self.home / "server.pid"

    def _pid(self) -> int | None:
        match self._recorded():
            # A process id is used again after a restart of the machine.
            case [pid, started_at, _] if _started_at(int(pid)) == started_at:
                return int(pid) if _alive(int(pid)) else None
        return None

    def _recorded(self) -> list[str]:
        return self._pid_path.read_text().split() if self._pid_path.exists() else []


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def refuse_port_in_use(port: int) -> None:
    """Raise `DaemonError` where something listens on the port already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise DaemonError(f"port {port} is in use; choose another with PORT=…")


def free_port() -> int:
    """A port nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _started_at(pid: int) -> str:
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "".join(done.stdout.split()) or "-"
