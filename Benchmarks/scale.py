"""Ten thousand agents on one server: memory, time to connect, time to rotate all, nobody stranded."""

import argparse
import json
import sqlite3
import subprocess
import time

from served import PROGRAMS, Served


class Fleet:
    def __init__(self, server, token, roots):
        file = server.folder / "session"
        file.write_text(token)
        self.process = subprocess.Popen(
            [PROGRAMS / "fleet", server.url, file, *([roots] if roots else [])], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def ask(self, command):
        print(f"  {command} …", flush=True)
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the fleet ended at `{command}`")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def certificate(folder):
    """A self-signed certificate for 127.0.0.1."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True)
    return certificate, key


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def rotations(server):
    """Microseconds from issue to promotion of every rotation, as the server wrote them."""
    connection = sqlite3.connect(f"file:{server.data / 'claviger.sqlite'}?mode=ro", uri=True)
    rows = connection.execute("SELECT state, issued_at, promoted_at FROM rotation").fetchall()
    return [row[2] - row[1] for row in rows if row[0] == "promoted"], [row[0] for row in rows if row[0] != "promoted"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--tls", action="store_true")
    arguments = parser.parse_args()
    server = Served(CLAVIGER_LOG_LEVEL="warning")
    roots = None
    if arguments.tls:
        roots, key = certificate(server.folder)
        server.arguments = ("--tls-certificate", roots, "--tls-private-key", key)
    with server:
        print(f"scale: {arguments.agents} agents, {'TLS' if arguments.tls else 'clear text'}")
        fleet = Fleet(server, server.owner(), roots)
        print("  ", fleet.ask(f"enroll {arguments.agents}"))
        server.stop()
        server.start()
        for _ in range(50):
            server.request("GET", "/healthz")
        time.sleep(1)
        rss, anonymous = server.memory()
        cpu = server.cpu_seconds()
        print("  ", fleet.ask(f"connect {arguments.agents}"), f"server CPU {server.cpu_seconds() - cpu:.1f} s")
        time.sleep(3)
        rss_after, anonymous_after = server.memory()
        print(f"   memory: RSS {rss} → {rss_after} KiB, RssAnon {anonymous} → {anonymous_after} KiB: "
              f"{(rss_after - rss) / arguments.agents:.2f} KiB RSS an agent")
        cpu = server.cpu_seconds()
        print("  ", fleet.ask(f"rotate {arguments.agents} {arguments.rate}"),
              f"server CPU {server.cpu_seconds() - cpu:.1f} s")
        times, others = rotations(server)
        print(f"   issue to promotion in the server's database: {len(times)} promoted, p50 {quantile(times, .5) / 1000:.1f} ms, "
              f"p99 {quantile(times, .99) / 1000:.1f} ms, max {quantile(times, 1) / 1000:.1f} ms; not promoted: {len(others)}")
        print(f"   memory after: RSS {server.memory()[0]} KiB")
        fleet.close()
        if others or len(times) < arguments.agents:
            raise SystemExit("scale: agents were left without a promoted token")


if __name__ == "__main__":
    main()
