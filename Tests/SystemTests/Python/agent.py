"""An agent written from docs/agent-protocol.md alone, with nothing of Claviger's own code.

    agent.py enroll --url URL --state FILE          install token on standard input
    agent.py run    --state FILE [--behave HOW] [--slot SLOT]     keeps one channel until it is closed
    agent.py probe  --state FILE --slot SLOT        one attempt to open a channel with a token it holds

Tells what happens as JSON lines on standard output, never a secret. HOW makes `run` misbehave for a test:
`refuse` answers a rotation with an error, `mute` never answers, `unproven` answers but never authenticates.
"""

import argparse
import asyncio
import base64
import datetime
import hashlib
import json
import os
import platform
import secrets
import sys

import httpx
import websockets
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

CONTEXT = b"claviger-channel-v1"


def tell(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class State:
    """What must survive a crash: written beside, made durable, then renamed."""

    def __init__(self, path):
        self.path, self.values = path, {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.values = json.load(file)

    def save(self, **changes):
        self.values.update(changes)
        descriptor = os.open(self.path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self.values, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(self.path + ".new", self.path)
        folder = os.open(os.path.dirname(os.path.abspath(self.path)), os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def key(self):
        return Ed25519PrivateKey.from_private_bytes(decode(self.values["private_key"]))


def statement():
    return {"version": "0.0.1-python", "hostname": "python-host", "os": "linux", "arch": platform.machine()}


def enroll(arguments):
    state = State(arguments.state)
    if "private_key" not in state.values:
        raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        state.save(url=arguments.url, private_key=encode(raw), enrolment_id=encode(secrets.token_bytes(32)))
    install_token = sys.stdin.readline().strip()
    answer = httpx.post(
        state.values["url"] + "/api/v1/agents/enroll",
        headers={"Authorization": f"Bearer {install_token}"},
        json={
            "enrolment_id": state.values["enrolment_id"],
            "public_key": encode(state.key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
            **statement(),
        },
        timeout=20,
    )
    body = answer.json()
    if answer.status_code not in (200, 201):
        tell("refused", status=answer.status_code, code=body.get("code"))
        return 1
    state.save(agent_id=body["agent_id"], credential_id=body["credential_id"], current=body["agent_token"])
    tell("enrolled", agent_id=body["agent_id"], expires=body.get("token_expires_at"))
    return 0


class Channel:
    def __init__(self, socket, state, behave):
        self.socket, self.state, self.behave = socket, state, behave
        self.asked, self.number, self.rotation = {}, 0, None

    async def send(self, **frame):
        await self.socket.send(json.dumps({"jsonrpc": "2.0", **frame}))

    async def ask(self, method, params):
        self.number += 1
        self.asked[str(self.number)] = method
        await self.send(id=str(self.number), method=method, params=params)

    async def receive(self):
        return json.loads(await self.socket.recv())

    async def prove(self, token):
        """The server's first frame is a challenge; the signature binds key, credential, token and nonce."""
        self.opened_with = token
        challenge = await self.receive()
        assert challenge["method"] == "agent.challenge" and "id" not in challenge, challenge
        signed = (CONTEXT + decode(challenge["params"]["nonce"]) + self.state.values["credential_id"].encode()
                  + hashlib.sha256(token.encode()).digest())
        await self.ask("agent.hello", {"signature": encode(self.state.key().sign(signed)), **statement(),
                                       "key_revision": 0, "capabilities": ["agent.mode"]})

    async def serve(self):
        while True:
            frame = await self.receive()
            if "method" in frame:
                await self.obey(frame)
            else:
                await self.understand(frame)

    async def obey(self, frame):
        if frame["method"] == "agent.rotate_token":
            await self.rotate(frame)
        elif "id" in frame:
            await self.send(id=frame["id"], error={"code": -32601, "message": "unknown method"})
        else:
            tell("notified", method=frame["method"], params=frame.get("params"))

    async def rotate(self, frame):
        params = frame["params"]
        tell("rotating", rotation_id=params["rotation_id"], attempt=params["attempt"],
             grace=params["grace_period_seconds"])
        if self.behave == "mute":
            return
        if self.behave == "refuse":
            await self.send(id=frame["id"], result={"status": "error", "error": "the disk is full"})
            return
        self.state.save(pending=params["new_token"])
        self.rotation = {"rotation_id": params["rotation_id"], "attempt": params["attempt"]}
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        await self.send(id=frame["id"], result={"status": "ok", "rotated_at": now})
        if self.behave != "unproven":
            await self.ask("agent.authenticate", {"token": params["new_token"]})

    async def understand(self, frame):
        method = self.asked.pop(frame["id"], None)
        if "error" in frame:
            tell("error", method=method, error=frame["error"])
        elif method == "agent.hello":
            if self.opened_with == self.state.values.get("pending"):
                self.state.save(current=self.opened_with, superseded=self.state.values["current"], pending=None)
            tell("connected", mode=frame["result"]["mode"], generation=frame["result"].get("generation"),
                 capabilities=frame["result"].get("capabilities", []))
        elif method == "agent.authenticate":
            values = self.state.values
            self.state.save(current=values["pending"], superseded=values["current"], pending=None)
            await self.send(method="agent.rotation_complete", params=self.rotation)
            tell("promoted", generation=frame["result"]["generation"])


async def connect(state, token, behave, once):
    address = state.values["url"].replace("http", "ws", 1) + "/api/v1/agent/channel"
    try:
        async with websockets.connect(
            address, subprotocols=["claviger.agent.v1"], additional_headers={"Authorization": f"Bearer {token}"},
            max_size=256 * 1024, proxy=None,
        ) as socket:
            channel = Channel(socket, state, behave)
            await channel.prove(token)
            if once:
                answer = await channel.receive()
                await channel.understand(answer)
                if "result" in answer:
                    return 0
            await channel.serve()
    except websockets.exceptions.InvalidStatus as refused:
        body = json.loads(refused.response.body or b"{}")
        tell("refused", status=refused.response.status_code, code=body.get("code"))
        return 1
    except websockets.exceptions.ConnectionClosed as closed:
        tell("closed", code=closed.rcvd.code if closed.rcvd else None, reason=closed.rcvd.reason if closed.rcvd else "")
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["enroll", "run", "probe"])
    parser.add_argument("--url")
    parser.add_argument("--state", required=True)
    parser.add_argument("--behave", default="well")
    parser.add_argument("--slot", choices=["current", "pending", "superseded"])
    arguments = parser.parse_args()
    if arguments.command == "enroll":
        return enroll(arguments)
    state = State(arguments.state)
    if arguments.command == "probe":
        return asyncio.run(connect(state, state.values[arguments.slot or "current"], arguments.behave, once=True))
    token = state.values[arguments.slot] if arguments.slot else state.values.get("pending") or state.values["current"]
    return asyncio.run(connect(state, token, arguments.behave, once=False))


if __name__ == "__main__":
    sys.exit(main())
