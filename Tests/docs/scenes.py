"""What is there when a command of the pages is played, and what comes of it."""
import pathlib
import socket
import subprocess
import time

from pages import ROOT, blocks

SHARED = "/run/onion-grater/control"


class Scene:
    """A command's stage.

    files: what is in the folder, by name; `None` for the page's own profile, which stands above the command.
    status: the exit status that the page leads one to expect.
    is_shown: whether what the page shows is printed here; where it is not, `why` says what else is there.
    lasts: for a command that runs until it is ended: a function that tells whether it does what it is for.
    """

    def __init__(self, status=0, files={}, is_shown=True, why="", lasts=None, before=None):
        assert is_shown or why
        self.status, self.files, self.is_shown, self.lasts, self.before = status, files, is_shown, lasts, before

    def prepare(self, folder, page):
        for name, text in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(own_profile(page) if text is None else text)
        if self.before:
            subprocess.run(["bash", "-ec", self.before], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    def wait(self, process):
        for _ in range(300):
            if self.lasts(process):
                return
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise TimeoutError("it runs, and does not what it is for")


def own_profile(page):
    """The first whole profile that the page shows."""
    for _, lines in blocks(page.read_text()):
        if lines and lines[0].startswith("- ") and any("commands:" in line for line in lines):
            return "\n".join(lines).rstrip() + "\n"
    raise LookupError(f"{page} shows no profile")


def talk(path, *commands):
    """The first line of each reply of the control port at `path`."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        replies = connection.makefile("rb")
        said = []
        for command in commands:
            connection.sendall(command.encode() + b"\r\n")
            line = first = replies.readline()
            while line[3:4] == b"-":
                line = replies.readline()
            said.append(first.decode().strip())
        return said


def is_served(_):
    """Whether the daemon answers this program as its profile says."""
    try:
        return talk(SHARED, "AUTHENTICATE", "GETINFO version", "GETINFO address")[0] == "250 OK"
    except OSError:
        return False


def shows_a_denial(_):
    """Whether `watch` is told of one; it is enough that the daemon keeps it."""
    talk(SHARED, "AUTHENTICATE", "GETINFO address")
    return "GETINFO address" in subprocess.run(["onion-grater", "status"], capture_output=True, text=True, check=True).stdout


GOOD = """\
- name: 'myapp'
  apparmor-profiles: ['/usr/bin/myapp']
  users: ['*']
  commands:
    GETINFO:
      - 'version'
"""
LOCAL = f"""\
cat >/etc/onion-grater.d/pages.yml <<END
- name: pages
  apparmor-profiles: ['{pathlib.Path('/usr/bin/python3').resolve()}']
  users: ['*']
  commands: {{GETINFO: ['version']}}
END
"""
TRANSCRIPT = "profile: {}\n\n== One session\nC>T: GETINFO version\nT>C: 250-version=0.4.9.11\nT>C: 250 OK\nC: GETINFO address\n>C: 510 Command filtered\n"
ROFLCOPTOR = """\
{
    "name": "onionshare",
    "exec-path": "/usr/bin/onionshare-gui",
    "user-id": 1000,
    "AuthNetAddr": "unix",
    "AuthAddr": "/run/r/onionshare.socket",
    "client-allowed": [
        "QUIT",
        "SETEVENTS HS_DESC"
    ],
    "client-allowed-prefixes": [
        "ADD_ONION NEW:ED25519-V3 "
    ],
    "server-allowed": [
        "250 OK"
    ],
    "server-allowed-prefixes": [
        "650 HS_DESC UPLOADED "
    ],
    "oz-app" : "onionshare-gui",
    "request-oz-onion-forwarder": false
}
"""
REPOSITORY = "git init -q -b main . && git add -f myapp.yml && git -c user.name=x -c user.email=x@example.org commit -qm x"
SELFTEST = {"myapp.yml": GOOD}
DEBIAN = {f"debian/{name}": text for name, text in (
    ("myapp.yml", GOOD), ("myapp.onion-grater", GOOD), ("chat.yml", GOOD),
    ("myapp.transcript", TRANSCRIPT.format("myapp.yml")), ("myapp.onion-grater-transcript", TRANSCRIPT.format("myapp.onion-grater")))}

SCENES = {
    ("README.md", "grater-check chat.yml"): Scene(files={"chat.yml": None}),
    ("README.md", "grater-check try chat.yml 'GETINFO address'"): Scene(status=1, files={"chat.yml": None}),
    "sudo mkdir -p /run/onion-grater": Scene(),
    "sudo onion-grater": Scene(before=LOCAL, lasts=is_served),
    "sudo onion-grater status": Scene(is_shown=False, why="other applications have been there"),
    "grater-check --installed": Scene(),
    "grater-check audit --deny high /etc/onion-grater.d/NAME.yml": Scene(
        before="cp /etc/onion-grater.d/pages.yml /etc/onion-grater.d/NAME.yml"),
    "sudo onion-grater denials --since 1h": Scene(),
    "grater-check lint --format json myapp.yml": Scene(files=SELFTEST),
    "grater-check audit --html --installed > audit.html": Scene(),
    "grater-check diff --deny widened /usr/share/onion-grater/profiles.d new/profiles.d": Scene(
        before="mkdir -p new && cp -r /usr/share/onion-grater/profiles.d new/"),
    "sudo onion-grater watch --denied": Scene(lasts=shows_a_denial),
    "sudo onion-grater sessions": Scene(),
    "sudo onion-grater explain 42 'GETINFO address'": Scene(status=1),
    "sudo onion-grater complain onionshare --for 10m": Scene(),
    "sudo onion-grater enforce onionshare": Scene(),
    "sudo onion-grater kick 42": Scene(status=1),
    "onion-grater metrics > /var/lib/prometheus/node-exporter/onion-grater.prom.new": Scene(
        before="mkdir -p /var/lib/prometheus/node-exporter"),
    "mv /var/lib/prometheus/node-exporter/onion-grater.prom{.new,}": Scene(),
    "cp /usr/share/onion-grater/profiles.d/NAME.yml .": Scene(before="cp /usr/share/onion-grater/profiles.d/{onionshare,NAME}.yml"),
}

JOURNAL = f"""\
cat >/usr/local/bin/journalctl <<'END'
#!/bin/sh
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    echo '{{"GRATER_DECISION":"denied","GRATER_COMMAND":"GETINFO status/circuit-established","GRATER_PROFILE":"myapp"}}'
done
echo '{{"GRATER_DECISION":"denied","GRATER_COMMAND":"GETINFO address","GRATER_PROFILE":"myapp"}}'
END
chmod 755 /usr/local/bin/journalctl
"""
SHORT = "- name: 'myapp'\n  sockets: ['myapp']\n  commands:\n    GETINFO: ['version']\n"

SCENES |= {
    "grater-check learn --journal --add NAME.yml --output NAME.yml": Scene(files={"NAME.yml": SHORT}, before=JOURNAL),
    "sudo onion-grater denials --since 1h --profile myapp": Scene(
        status=1, is_shown=False, why="the daemon here has no profile of this name"),
    "grater-check learn --journal --add myapp.yml --output myapp.yml": Scene(files={"myapp.yml": SHORT}, before=JOURNAL + REPOSITORY),
    "grater-check diff <(git show HEAD:myapp.yml) myapp.yml": Scene(status=1),
    'git commit -m "Let myapp ask whether a circuit is established" myapp.yml': Scene(
        before="git config user.name x; git config user.email x@example.org"),
    "sudo install -m 644 NAME.yml /etc/onion-grater.d/": Scene(),
    ("docs/audit.md", "grater-check audit chat.yml"): Scene(
        status=1, files={"chat.yml": "- name: 'chat'\n  apparmor-profiles: ['/usr/bin/chat']\n  users: ['*']\n  commands:\n    GETINFO: ['.*']\n"}),
    "grater-check audit --deny medium debian/chat.yml": Scene(files=DEBIAN),
    "git show main:myapp.yml | grater-check diff - myapp.yml": Scene(files=SELFTEST, before=REPOSITORY),
    "grater-check learn --offline-tor --output myapp.yml -- myapp --selftest": Scene(before="rm -f myapp.yml"),
    ("docs/developing.md", "grater-check audit myapp.yml"): Scene(),
    "grater-check run myapp.yml --offline-tor --record myapp.transcript -- myapp --selftest": Scene(before="rm -f myapp.transcript"),
    "grater-check test myapp.transcript": Scene(),
}
SCENES |= {("docs/grater-check.md", text): scene for text, scene in {
    "grater-check myapp.yml": [
        Scene(files=SELFTEST),
        Scene(
            status=1, files={"myapp.yml": """\
- name: 'myapp'
  apparmor-profiles: ['/usr/bin/myapp']
  users: ['*']
  commands:
    ADD_ONION:
      - pattern: 'NEW:BEST Port=80,8080'
        replacment: 'NEW:BEST Port=80,{client-address}:8080'
"""}),
        Scene(files=SELFTEST),
    ],
    "grater-check audit myapp.yml": Scene(
        status=1, files={"myapp.yml": """\
- name: 'myapp'
  apparmor-profiles: ['/usr/bin/myapp']
  users: ['*']
  commands:
    ADD_ONION:
      - 'NEW:\\S+ Port=80,\\S+'
"""}),
    "grater-check diff old.yml myapp.yml": Scene(status=1, files={"old.yml": GOOD, "myapp.yml": GOOD.replace("version", "v.*")}),
    "grater-check try myapp.yml 'GETINFO address'": Scene(status=1, files=SELFTEST),
    "grater-check run myapp.yml -- myapp": Scene(status=1, files=SELFTEST),
    "grater-check learn -- myapp": Scene(),
    "grater-check identify $(pidof myapp)": Scene(
        status=1, before="cp /bin/sleep /usr/bin/myapp-sleeps; bash -c 'exec -a myapp /usr/bin/myapp-sleeps 600' & sleep 1"),
    "grater-check test myapp.transcript": Scene(files=SELFTEST | {"myapp.transcript": TRANSCRIPT.format("myapp.yml")}),
    "grater-check fmt myapp.yml": Scene(files=SELFTEST),
    "grater-check convert old.json > myapp.yml": Scene(status=1, files={"old.json": ROFLCOPTOR}),
    "grater-check merge a.yml b.yml > both.yml": Scene(
        status=1, files={
            "a.yml": "- name: 'a'\n  apparmor-profiles: ['/usr/bin/both']\n  users: ['*']\n  commands:\n    # stem\n    GETINFO: ['version', 'net/.*']\n",
            "b.yml": """\
- name: 'b'
  apparmor-profiles: ['/usr/bin/both']
  users: ['*']
  commands:

    # stem
    GETINFO:
      - pattern: 'net/listeners/socks'
        response: [{pattern: '250-net/listeners/socks=.*', replacement: '250-net/listeners/socks="127.0.0.1:9050"'}]
"""}),
    "grater-check schema": Scene(),
    "git show HEAD:myapp.yml | grater-check diff - myapp.yml": Scene(files=SELFTEST, before=REPOSITORY),
    "grater-check diff <(git show HEAD:myapp.yml) myapp.yml": Scene(),
    "grater-check diff old.yml new.yml": Scene(
        status=1, files={
            "old.yml": "- sockets: ['a']\n  name: 'a'\n  commands:\n    GETINFO: ['version']\n",
            "new.yml": "- sockets: ['a']\n  name: 'a'\n  commands:\n    GETINFO: ['vers.*']\n"}),
    "grater-check try profiles/onionshare.yml 'ADD_ONION NEW:ED25519-V3 Port=80,17602' 'GETINFO address'": Scene(
        status=1, before=f"ln -sfn {ROOT}/profiles profiles"),
    "grater-check try profiles/torbrowser.yml 'GETINFO net/listeners/socks' "
    "--reply '250-net/listeners/socks=\"192.168.1.5:9050\" \"127.0.0.1:9052\"\\n250 OK'": Scene(),
    "grater-check run onion-service.yml --offline-tor -- myapp": Scene(
        status=1, before=f"cp {ROOT}/profiles/onion-service.yml ."),
    "grater-check learn --offline-tor --output myapp.yml -- myapp": Scene(before="rm -f myapp.yml"),
    "grater-check learn --journal --add myapp.yml --diff": Scene(
        files={"myapp.yml": SHORT}, before=JOURNAL),
    "grater-check learn --log - --add myapp.yml --output myapp.yml < onion-grater.log": Scene(
        before="journalctl >onion-grater.log"),
    "grater-check audit --deny high myapp.yml": Scene(),
    "sudo onion-grater reload": Scene(),
    "grater-check identify --socket chat=/tmp/chat --profiles ./profiles": Scene(
        lasts=lambda _: pathlib.Path("/tmp/chat").is_socket()),
    "grater-check test profiles/*.transcript": Scene(),
    "grater-check fmt --diff myapp.yml": Scene(
        status=1, files={"myapp.yml": "- name: 'myapp'\n  sockets: ['myapp']\n  commands:\n    getinfo: [\"version\"]   # stem asks\n"}),
    "grater-check convert onionshare.json > onionshare.yml": Scene(status=1, files={"onionshare.json": ROFLCOPTOR}),
    "grater-check debian/myapp.yml && grater-check audit --deny high debian/myapp.yml": Scene(files=DEBIAN),
    "grater-check test debian/myapp.transcript": Scene(),
    "grater-check run debian/myapp.yml --offline-tor -- myapp --selftest": Scene(),
    "grater-check fmt --check myapp.yml": Scene(
        files=SELFTEST | {"myapp.transcript": TRANSCRIPT.format("myapp.yml")}, before="grater-check fmt myapp.yml"),
    "grater-check audit --deny high myapp.yml > /dev/null": Scene(),
    "grater-check test --format tap myapp.transcript": Scene(),
}.items()}
SCENES |= {
    "grater-check --generate-completion-script bash > ~/.local/share/bash-completion/completions/grater-check": Scene(
        before='mkdir -p .local/share/bash-completion/completions'),
    "grater-check --generate-completion-script zsh  > ~/.zfunc/_grater-check": Scene(before="mkdir -p .zfunc"),
    "grater-check --generate-completion-script fish > ~/.config/fish/completions/grater-check.fish": Scene(
        before="mkdir -p .config/fish/completions"),
    "grater-check /etc/onion-grater.d": Scene(),
    "grater-check learn --offline-tor --output debian/myapp.onion-grater -- myapp --selftest": Scene(before="mkdir -p debian"),
    "grater-check lint --deny warning debian/myapp.onion-grater": Scene(),
    "grater-check audit debian/myapp.onion-grater": Scene(),
    "grater-check debian/myapp.onion-grater && grater-check audit --deny high debian/myapp.onion-grater": Scene(files=DEBIAN),
    "grater-check test debian/myapp.onion-grater-transcript": Scene(),
    "grater-check run debian/myapp.onion-grater --offline-tor -- myapp --selftest": Scene(),
    ("docs/profiles.md", "grater-check /etc/onion-grater.d/chat.yml"): Scene(files={"chat.yml": None}, before="cp chat.yml /etc/onion-grater.d/"),
    "grater-check try /etc/onion-grater.d/chat.yml 'GETINFO version' 'GETINFO address'": Scene(status=1),
}
