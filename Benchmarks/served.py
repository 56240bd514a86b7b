"""A release server for a measurement: started, set up, read from /proc, stopped."""

import http.client
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".build-release/release"
PASSWORD = "correct horse battery staple"


class Served:
    """A `claviger serve` of its own; use it in a `with`."""

    def __init__(self, *arguments, **environment):
        self.arguments, self.environment = arguments, environment
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="claviger-bench-"))
        self.data, self.process, self.url, self.ready_seconds = self.folder / "data", None, None, None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        listen = self.url.split("//")[1] if self.url else "127.0.0.1:0"
        runtime = self.data / "server.json"
        runtime.unlink(missing_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CLAVIGER_")}
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [PROGRAMS / "claviger", "serve", "--listen", listen, "--data-dir", self.data, *self.arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "ab"),
            env={**inherited, **self.environment})
        while True:
            if self.process.poll() is not None:
                raise SystemExit((self.folder / "log").read_text())
            try:
                self.url = json.loads(runtime.read_text())["url"]
                if self.request("GET", "/readyz")[0] == 200:
                    break
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(0.002)
        self.ready_seconds = time.monotonic() - begun

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=40)

    def request(self, method, path, body=None, token=None):
        scheme, address = self.url.split("://")
        if scheme == "https":
            import ssl
            context = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection(address, timeout=60, context=context)
        else:
            connection = http.client.HTTPConnection(address, timeout=60)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text.startswith(b"{") else text

    def owner(self):
        """Makes the first owner; answers a session token."""
        secret = (self.data / "setup-link").read_text().split("#")[1].split()[0]
        person = {"email": "owner@example.org", "password": PASSWORD}
        status, body = self.request("POST", "/api/v1/setup", {**person, "secret": secret, "name": "Owner"})
        assert status < 300, body
        status, body = self.request("POST", "/api/v1/auth/login", person)
        assert status < 300, body
        return body["session_token"]

    def memory(self, process=None):
        """(RSS, RssAnon) in KiB."""
        lines = pathlib.Path(f"/proc/{(process or self.process).pid}/status").read_text().splitlines()
        values = dict(line.split(":", 1) for line in lines)
        return int(values["VmRSS"].split()[0]), int(values["RssAnon"].split()[0])

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
