"""A private tor network on loopback: three directory authorities, three relays and one client.

Nothing leaves the machine, for no relay is an exit, and onion services really work on it: descriptors are published, and services can
be fetched through the client's SOCKS port. It takes about half a minute until the client is ready, and 700 MB of memory.
"""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

AUTHORITIES = ["a0", "a1", "a2"]
RELAYS = ["r0", "r1", "r2"]
PUBLIC = AUTHORITIES + RELAYS

EVERYBODY = """\
TestingTorNetwork 1
DataDirectory {folder}
Log notice file {folder}/log
ShutdownWaitLength 0
"""

RELAY = """\
Nickname {name}
Address 127.0.0.1
ORPort 127.0.0.1:{or_port}
SocksPort 0
AssumeReachable 1
ContactInfo nobody
ExitPolicy reject *:*
"""

AUTHORITY = """\
DirPort 127.0.0.1:{dir_port}
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 2
TestingV3AuthInitialVotingInterval 10
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
TestingMinExitFlagThreshold 0
MinUptimeHidServDirectoryV2 0
AuthDirMaxServersPerAddr 0
V3BandwidthsFile {bandwidths}
"""

CLIENT = """\
SocksPort 127.0.0.1:{socks_port}
ControlSocket unix:{folder}/control
CookieAuthentication 1
"""


def free_ports(count):
    """Ports that nobody uses now; all are found before any is let go."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


class Network:
    def __init__(self, folder):
        self.folder = Path(folder)
        ports = free_ports(2 * len(PUBLIC) + 1)
        self.or_ports = dict(zip(PUBLIC, ports))
        self.dir_ports = dict(zip(PUBLIC, ports[len(PUBLIC) :]))
        self.socks_port = ports[-1]
        self.control_socket = str(self.folder / "client" / "control")
        self.processes = {}

    def _folder(self, name):
        folder = self.folder / name
        (folder / "keys").mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)
        return folder

    def _torrc(self, name, *parts):
        (self.folder / name / "torrc").write_text("".join(parts))

    def _authority_line(self, name):
        """What the others must know of an authority; its keys are made first."""
        folder = self._folder(name)
        keys = folder / "keys"
        subprocess.run(
            ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12",
             "-i", keys / "authority_identity_key", "-s", keys / "authority_signing_key",
             "-c", keys / "authority_certificate", "-a", f"127.0.0.1:{self.dir_ports[name]}"],
            input=b"none\n", check=True, capture_output=True)
        identity = re.search(r"^fingerprint (\w+)", (keys / "authority_certificate").read_text(), re.M).group(1)
        return (f"DirAuthority {name} orport={self.or_ports[name]} no-v2 v3ident={identity} "
                f"127.0.0.1:{self.dir_ports[name]} {self._fingerprint(name)}\n")

    def _fingerprint(self, name):
        """A relay's; its keys are made where there are none yet."""
        # Tor tells it only where it knows of some authority.
        placeholder = f"DirAuthority x orport=1 v3ident={'A' * 40} 127.0.0.1:2 {'B' * 40}\n"
        self._torrc(name, self._common(name), placeholder)
        told = subprocess.run(
            ["tor", "--defaults-torrc", "/dev/null", "--list-fingerprint", "--quiet", "-f", self.folder / name / "torrc"],
            check=True, capture_output=True, text=True).stdout.split()
        return "".join(told[1:])

    def _write_bandwidths(self):
        """What authorities take for measured: relays that nobody has used yet would weigh nothing, and not be chosen for anything."""
        lines = [f"node_id=${self._fingerprint(name)} bw=1000\n" for name in PUBLIC]
        (self.folder / "bandwidths").write_text(f"{int(time.time())}\n" + "".join(lines))

    def _common(self, name):
        text = EVERYBODY.format(folder=self.folder / name)
        text += RELAY.format(name=name, or_port=self.or_ports[name])
        if name in AUTHORITIES:
            text += AUTHORITY.format(dir_port=self.dir_ports[name], bandwidths=self.folder / "bandwidths")
        return text

    def start(self):
        authorities = "".join(self._authority_line(name) for name in AUTHORITIES)
        for name in RELAYS:
            self._folder(name)
        self._write_bandwidths()
        for name in PUBLIC:
            self._torrc(name, self._common(name), authorities)
            self._start(name)
        self._wait_for_consensus()
        folder = self._folder("client")
        self._torrc(
            "client", EVERYBODY.format(folder=folder), CLIENT.format(folder=folder, socks_port=self.socks_port),
            authorities)
        self.start_client()

    def _wait_for_consensus(self, limit=120):
        """Until all relays are known, and what they carry: a client would keep an earlier consensus for minutes."""
        path = self.folder / AUTHORITIES[0] / "cached-microdesc-consensus"
        deadline = time.monotonic() + limit
        while True:
            text = path.read_text() if path.exists() else ""
            if text.count("\nr ") == len(PUBLIC) and text.count("\nw Bandwidth=1000\n") >= len(RELAYS):
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"the network has no consensus after {limit} s")
            time.sleep(0.2)

    def _start(self, name):
        self.processes[name] = subprocess.Popen(
            ["tor", "--defaults-torrc", "/dev/null", "--quiet", "-f", str(self.folder / name / "torrc")])

    def start_client(self, limit=180):
        """Waits until the client can be used."""
        log = self.folder / "client" / "log"
        before = log.read_text().count("Bootstrapped 100%") if log.exists() else 0
        self._start("client")
        deadline = time.monotonic() + limit
        while not log.exists() or log.read_text().count("Bootstrapped 100%") == before:
            if self.processes["client"].poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the client's tor did not bootstrap within {limit} s:\n" + log.read_text()[-2000:])
            time.sleep(0.2)

    def stop_client(self):
        self._stop("client")

    def _stop(self, name):
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop(self):
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            self._stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)
