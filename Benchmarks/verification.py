"""Verification over HTTP beside the server's own /healthz and nginx's `return 200`, in the same run.

    verification.py [--seconds N] [--rounds N]

Ratios are of server CPU time a request (utime + stime), for load generator and server share the cores; throughput stands
beside them. Each figure is the median of the rounds, which go through all targets in turn. What people use instead stands
beside it: nginx's auth_request to Claviger, and nginx with Lua that looks a hashed key up in Redis. At the end known tokens
are shown while a flood of texts that nobody made comes in, and while /healthz is flooded instead; the server's memory is
told before and after.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

from served import Served

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def cpu(pids):
    """Seconds of processor time that these processes have had."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def milliseconds(text):
    number, unit = re.fullmatch(r"([0-9.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


class Target:
    """One thing to ask for, and the processes whose time it costs."""

    def __init__(self, name, url, pids, headers=(), script=None):
        self.name, self.url, self.pids, self.headers, self.script = name, url, pids, headers, script
        self.costs, self.rates, self.p99s, self.bad = [], [], [], 0

    def measure(self, seconds):
        words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
        for header in self.headers:
            words += ["-H", header]
        if self.script:
            words += ["-s", str(self.script)]
        before = cpu(self.pids)
        said = subprocess.run([*words, self.url], check=True, capture_output=True, text=True).stdout
        spent = cpu(self.pids) - before
        requests = int(re.search(r"(\d+) requests in", said).group(1))
        self.costs.append(spent / requests * 1e6)
        self.rates.append(float(re.search(r"Requests/sec: +([0-9.]+)", said).group(1)))
        self.p99s.append(milliseconds(re.search(r"99% +(\S+)", said).group(1)))
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        self.bad += int(bad.group(1)) if bad else 0


def post_script(folder, name, body, content_type, token):
    path = folder / f"{name}.lua"
    path.write_text(
        'wrk.method = "POST"\n'
        f'wrk.headers["Content-Type"] = "{content_type}"\n'
        f'wrk.headers["Authorization"] = "Bearer {token}"\n'
        f"wrk.body = {json.dumps(body)}\n")
    path.chmod(0o600)
    return path


def bearer_script(folder, name, tokens):
    """A token after the other, so that no two requests in a row show the same one."""
    path = folder / f"{name}.lua"
    words = ",".join(json.dumps(token) for token in tokens)
    path.write_text(
        f"local tokens = {{{words}}}\nlocal place = 0\n"
        "request = function()\n"
        "  place = place % #tokens + 1\n"
        '  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. tokens[place]})\nend\n')
    path.chmod(0o600)
    return path


ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def garbage(count, right):
    """Texts in the form of tokens that nobody made, with a right or a wrong checksum."""
    import random
    import zlib

    def one():
        lead = "clv_pt_" + "".join(random.choice(ALPHABET) for _ in range(32))
        value, digits = zlib.crc32(lead.encode()) ^ (0 if right else 1), ""
        for _ in range(6):
            value, digit = divmod(value, 62)
            digits = ALPHABET[digit] + digits
        return lead + digits
    return [one() for _ in range(count)]


def nginx(folder, blocks, modules=""):
    folder.mkdir()
    places = " ".join(f"{place}_temp_path {folder}/{place};" for place in
                      ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"{modules}\ndaemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        "events { worker_connections 512; }\n"
        f"http {{ access_log off; keepalive_requests 100000000; {places}\n{blocks}\n}}\n")
    path = shutil.which("nginx") or "/usr/sbin/nginx"
    return subprocess.Popen([path, "-p", folder, "-c", folder / "nginx.conf"], stderr=subprocess.DEVNULL)


def create(served, session, name, scopes, **more):
    status, answer = served.request(
        "POST", "/api/v1/tokens", {"name": name, "scopes": scopes, "expires_in_days": 30, **more}, token=session)[:2]
    assert status == 201, answer
    return answer["token"]["id"], answer["secret"]


def through_proxies(served, api, token, folder, running):
    """The same page through nginx: checked by Claviger, and by Lua that asks Redis."""
    import hashlib
    ports = free_port(), free_port()
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text("ok")
    host = served.url.split("//")[1]
    checked = nginx(folder / "checked", f"""
        upstream claviger {{ server {host}; keepalive 16; }}
        server {{ listen 127.0.0.1:{ports[0]}; root {site};
            location = /_claviger {{ internal; proxy_pass http://claviger/auth/forward/{api}?deny=403;
                proxy_http_version 1.1; proxy_set_header Host localhost; proxy_set_header Connection "";
                proxy_pass_request_body off; proxy_set_header Content-Length "";
                proxy_set_header X-Forwarded-For $remote_addr; }}
            location / {{ auth_request /_claviger; }} }}""")
    redis_port = free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(redis_port), "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL)
    time.sleep(1)
    subprocess.run(["redis-cli", "-p", str(redis_port), "set", hashlib.sha256(token.encode()).hexdigest(), "usr_1"],
                   check=True, stdout=subprocess.DEVNULL)
    # Debian's Lua module and its Redis client (libnginx-mod-http-lua, lua-nginx-redis, lua-nginx-string).
    lua = nginx(folder / "lua", f"""
        server {{ listen 127.0.0.1:{ports[1]}; root {site};
            location / {{ access_by_lua_block {{
                local sha256, text = require "nginx.sha256", require "nginx.string"
                local token = (ngx.var.http_authorization or ""):match("^Bearer (.+)$")
                if not token then return ngx.exit(401) end
                local digest = sha256:new(); digest:update(token)
                local redis = require("nginx.redis"):new()
                assert(redis:connect("127.0.0.1", {redis_port}))
                local found = redis:get(text.to_hex(digest:final()))
                redis:set_keepalive(10000, 64)
                if found == ngx.null then return ngx.exit(401) end
                ngx.req.set_header("X-Identity", found)
            }} }} }}""",
                "".join(f"load_module /usr/lib/nginx/modules/{name}_module.so;" for name in ("ndk_http", "ngx_http_lua")))
    running += [checked, redis, lua]
    time.sleep(1)
    header = [f"Authorization: Bearer {token}"]
    return [
        Target("nginx auth_request, Claviger", f"http://127.0.0.1:{ports[0]}/index.html",
               [checked.pid, served.process.pid], header),
        Target("nginx, Lua, Redis", f"http://127.0.0.1:{ports[1]}/index.html", [lua.pid, redis.pid], header),
    ]


def anonymous_memory(pid):
    """MiB that belong to the process alone (RssAnon)."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", status).group(1)) / 1024


def flood(served, forward, token, folder, options):
    """A known token beside texts that nobody made, a new one each time, and beside as many connections to /healthz."""
    pid, found = served.process.pid, {}
    texts = bearer_script(folder, "flood", garbage(200_000, right=True))
    before = anonymous_memory(pid)
    for name, words in (("/healthz", [served.url + "/healthz"]), ("garbage", ["-s", str(texts), forward])):
        known = Target(name, forward, [pid], [f"Authorization: Bearer {token}"])
        for _ in range(options.rounds):
            noise = subprocess.Popen(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{options.seconds + 2}s", *words],
                                     stdout=subprocess.DEVNULL)
            time.sleep(1)
            known.measure(options.seconds)
            noise.wait()
        found[name] = known
    for name, known in found.items():
        print(f"known token beside a flood of {name:12} {statistics.median(known.rates):8.0f} /s, "
              f"p99 {statistics.median(known.p99s):.2f} ms, {known.bad} not 2xx")
    print(f"memory of the server's own: {before:.1f} MiB before, {anonymous_memory(pid):.1f} MiB after")


def report(targets):
    base = statistics.median(targets["/healthz"].costs)
    for target in targets.values():
        cost, rate, p99 = (statistics.median(values) for values in (target.costs, target.rates, target.p99s))
        bad = f", {target.bad} not 2xx" if target.bad else ""
        print(f"{target.name:32} {cost:7.1f} µs of CPU a request ({base / cost * 100:5.1f} % of /healthz), "
              f"{rate:8.0f} /s, p99 {p99:.2f} ms{bad}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="claviger-verification-"))
    running = []
    try:
        with Served(CLAVIGER_LOG_LEVEL="warning", CLAVIGER_TRUSTED_PROXIES="127.0.0.1/32") as served:
            session = served.owner()
            _, verifier = create(served, session, "verifier", ["tokens:verify"])
            _, token = create(served, session, "asked", ["agents:read"])
            wide = {"burst": 10**9, "per_minute": 10**9, "per_hour": 10**9, "per_day": 10**9, "monthly_quota": 10**9}
            _, limited = create(served, session, "limited", ["agents:read"], limits=wide)
            status, api = served.request("POST", "/api/v1/protected-apis", {"name": "benchmark"}, token=session)[:2]
            assert status == 201, api
            api, pid = api["id"], [served.process.pid]
            forward = f"{served.url}/auth/forward/{api}"
            port = free_port()
            plain = nginx(folder / "plain", f'server {{ listen 127.0.0.1:{port}; location / {{ return 200 "ok"; }} }}')
            running.append(plain)
            body = json.dumps({"token": token, "api": api})
            targets = [
                Target("nginx return 200", f"http://127.0.0.1:{port}/", [plain.pid]),
                Target("/healthz", served.url + "/healthz", pid),
                Target("/auth/forward", forward, pid, [f"Authorization: Bearer {token}"]),
                Target("/auth/forward, five limits", forward, pid, [f"Authorization: Bearer {limited}"]),
                Target("/api/v1/tokens/verify", served.url + "/api/v1/tokens/verify", pid,
                       script=post_script(folder, "verify", body, "application/json", verifier)),
                Target("/oauth2/introspect", served.url + "/oauth2/introspect", pid,
                       script=post_script(folder, "introspect", f"token={token}",
                                          "application/x-www-form-urlencoded", verifier)),
                Target("garbage, wrong checksum", forward, pid,
                       script=bearer_script(folder, "wrong", garbage(5000, right=False))),
                Target("garbage, right checksum", forward, pid,
                       script=bearer_script(folder, "right", garbage(5000, right=True))),
            ]
            targets += through_proxies(served, api, token, folder, running)
            for target in targets:
                target.measure(1)
                target.costs, target.rates, target.p99s, target.bad = [], [], [], 0
            for _ in range(options.rounds):
                for target in targets:
                    target.measure(options.seconds)
            report({target.name: target for target in targets})
            flood(served, forward, token, folder, options)
    finally:
        for process in running:
            process.terminate()
            process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


main()
