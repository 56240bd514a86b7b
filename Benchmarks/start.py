"""Start to ready, and the memory of an idle server and an idle agent."""

import os
import statistics
import subprocess
import time

from served import PROGRAMS, Served


def main():
    with Served() as server:
        first = server.ready_seconds
        token = server.owner()
        again = []
        for _ in range(10):
            server.stop()
            server.start()
            again.append(server.ready_seconds)
        time.sleep(5)
        rss, anonymous = server.memory()
        print(f"server: start to ready {first * 1000:.0f} ms on an empty directory, "
              f"median of ten later starts {statistics.median(again) * 1000:.0f} ms")
        print(f"server, idle: RSS {rss / 1024:.1f} MB, RssAnon {anonymous / 1024:.1f} MB")
        agent(server, token)


def agent(server, token):
    status, created = server.request("POST", "/api/v1/agents", {"name": "idle", "slug": "idle"}, token)
    assert status == 201, created
    environment = {**os.environ, "CLAVIGER_AGENT_METADATA": "off"}
    state = ["--state-dir", server.folder / "agent"]
    subprocess.run([PROGRAMS / "claviger-agent", "enroll", "--server", server.url, *state], check=True, text=True,
                   input=created["install_token"] + "\n", env=environment, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    process = subprocess.Popen([PROGRAMS / "claviger-agent", "run", *state], env=environment,
                               stderr=subprocess.DEVNULL)
    time.sleep(10)
    rss, anonymous = server.memory(process)
    process.terminate()
    process.wait(timeout=15)
    print(f"agent, idle on its channel: RSS {rss / 1024:.1f} MB, RssAnon {anonymous / 1024:.1f} MB")


main()
