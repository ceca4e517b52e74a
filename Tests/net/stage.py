"""What an application is tried on: the network, the filter, a folder, and helpers that wait and look."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import stem.control


KEPT = Path(__file__).resolve().parents[2] / ".build" / "net" / "kept"


class Failure(Exception):
    """Something is not as it must be."""


class Missing(Exception):
    """The application is not there."""


class Program:
    """An application that runs, and what it has printed."""

    def __init__(self, arguments, environment, output, folder):
        self.output = Path(output)
        # A shell without job control has what it starts in the background ignore it, and so would the program.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL, stdout=open(output, "wb"), stderr=subprocess.STDOUT,
            cwd=folder, start_new_session=True)

    @property
    def text(self):
        return self.output.read_text(errors="replace")

    def wait_for(self, pattern, limit=120):
        """The first match of what it prints."""
        def look():
            match = re.search(pattern, self.text)
            if not match and self.process.poll() is not None:
                raise Failure(f"it ended with {self.process.returncode} before it printed {pattern}:\n{self.text[-1500:]}")
            return match
        return wait(f"{pattern} in its output", look, limit, lambda: self.text[-1500:])

    def wait(self, limit=120):
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise Failure(f"it did not end within {limit} s:\n{self.text[-1500:]}") from None

    def stop(self, how=signal.SIGINT):
        """Ends it and what it started."""
        for number in [how, signal.SIGTERM, signal.SIGKILL]:
            if self.process.poll() is not None:
                break
            os.killpg(self.process.pid, number)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                pass
        # What it started may have outlived it.
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def wait(what, look, limit=120, tell=lambda: ""):
    """What `look` returns once that is true."""
    deadline = time.monotonic() + limit
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failure(f"there is no {what} after {limit} s\n{tell()}")
        time.sleep(0.3)


class Stage:
    def __init__(self, name, folder, network, filter):
        self.name = name
        self.folder = Path(folder)
        self.network = network
        self.filter = filter
        self.programs = []
        self.notes = []

    @property
    def socket(self):
        """The filter's socket of this application."""
        return self.filter.socket(self.name)

    @property
    def port(self):
        """The filter's port of this application."""
        return self.filter.ports[self.name]

    def start(self, *arguments, **variables):
        environment = {**os.environ, "HOME": str(self.folder), **{key: str(value) for key, value in variables.items()}}
        output = self.folder / f"output-{len(self.programs)}"
        try:
            program = Program([str(word) for word in arguments], environment, output, self.folder)
        except FileNotFoundError:
            raise Missing(f"there is no {arguments[0]}") from None
        self.programs.append(program)
        return program

    def run(self, *arguments, limit=120, **variables):
        """What a program printed that ended well."""
        program = self.start(*arguments, **variables)
        status = program.wait(limit)
        if status != 0:
            raise Failure(f"{arguments[0]} ended with status {status}:\n{program.text[-1500:]}")
        return program.text

    def controller(self):
        """Full control of the network's client, past the filter."""
        controller = stem.control.Controller.from_socket_file(self.network.control_socket)
        controller.authenticate()
        return controller

    def fetch(self, address, path="/", data=None, kind=None, limit=120):
        """The body of a page of an onion service, by way of tor; tried until it answers, for descriptors take their time."""
        problems = []

        def look():
            try:
                return Response(self._connect(address), address, path, data, kind)
            except OSError as error:
                problems.append(str(error))
                return None
        return wait(f"answer from {address}{path}", look, limit, lambda: problems[-1]).body

    def is_reachable(self, address):
        try:
            self._connect(address).close()
            return True
        except OSError:
            return False

    def _connect(self, address):
        connection = socket.create_connection(("127.0.0.1", self.network.socks_port), timeout=60)
        host = f"{address}.onion".encode()
        connection.sendall(b"\x05\x01\x00")
        if connection.recv(2) != b"\x05\x00":
            raise OSError("no SOCKS")
        connection.sendall(b"\x05\x01\x00\x03" + bytes([len(host)]) + host + (80).to_bytes(2, "big"))
        answer = connection.recv(10)
        if len(answer) < 2 or answer[1] != 0:
            connection.close()
            raise OSError(f"SOCKS error {answer[1] if len(answer) > 1 else 'none'}")
        return connection

    def wait_for_rules(self, count, limit=120):
        """Until so many rules of the profile have been used."""
        wait(f"use of {count} rules", lambda: self.filter.rules(self.name)[0] >= count, limit,
             lambda: f"unused: {self.filter.rules(self.name)[2]}")

    def read(self, path, limit=60):
        """The text of a file that a program is about to write."""
        return wait(f"{path}", lambda: path.exists() and path.read_text().strip(), limit)

    def retry(self, work, limit=120):
        """What `work` returns once it does not fail."""
        problems = []

        def look():
            try:
                return work()
            except Failure as failure:
                problems.append(str(failure))
                return None
        return wait("success", look, limit, lambda: problems[-1])

    def expect(self, condition, what):
        if not condition:
            raise Failure(what)

    def keep(self, path):
        """Puts a file where people can look at it afterwards."""
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, KEPT / f"{self.name}-{path.name}")

    def keep_text(self, name, text):
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{self.name}-{name}").write_text(text)

    def note(self, text):
        """Something that people should know of this run."""
        self.notes.append(text)

    def end(self):
        for program in self.programs:
            program.stop()


class Response:
    """An HTTP/1.0 response, read to the end of the connection."""

    def __init__(self, connection, address, path, data, kind):
        head = f"{'POST' if data else 'GET'} {path} HTTP/1.0\r\nHost: {address}.onion\r\n"
        if data:
            head += f"Content-Type: {kind}\r\nContent-Length: {len(data)}\r\n"
        with connection:
            connection.sendall(head.encode() + b"\r\n" + (data or b""))
            text = b""
            while chunk := connection.recv(65536):
                text += chunk
        if not text:
            raise OSError("an empty answer")
        head, _, self.body = text.partition(b"\r\n\r\n")
        self.status = int(head.split()[1])
        if self.status >= 400:
            raise Failure(f"{path}: {head.splitlines()[0].decode()}")
