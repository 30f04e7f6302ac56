"""The proxy of the documentation before a real server: ``with proxied(server) as proxy: …``.

The configuration is the one of ``shuangta/docs/operations.md``; only the port, the certificate and the server behind it
are the test's own. nginx is one of this machine, on a free port of 127.0.0.1, and is stopped whatever happens.
"""

import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.browser.chromium import is_required
from tests.servers import ANSWERS_WITHIN, READY_WITHIN, ROOT, Answer, Server, free_port, stop

HOST = "registry.example"
PRODUCTION = {
    "SHUANGTA_SECRET_KEY": "only for the tests, and long enough to be taken for a key of a site",
    "SHUANGTA_ALLOWED_HOSTS": f"{HOST},127.0.0.1",
}
FRAME = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {documented}
}}
"""
CERTIFICATE = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=registry.example "
    "-addext subjectAltName=DNS:registry.example,IP:127.0.0.1"
)


@dataclass(frozen=True)
class Proxy:
    """An nginx before a server."""

    port: int
    context: ssl.SSLContext

    def connect(self, address="127.0.0.1") -> ssl.SSLSocket:
        """A connection from an address of this machine, to be written to at will; it takes little unread."""
        plain = socket.socket()
        try:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            plain.settimeout(ANSWERS_WITHIN)
            plain.bind((address, 0))
            plain.connect(("127.0.0.1", self.port))
            return self.context.wrap_socket(plain, server_hostname=HOST)
        except OSError:
            plain.close()
            raise

    def ask(self, method, path, body="", headers=(), address="127.0.0.1") -> Answer:
        """Ask from an address of this machine; a header may be sent several times."""
        sent = [("Host", HOST), ("Content-Length", str(len(body))), ("Accept-Language", "en")]
        lines = [f"{name}: {value}" for name, value in (*sent, *headers)]
        request = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", body])
        with self.connect(address) as connection:
            connection.sendall(request.encode())
            response = HTTPResponse(connection, method=method)
            response.begin()
            return Answer(response.status, response.headers, response.read())


def find(program: str) -> str:
    """Its path. Without it the test is skipped, or fails where all programs are required."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if found:
        return found
    reason = f"No {program} is installed."
    if is_required():
        pytest.fail(reason)
    pytest.skip(reason)


def documented(server: Server, port: int, folder: Path) -> str:
    """The documented configuration, at this port before this server."""
    text = (ROOT / "shuangta/docs/operations.md").read_text()
    (configuration,) = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    for stated, own in (
        ("443 ssl", f"127.0.0.1:{port} ssl"),
        ("/etc/ssl/registry.example", str(folder / HOST)),
        ("http://127.0.0.1:8000", server.address),
    ):
        assert stated in configuration
        configuration = configuration.replace(stated, own)
    return configuration


@contextmanager
def proxied(server: Server) -> Iterator[Proxy]:
    """The proxy before the server, ready to answer."""
    nginx, openssl = find("nginx"), find("openssl")
    with tempfile.TemporaryDirectory(prefix="shuangta-nginx-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)  # Started by root, it works as nobody.
        files = ["-keyout", f"{folder}/{HOST}.key", "-out", f"{folder}/{HOST}.pem"]
        subprocess.run([openssl, *CERTIFICATE.split(), *files], check=True, capture_output=True)
        configuration = folder / "nginx.conf"
        configuration.write_text(
            FRAME.format(folder=folder, documented=documented(server, port, folder))
        )
        process = subprocess.Popen(
            [nginx, "-p", folder, "-c", configuration, "-e", folder / "error.log"],
            start_new_session=True,
        )
        try:
            proxy = Proxy(port, ssl.create_default_context(cafile=folder / f"{HOST}.pem"))
            if not is_ready(proxy, process):
                raise RuntimeError(f"nginx does not answer:\n{(folder / 'error.log').read_text()}")
            yield proxy
        finally:
            stop(process)


def is_ready(proxy: Proxy, process: subprocess.Popen) -> bool:
    given_up = time.monotonic() + READY_WITHIN
    while process.poll() is None and time.monotonic() < given_up:
        try:
            return proxy.ask("GET", "/readyz").status == 200
        except ConnectionError:
            time.sleep(0.1)
    return False
