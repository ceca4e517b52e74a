"""The real daemon before the network's client, and what its log says of each profile."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / ".build" / "debug"

# Started as by systemd, with listening sockets from number 3 on: only so can a TCP port have a name.
LAUNCH = 'export LISTEN_PID=$$; exec "$@"'


class Filter:
    """
    Serves every shipped profile at a unix socket of its own, of the profile's name. A drop-in for each says so, whatever the
    profile says itself, as `onion-grater enable` would do.
    """

    def __init__(self, folder, network, with_port=()):
        self.folder = Path(folder)
        self.network = network
        self.names = sorted(path.stem for path in (ROOT / "profiles").glob("*.yml"))
        self.listeners = {name: socket.create_server(("127.0.0.1", 0)) for name in with_port}
        self.ports = {name: listener.getsockname()[1] for name, listener in self.listeners.items()}
        self.log_path = self.folder / "daemon.log"
        self.process = None

    def socket(self, name):
        return str(self.folder / "sockets" / name)

    def start(self):
        profiles, dropins = self.folder / "profiles", self.folder / "admin"
        profiles.mkdir(parents=True)
        dropins.mkdir()
        (self.folder / "sockets").mkdir()
        for name in self.names:
            # Applications must find tor's SOCKS port and folder, which are others here than those that profiles tell.
            text = (ROOT / "profiles" / f"{name}.yml").read_text()
            text = text.replace("SocksPort=9050", f"SocksPort={self.network.socks_port}")
            text = text.replace("127.0.0.1:9050", f"127.0.0.1:{self.network.socks_port}")
            text = text.replace("DataDirectory=/var/lib/tor", f"DataDirectory={self.network.folder / 'client'}")
            (profiles / f"{name}.yml").write_text(text)
            dropin = dropins / f"{name}.yml.d" / "socket.yml"
            dropin.parent.mkdir()
            keys = "".join(f"{key}: ~\n" for key in ["apparmor-profiles", "groups", "units", "flatpaks"])
            dropin.write_text(f"{keys}users: ['{os.getuid()}']\nsockets: ['{name}', 'tcp:{name}']\n")
        arguments = [str(BUILT / "onion-grater"), "--control-socket", self.network.control_socket,
                     "--profiles", str(profiles), "--profiles", str(dropins), "--admin-socket", str(self.folder / "admin.sock"),
                     "--log-format", "json", "--log-level", "debug"]
        for name in self.names:
            arguments += ["--listen-socket", f"{name}={self.socket(name)}"]
        names = list(self.listeners)

        def inherit():
            # First out of the way, for their numbers may be those that are wanted.
            copies = [os.dup2(self.listeners[name].fileno(), 100 + index) for index, name in enumerate(names)]
            for index, copy in enumerate(copies):
                os.dup2(copy, 3 + index)

        self.process = subprocess.Popen(
            ["/bin/sh", "-c", LAUNCH, "sh"] + arguments, stderr=open(self.log_path, "wb"), preexec_fn=inherit,
            pass_fds=range(3, 3 + len(names)),
            env={**os.environ, **({"LISTEN_FDS": str(len(names)), "LISTEN_FDNAMES": ":".join(names)} if names else {})})
        deadline = time.monotonic() + 60
        while not all(os.path.exists(self.socket(name)) for name in self.names):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the daemon did not start:\n" + self.log_path.read_text()[-2000:])
            time.sleep(0.1)

    def ask(self, *words):
        """What a subcommand of the daemon's prints."""
        return subprocess.run(
            [str(BUILT / "onion-grater"), *words, "--socket", str(self.folder / "admin.sock")],
            check=True, capture_output=True, text=True, timeout=60).stdout

    def records(self):
        """The log's records so far."""
        records = []
        for line in self.log_path.read_text(errors="replace").splitlines():
            try:
                records.append(json.loads(line))
            except ValueError:
                pass
        return records

    def rules(self, name):
        """How many of a profile's rules were used, and where those stand that were not."""
        listed = self._listed(name)
        used = set()
        for record in self.records():
            if record.get("profile") == name:
                used |= set(record.get("rules", "").replace(",", " ").split())
        unused = [f"{what} {place.rsplit('/', 1)[-1]}" for place, what in listed.items() if place not in used]
        return len(listed) - len(unused), len(listed), unused

    def _listed(self, name):
        profile = str(self.folder / "profiles" / f"{name}.yml")
        run = subprocess.run(
            [str(BUILT / "grater-check"), "run", profile, "--format", "json", "--allow-failure",
             "--control-socket", "/nonexistent", "--", "true"], capture_output=True, text=True, timeout=60)
        rules = json.loads(run.stdout)["run"]["rules"]
        places = [(rule["location"], rule["what"]) for rule in rules]
        return {f"{place['file']}:{place['line']}:{place['column']}": what for place, what in places}

    def denials(self, name):
        """The commands that were denied or withdrawn under a profile, each once."""
        found = {}
        for record in self.records():
            if record.get("profile") == name and record.get("decision") in ("denied", "withdrawn"):
                found[record.get("command", "")] = record.get("reason", "")
        return found

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        for listener in self.listeners.values():
            listener.close()
        shutil.rmtree(self.folder / "sockets", ignore_errors=True)
