"""A tor that answers what the soak's profiles allow, and writes down anything else that it hears.

    fake_tor.py SOCKET VIOLATIONS

What it is asked it answers with the tag of the question, so that a client sees whose reply it got. What no client may see has SECRET
in it.
"""

import asyncio
import logging
import re
import sys

import policy

TAGGED = re.compile(r"(ns/(?:name|id)/([a-z0-9]+))")
EVENT_INTERVAL = 0.05


class Connection:
    def __init__(self, reader, writer, violations):
        self.reader = reader
        self.writer = writer
        self.violations = violations
        self.hears_events = False

    async def serve(self):
        events = asyncio.ensure_future(self.send_events())
        try:
            while line := await self.reader.readline():
                self.writer.write(self.answer(line).encode())
                await self.writer.drain()
        except (ConnectionError, ValueError):
            pass
        finally:
            events.cancel()
            self.writer.close()

    def answer(self, line):
        # A line is cut off where its connection ends.
        if not line.endswith(b"\n"):
            return ""
        command = line.decode("latin-1").rstrip("\r\n")
        if not policy.may_reach_tor(command):
            with open(self.violations, "a", encoding="utf-8") as file:
                file.write(repr(line) + "\n")
            return "250 SECRET\r\n"
        keyword, _, argument = command.partition(" ")
        if keyword == "PROTOCOLINFO":
            return '250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor="0.4.9.11"\r\n250 OK\r\n'
        if keyword == "SETEVENTS":
            self.hears_events = "CIRC" in argument
        if keyword == "ADD_ONION":
            port = argument.rsplit(":", 1)[1]
            return f"250-ServiceID={port}\r\n250-PrivateKey=ED25519-V3:SECRET\r\n250 OK\r\n"
        if keyword == "GETINFO":
            return "".join(map(self.tell, TAGGED.findall(argument))) + "250 OK\r\n"
        return "250 OK\r\n"

    @staticmethod
    def tell(question):
        key, tag = question
        if key.startswith("ns/name/"):
            return f"250-{key}={tag}\r\n"
        lines = "".join(f"{tag} {number}\r\n" for number in range(policy.LARGE_REPLY_LINES))
        return f"250+{key}=\r\n{lines}.\r\n"

    async def send_events(self):
        number = 0
        while True:
            await asyncio.sleep(EVENT_INTERVAL)
            if self.hears_events and self.writer.transport.get_write_buffer_size() < 1 << 20:
                for _ in range(20):
                    self.writer.write(f"650 CIRC {number} BUILT SECRET\r\n".encode())
                    number += 1


async def main():
    # Of writes to connections that are gone.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    socket, violations = sys.argv[1:]

    async def serve(reader, writer):
        await Connection(reader, writer, violations).serve()

    server = await asyncio.start_unix_server(serve, socket, limit=1 << 20, backlog=4096)
    await server.serve_forever()


asyncio.run(main())
