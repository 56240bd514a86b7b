"""Several nodes on one PostgreSQL, below Scripts/with-postgres: how soon a revocation is honoured elsewhere, operations
a second on both engines, and a fleet that loses a node.

    nodes.py revoke | rates | failover
"""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

from scale import Fleet, quantile
from served import ROOT, Served

sys.path.append(str(ROOT / "Tests/SystemTests/Python"))
import agent  # noqa: E402  (an agent written from docs/agent-protocol.md)

POSTGRES = os.environ["CLAVIGER_TEST_POSTGRES"]


def psql(statement, database="postgres"):
    url = POSTGRES.rsplit("/", 1)[0] + "/" + database
    return subprocess.run(["psql", "-XAtqc", statement, url], check=True, capture_output=True, text=True).stdout.strip()


class Database:
    """An empty database; use it in a `with`."""

    def __enter__(self):
        self.name = "bench_" + secrets.token_hex(6)
        psql(f"CREATE DATABASE {self.name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
        self.url = POSTGRES.rsplit("/", 1)[0] + "/" + self.name
        return self

    def __exit__(self, *_):
        psql(f"DROP DATABASE {self.name} WITH (FORCE)")


def nodes(count, database):
    """Servers that share the database and the first one's master key."""
    first = Served(CLAVIGER_DATABASE_URL=database.url, CLAVIGER_LOG_LEVEL="warning")
    first.start()
    all_nodes = [first]
    for _ in range(count - 1):
        node = Served(CLAVIGER_DATABASE_URL=database.url, CLAVIGER_LOG_LEVEL="warning")
        node.data.mkdir(mode=0o700)
        shutil.copy(first.data / "master.key", node.data)
        node.start()
        all_nodes.append(node)
    return all_nodes


def knock(node, token):
    """The status of an upgrade with a token."""
    address = node.url.split("//")[1]
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall((
            f"GET /api/v1/agent/channel HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Protocol: claviger.agent.v1\r\nAuthorization: Bearer {token}\r\n\r\n").encode())
        return int(wire.recv(4096).split(b" ")[1])


class Writers:
    """Changes agents at a steady rate through all nodes, until the end of the `with`."""

    def __init__(self, servers, token, rate, threads=6):
        self.servers, self.token, self.rate, self.threads = servers, token, rate, threads
        self.done, self.over = 0, threading.Event()

    def __enter__(self):
        self.begun = time.monotonic()
        self.running = [threading.Thread(target=self.write, args=(number,)) for number in range(self.threads)]
        for thread in self.running:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.running:
            thread.join()
        self.seconds = time.monotonic() - self.begun

    def write(self, number):
        server = self.servers[number % len(self.servers)]
        name = f"writer-{number}-{secrets.token_hex(4)}"
        status, made = server.request("POST", "/api/v1/agents", {"name": name, "slug": name}, self.token)
        assert status == 201, made
        path, count, begun = "/api/v1/agents/" + made["agent"]["id"], 0, time.monotonic()
        while not self.over.is_set():
            count += 1
            pause = begun + count * self.threads / self.rate - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            status, _ = server.request("PATCH", path, {"description": f"change {count}"}, self.token)
            assert status == 200, status
            self.done += 1


def enrol(server, token, folder):
    """A new agent with the state of agent.py; answers its id and that state."""
    name = "bench-" + secrets.token_hex(6)
    status, made = server.request("POST", "/api/v1/agents", {"name": name, "slug": name}, token)
    assert status == 201, made
    state = agent.State(str(folder / (name + ".json")))
    raw = agent.Ed25519PrivateKey.generate().private_bytes(
        agent.Encoding.Raw, agent.PrivateFormat.Raw, agent.NoEncryption())
    state.values = {"private_key": agent.encode(raw)}
    public = agent.encode(state.key().public_key().public_bytes(agent.Encoding.Raw, agent.PublicFormat.Raw))
    status, body = server.request(
        "POST", "/api/v1/agents/enroll",
        {"enrolment_id": agent.encode(secrets.token_bytes(32)), "public_key": public}, made["install_token"])
    assert status in (200, 201), body
    state.values.update(credential_id=body["credential_id"], current=body["agent_token"])
    return made["agent"]["id"], state


async def closed(node, state, ready):
    """Holds a channel until the server closes it; answers when that was."""
    token = state.values["current"]
    try:
        async with agent.websockets.connect(
                node.url.replace("http", "ws", 1) + "/api/v1/agent/channel", subprotocols=["claviger.agent.v1"],
                additional_headers={"Authorization": f"Bearer {token}"}, proxy=None) as wire:
            channel = agent.Channel(wire, state, "well")
            await channel.prove(token)
            assert "result" in await channel.receive()
            ready.set()
            while True:
                await wire.recv()
    except agent.websockets.exceptions.ConnectionClosed as end:
        assert end.rcvd and end.rcvd.code == 4001, end
        return time.monotonic()


async def one_revocation(servers, token):
    """Revokes an agent of node B through node A; milliseconds until B has closed its channel, and B and C refuse it."""
    a, b, c = servers
    agent_id, state = await asyncio.to_thread(enrol, a, token, a.folder)
    ready = asyncio.Event()
    channel = asyncio.create_task(closed(b, state, ready))
    await asyncio.wait_for(ready.wait(), 10)
    status, _ = await asyncio.to_thread(a.request, "POST", f"/api/v1/agents/{agent_id}/tokens/revoke", {}, token)
    assert status == 200
    answered = time.monotonic()

    def refused(node):
        while knock(node, state.values["current"]) == 101:
            pass
        return time.monotonic()

    ends = await asyncio.gather(*(asyncio.to_thread(refused, node) for node in (b, c)), channel)
    return [max(0, end - answered) * 1000 for end in ends]


def revoke(rounds=300, rate=300):
    with Database() as database:
        servers = nodes(3, database)
        token = servers[0].owner()
        with Writers(servers, token, rate) as writers:
            times = [asyncio.run(one_revocation(servers, token)) for _ in range(rounds)]
        print(f"revoke on A, {rounds} times beside {writers.done / writers.seconds:.0f} writes/s through all nodes; "
              "milliseconds after the answer:")
        for name, column in zip(("refused by B", "refused by C", "channel closed by B"), zip(*times)):
            print(f"   {name}: p50 {quantile(column, .5):.1f}, p99 {quantile(column, .99):.1f}, max {max(column):.1f}")
        for node in servers:
            node.__exit__()


def rates(count=1000):
    for engine in ("SQLite", "PostgreSQL"):
        with Database() as database:
            servers = nodes(1, database) if engine == "PostgreSQL" else [Served(CLAVIGER_LOG_LEVEL="warning")]
            server = servers[0]
            if engine == "SQLite":
                server.start()
            token = server.owner()
            server.request("PATCH", "/api/v1/settings", {"rotation_rate_per_second": 1000}, token)
            fleet = Fleet(server, token, None)
            counted = Counted(database if engine == "PostgreSQL" else None)
            made = fleet.ask(f"enroll {count}")
            print(f"{engine}: created and enrolled {count / made['seconds']:.0f}/s{counted.per(count)}")
            counted = Counted(database if engine == "PostgreSQL" else None)
            connected = fleet.ask(f"connect {count}")
            print(f"{engine}: connected {count / connected['seconds']:.0f}/s{counted.per(count)}")
            counted = Counted(database if engine == "PostgreSQL" else None)
            rotated = fleet.ask(f"rotate {count} 2000")
            assert rotated["promoted"] == count, rotated
            print(f"{engine}: rotated {count / rotated['seconds']:.0f}/s{counted.per(count)}")
            fleet.close()
            server.__exit__()


class Counted:
    """Statements and transactions of a database between two looks, less what a node does by itself."""

    def __init__(self, database):
        self.database = database
        if database:
            psql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", database.name)
            before = self.look()
            time.sleep(2)
            self.idle = [(now - then) / 2 for now, then in zip(self.look(), before)]
            self.begun, self.before = time.monotonic(), self.look()

    def look(self):
        row = psql(f"""SELECT SUM(calls), SUM(calls) FILTER (WHERE query = 'COMMIT') FROM pg_stat_statements s
            JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '{self.database.name}'""", self.database.name)
        return [int(value or 0) for value in row.split("|")]

    def per(self, count):
        if not self.database:
            return ""
        seconds = time.monotonic() - self.begun
        statements, transactions = (
            (now - then - rest * seconds) / count for now, then, rest in zip(self.look(), self.before, self.idle))
        return f" ({statements:.1f} statements, {transactions:.1f} transactions each)"


class Several:
    """Several servers as one target of the fleet."""

    def __init__(self, servers):
        self.url, self.folder = ",".join(server.url for server in servers), servers[0].folder


def failover(count=3000):
    with Database() as database:
        servers = nodes(3, database)
        token = servers[0].owner()
        fleet = Fleet(Several(servers), token, None)
        print("  ", fleet.ask(f"enroll {count}"))
        print("  ", fleet.ask(f"connect {count}"))
        servers[1].process.send_signal(signal.SIGKILL)
        servers[1].process.wait()
        answer = fleet.ask("return 60")
        print(f"3 nodes, {count} agents, one node killed: {answer['lost']} lost their channel, {answer['connected']} of "
              f"{count} connected after {answer['seconds']:.1f} s")
        time.sleep(12)
        status, listed = servers[0].request("GET", "/api/v1/agents?connection=disconnected&limit=200", None, token)
        print(f"   shown as disconnected afterwards: {len(listed['data']) if status == 200 else listed}")
        fleet.close()
        servers[0].__exit__()
        servers[2].__exit__()
        if answer["connected"] < count:
            raise SystemExit("failover: agents were left without a channel")


if __name__ == "__main__":
    {"revoke": revoke, "rates": rates, "failover": failover}[sys.argv[1]](*map(int, sys.argv[2:]))
