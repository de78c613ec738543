"""A time-stamp authority of one's own: openssl answers what is asked by RFC 3161, over HTTP.

Needs the program `openssl` (3.0 or later). Keys and certificates are made anew for each authority.
"""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
KEYS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa-pss": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
}
CONFIG = """\
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[tsa]
extendedKeyUsage = {purpose}
[stamps]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = {ess}
signer_digest = {digest}
"""


@dataclass
class Authority:
    """Answers queries with a key of one of `KEYS`, certified by another; `asked` counts them."""

    folder: Path
    kind: str = "p256"
    above: str = "p256"
    digest: str = "sha256"
    ess: str = "sha256"
    purpose: str = "critical, timeStamping"
    depth: int = 1
    asked: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        config = CONFIG.format(
            folder=self.folder, ess=self.ess, digest=self.digest, purpose=self.purpose
        )
        (self.folder / "openssl.cnf").write_text(config)
        (self.folder / "serial").write_text("01\n")
        self._certify("root", None, "ca")
        above = "root"
        for number in range(1, self.depth):
            self._certify(f"ca-{number}", above, "ca")
            above = f"ca-{number}"
        self._certify("tsa", above, "tsa")
        between = [(self.folder / f"ca-{number}.pem") for number in range(1, self.depth)]
        (self.folder / "chain.pem").write_text("".join(each.read_text() for each in between))

    @property
    def root(self) -> Path:
        """The certificate that whoever verifies is given."""
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """Return the answer to a query, both in DER."""
        self.asked += 1
        (self.folder / "query").write_bytes(query)
        chain = ["-chain", "chain.pem"] if self.depth > 1 else []
        self._openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "stamps",
                      "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key", *chain,
                      "-out", "reply")  # fmt: skip
        return (self.folder / "reply").read_bytes()

    def stamp(self, data: bytes) -> bytes:
        """Return a stamp over bytes, asked for by openssl itself."""
        (self.folder / "data").write_bytes(data)
        self._openssl("ts", "-query", "-data", "data", f"-{self.digest}", "-cert", "-out", "own")
        return self.answer((self.folder / "own").read_bytes())

    def takes(self, data: bytes, stamp: bytes) -> bool:
        """Say whether `openssl ts -verify` takes a stamp over bytes."""
        (self.folder / "data").write_bytes(data)
        (self.folder / "stamp").write_bytes(stamp)
        more = ["-untrusted", "chain.pem"] if self.depth > 1 else []
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-data", "data", "-in", "stamp", "-CAfile", "root.pem",
             *more], cwd=self.folder, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

    @contextmanager
    def served(self) -> Iterator[str]:
        """Answer at an address on this machine until the block ends."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == QUERY
                answer = authority.answer(query)
                self.send_response(200)
                self.send_header("Content-Type", REPLY)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_address[1]}/"
            server.shutdown()
            thread.join()

    def _certify(self, name: str, issuer: str | None, section: str) -> None:
        kind = self.kind if section == "tsa" else self.above
        self._openssl("genpkey", *KEYS[kind], "-out", f"{name}.key")
        subject = f"/C=DE/O=Testwesen/CN={name}.example"
        self._openssl("req", "-new", "-config", "openssl.cnf", "-key", f"{name}.key",
                      "-subj", subject, "-out", f"{name}.csr")  # fmt: skip
        by = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial"]
        by = by if issuer else ["-signkey", f"{name}.key"]
        self._openssl("x509", "-req", "-in", f"{name}.csr", *by, "-days", "3650",
                      "-extfile", "openssl.cnf", "-extensions", section,
                      "-out", f"{name}.pem")  # fmt: skip

    def _openssl(self, *arguments: str) -> None:
        done = subprocess.run(
            ["openssl", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr}")
