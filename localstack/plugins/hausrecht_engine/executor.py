"""Functions as child processes: AWS's runtime client in an interpreter of its own.

Chosen by `LAMBDA_RUNTIME_EXECUTOR=process`. A process sees its unzipped code and
the packages of `LAMBDA_PYTHON`'s environment, and nothing of LocalStack's.
Not done: layers, memory and CPU limits, a read-only file system, isolation
from other processes of the same user.
"""

# LocalStack's packages are in its own environment only, where no types are checked.
# mypy: ignore-errors

import os
import subprocess
import tempfile
import threading
import time
from concurrent.futures import TimeoutError as OutOfTime
from pathlib import Path

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from hausrecht_engine.runtime_api import InitError, Invocation, RuntimeApi, deadline_ms, error
from localstack import config

_KEPT = ("PATH", "HOME", "TMPDIR")
_END_S = 2


class ProcessExecutor(RuntimeExecutor):
    """One execution environment: one process at a time, started anew after it died."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:
        super().__init__(id, function_version)
        self._api = RuntimeApi()
        number, name = tempfile.mkstemp(prefix=f"lambda-{id[:8]}-", suffix=".log")
        os.close(number)
        self._log = Path(name)
        self._environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, env_vars: dict[str, str]) -> None:
        """Start the process; returns when it asks for work."""
        code = str(self.function_version.config.code.get_unzipped_code_location())
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._environment = (
            kept
            | {name: str(value) for name, value in env_vars.items()}
            | {
                "AWS_LAMBDA_RUNTIME_API": self._api.address,
                "LAMBDA_TASK_ROOT": code,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        )
        self._start_process()

    def stop(self) -> None:
        """End the process and the server that it talks to."""
        self._end_process()
        self._api.close()
        self._log.unlink(missing_ok=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one event; a time-out or a crash ends the process, the next event has a new one."""
        if self._process is None or self._process.poll() is not None:
            try:
                self._start_process()
            except StatusErrorException as failed:
                return InvocationResult(payload["invoke-id"], failed.payload, True, "")
        timeout_s = self.function_version.config.timeout
        invocation = Invocation(
            payload["invoke-id"],
            payload["invoked-function-arn"],
            payload["trace-id"],
            payload["payload"],
            deadline_ms(timeout_s),
        )
        start, began_at = self._log.stat().st_size, time.monotonic()
        threading.Thread(target=self._watch, args=(self._process, invocation), daemon=True).start()
        self._api.submit(invocation)
        try:
            body, is_error = invocation.outcome.result(timeout_s)
        except OutOfTime:
            message = f"RequestId: {invocation.request_id} Error: Task timed out after "
            body, is_error = error("Sandbox.Timedout", f"{message}{timeout_s}.00 seconds"), True
            invocation.settle(body, is_error=True)
            self._end_process()
        log = self._report(invocation.request_id, start, began_at)
        return InvocationResult(invocation.request_id, body, is_error, log)

    def get_logs(self) -> str:
        """Everything that this environment's processes have printed."""
        return self._logged(0)

    def get_address(self) -> str:
        """Where its processes run."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Where its processes reach LocalStack."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """Not used: the processes speak AWS's runtime API, not LocalStack's own."""
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the code."""
        if function_version.config.code:
            function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Nothing is left beside the unpacked code, which LocalStack removes."""

    def _start_process(self) -> None:
        self._api.expect_process()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [os.environ["LAMBDA_PYTHON"], "-m", "awslambdaric", self._environment["_HANDLER"]],
                cwd=self._environment["LAMBDA_TASK_ROOT"],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        threading.Thread(target=self._watch_start, args=(self._process,), daemon=True).start()
        try:
            self._api.ready.result()
        except InitError as failed:
            self._end_process()
            raise StatusErrorException("the function cannot start", failed.payload) from failed

    def _watch_start(self, process: subprocess.Popen[bytes]) -> None:
        ready = self._api.ready
        process.wait()
        if not ready.done():
            message = f"Runtime exited with error: exit status {process.returncode}"
            ready.set_exception(InitError(error("Runtime.ExitError", message)))

    def _watch(self, process: subprocess.Popen[bytes], invocation: Invocation) -> None:
        while not invocation.outcome.done():
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            message = f"RequestId: {invocation.request_id} Error: Runtime exited with error: "
            message += f"exit status {process.returncode}"
            invocation.settle(error("Runtime.ExitError", message), is_error=True)

    def _end_process(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _report(self, request_id: str, start: int, began_at: float) -> str:
        printed = self._logged(start)
        if printed and not printed.endswith("\n"):
            printed += "\n"
        took_ms = (time.monotonic() - began_at) * 1000
        return (
            f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}\n"
            f"{printed}"
            f"END RequestId: {request_id}\n"
            f"REPORT RequestId: {request_id}\tDuration: {took_ms:.2f} ms"
        )

    def _logged(self, start: int) -> str:
        with self._log.open("rb") as log:
            log.seek(start)
            return log.read().decode(errors="replace")


class ProcessExecutorPlugin(RuntimeExecutorPlugin):
    """What LocalStack loads for `LAMBDA_RUNTIME_EXECUTOR=process`."""

    name = "process"

    def load(self, *_: object, **__: object) -> type[ProcessExecutor]:
        """The executor itself."""
        return ProcessExecutor
