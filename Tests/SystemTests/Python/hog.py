"""Takes every connection slot of a PostgreSQL that an ordinary role can get, holds them, and gives them back.

    hog.py PORT USER DATABASE SECONDS

Whatever becomes free meanwhile is taken too. Prints how many it held at most.
"""

import socket
import struct
import sys
import time


def take(port, user, database):
    """A session, or None if there is no slot."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=5)
    parameters = b"".join(word.encode() + b"\0" for word in ("user", user, "database", database)) + b"\0"
    connection.sendall(struct.pack("!ii", 8 + len(parameters), 196608) + parameters)
    answer = connection.recv(1)
    if answer == b"R":
        return connection
    connection.close()
    return None


def main():
    port, user, database, seconds = int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
    held, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            session = take(port, user, database)
        except OSError:
            session = None
        if session:
            held.append(session)
            if len(held) == 1:
                print("holding", flush=True)
        else:
            time.sleep(0.01)
    print(len(held), flush=True)


main()
