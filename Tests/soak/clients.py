"""Clients of all kinds. Those that are polite hold the filter to its promises: one reply to each command, in order, the client's own,
and no secret."""

import asyncio
import itertools
import random
import re
import socket
import struct

import policy

TAGS = itertools.count()


class Broken(AssertionError):
    """A promise was broken."""


class Gone(Exception):
    """The connection ended."""


class Tally:
    """What the clients have seen, in all."""

    def __init__(self):
        self.replies = 0
        self.denials = 0
        self.events = 0
        self.without_tor = 0
        self.gone = 0
        self.sessions = 0


class Client:
    def __init__(self, path, tally):
        self.path = path
        self.tally = tally
        self.last_event = -1

    async def __aenter__(self):
        try:
            self.reader, self.writer = await asyncio.open_unix_connection(self.path, limit=1 << 20)
        except OSError as error:
            raise Gone from error
        self.tally.sessions += 1
        return self

    async def __aexit__(self, *_):
        # To close it would go on writing, for as long as the filter waits for somebody to read.
        self.writer.transport.abort()

    def send(self, *commands):
        self.writer.write("".join(command + "\r\n" for command in commands).encode())

    async def drain(self):
        try:
            await self.writer.drain()
        except ConnectionError as error:
            raise Gone from error

    async def line(self):
        try:
            line = (await self.reader.readline()).decode()
        except (ConnectionError, ValueError) as error:
            raise Gone from error
        if not line.endswith("\r\n"):
            raise Gone
        if "SECRET" in line:
            raise Broken(f"a secret: {line!r}")
        return line[:-2]

    async def reply(self):
        """The lines of the next reply; events before it are checked and left out."""
        lines = []
        while True:
            line = await self.line()
            if line.startswith("650"):
                self.check_event(line)
                continue
            lines.append(line)
            if line[3:4] == "+":
                while (line := await self.line()) != ".":
                    lines.append(line)
            elif line[3:4] == " ":
                return lines

    async def event(self):
        self.check_event(await self.line())

    def check_event(self, line):
        match = re.fullmatch("650 CIRC ([0-9]+) BUILT", line)
        if not match:
            raise Broken(f"this is no event: {line!r}")
        # A tor that was restarted counts from the beginning.
        number = int(match[1])
        if number not in (self.last_event + 1, 0):
            raise Broken(f"event {number} after {self.last_event}")
        self.last_event = number
        self.tally.events += 1

    async def authenticate(self):
        self.send("AUTHENTICATE")
        reply = await self.reply()
        if reply != ["250 OK"]:
            # The limits of a user, or of the system.
            if reply[0].startswith("551 onion-grater"):
                raise Gone
            raise Broken(f"AUTHENTICATE was answered {reply}")

    def check(self, command, is_right, reply):
        if reply[0].startswith("551"):
            self.tally.without_tor += 1
            return
        self.tally.replies += 1
        if reply[0].startswith("510"):
            self.tally.denials += 1
        if not is_right(reply):
            raise Broken(f"not the reply to {command!r}: {reply[:3]}")


def question():
    """A command, and whether a reply is right."""
    tag = f"t{next(TAGS)}"
    kind = random.random()
    if kind < 0.5:
        return f"GETINFO ns/name/{tag}", lambda reply: reply == [f"250-ns/name/{tag}={tag}", "250 OK"]
    if kind < 0.6:
        return (
            f"GETINFO ns/name/{tag} ns/name/{tag}b",
            lambda reply: reply == [f"250-ns/name/{tag}={tag}", f"250-ns/name/{tag}b={tag}b", "250 OK"],
        )
    if kind < 0.7:
        # None of the ports where a tor is controlled, to which no service may lead.
        port = random.randrange(10_000, 65_536)
        return f"ADD_ONION NEW:BEST Port=80,{port}", lambda reply: reply == [f"250-ServiceID={port}", "250 OK"]
    if kind < 0.75:
        return "SIGNAL NEWNYM", lambda reply: reply == ["250 OK"]
    return random.choice(policy.DENIED), lambda reply: reply[0].startswith("510 ")


def large_question():
    tag = f"t{next(TAGS)}"
    lines = [f"{tag} {number}" for number in range(policy.LARGE_REPLY_LINES)]
    right = [f"250+ns/id/{tag}="] + lines + ["250 OK"]
    # Which profile is in force, only the one who reloads knows.
    return f"GETINFO ns/id/{tag}", lambda reply: reply == right or reply[0].startswith("510 ")


async def polite(client):
    for _ in range(random.randrange(200)):
        command, right = question()
        client.send(command)
        client.check(command, right, await client.reply())


async def pipelining(client):
    for _ in range(random.randrange(20)):
        questions = [question() for _ in range(100)]
        client.send(*(command for command, _ in questions))
        for command, right in questions:
            client.check(command, right, await client.reply())


async def watching(client):
    client.send("SETEVENTS CIRC")
    client.check("SETEVENTS CIRC", lambda reply: reply == ["250 OK"], await client.reply())
    for _ in range(random.randrange(20)):
        try:
            await asyncio.wait_for(client.event(), 1)
        except asyncio.TimeoutError:
            # Part of an event may have been read.
            return
        command, right = question()
        client.send(command)
        client.check(command, right, await client.reply())


async def slow(client):
    questions = [large_question() for _ in range(20)]
    client.send(*(command for command, _ in questions))
    for command, right in questions:
        await asyncio.sleep(random.random() * 0.2)
        client.check(command, right, await client.reply())


async def silent(client):
    await asyncio.sleep(random.random() * 5)


async def vanishing(client):
    command, _ = question()
    client.send(*(question()[0] for _ in range(50)))
    client.writer.write(command[: random.randrange(len(command))].encode())
    if random.random() < 0.5:
        # Closes with a reset where the kernel has one (socket(7)).
        raw = client.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.writer.transport.abort()


async def hostile(client):
    pieces = [b"\r\n", b"\n", b"\r", b"\0", b"+", b".\r\n", b"GETINFO ", b"address", b"ns/name/a", b"SIGNAL HALT", b'"', b"\\", b" ", b"=",
              b"SETEVENTS CIRC", b"\t", b"AUTHENTICATE", b"+LOADCONF\r\n", b"\xff\xfe", b"QUIT"]
    client.writer.write(b"".join(random.choice(pieces) for _ in range(random.randrange(2000))))
    try:
        while True:
            await asyncio.wait_for(client.line(), 0.5)
    except asyncio.TimeoutError:
        pass


async def flooding(client):
    command = random.choice(policy.DENIED + ["GETINFO ns/name/flood"])
    client.send(*[command] * random.randrange(20_000))
    await asyncio.sleep(random.random())


KINDS = {polite: 6, pipelining: 6, watching: 3, slow: 1, silent: 1, vanishing: 2, hostile: 2, flooding: 1}


async def live(path, tally):
    """One client from connecting to leaving."""
    kind = random.choices(list(KINDS), KINDS.values())[0]
    try:
        async with Client(path, tally) as client:
            if kind is not silent:
                await client.authenticate()
            await kind(client)
    except Gone:
        tally.gone += 1
