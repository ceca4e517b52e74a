"""Programs that show what tor does: Onion Circuits, nyx and carml."""

import os
import re
import subprocess

from application import application
from stage import wait
from tools import venv


@application("onioncircuits", rules=11)
def onioncircuits(stage):
    picture = stage.folder / "window.png"
    # Its first circuit is chosen by key, for the relays of a circuit are asked for only then.
    script = stage.folder / "use"
    script.write_text(f"""\
        onioncircuits &
        window=$(xdotool search --sync --name 'Onion Circuits' | tail -n 1)
        for _ in $(seq 20); do
            xdotool windowfocus $window key --window $window Tab Down Down
            sleep 1
            import -window root {picture}.new.png && mv {picture}.new.png {picture}
        done
        wait
        """)
    program = stage.start(
        "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1000x700x24", "dbus-run-session", "sh", script,
        TOR_CONTROL_SOCKET=stage.socket)
    stage.wait_for_rules(11, limit=60)
    wait("a screenshot", lambda: picture.exists() and picture.stat().st_size > 5_000, 60, lambda: program.text[-800:])
    stage.keep(picture)
    program.stop()


def watch_with_nyx(stage):
    """What nyx shows in a terminal of 100 columns."""
    server = ["tmux", "-L", f"grater-{os.getpid()}-{stage.name}"]
    stage.run(*server, "-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "40",
              f"nyx --socket {stage.socket} --config /dev/null")
    try:
        def screen():
            return subprocess.run([*server, "capture-pane", "-p"], capture_output=True, text=True, timeout=20).stdout
        wait("a graph of the bandwidth", lambda: re.search(r"Download|Bandwidth", screen()), 60, screen)
        stage.keep_text("screen.txt", screen())
        yield server
    finally:
        subprocess.run([*server, "kill-server"], capture_output=True, timeout=20)


@application("nyx", rules=22)
def nyx(stage):
    for server in watch_with_nyx(stage):
        # Through all its pages, and back.
        for _ in range(5):
            subprocess.run([*server, "send-keys", "Right"], check=True, timeout=20)
            wait("a moment", iter([False, False, False, True]).__next__, 20)
        stage.wait_for_rules(22, limit=60)


@application("nyx-newnym", rules=23)
def nyx_newnym(stage):
    for server in watch_with_nyx(stage):
        subprocess.run([*server, "send-keys", "n"], check=True, timeout=20)
        for _ in range(5):
            subprocess.run([*server, "send-keys", "Right"], check=True, timeout=20)
            wait("a moment", iter([False, False, False, True]).__next__, 20)
        stage.wait_for_rules(23, limit=60)


@application("carml", rules=17, unused="it deletes no service, and asks for no SOCKS port")
def carml(stage):
    program = venv("carml==23.11.1", "bin/carml")
    connect = ["--connect", f"unix:{stage.socket}"]
    stage.run(program, *connect, "newid")
    stage.expect("0.4" in stage.run(program, *connect, "cmd", "getinfo", "version"), "tor's version")
    text = stage.folder / "text"
    text.write_text("pasted\n")
    paste = stage.start(program, *connect, "pastebin", "--once", "--file", text)
    address = paste.wait_for(r"([a-z2-7]{56})\.onion").group(1)
    stage.expect(b"pasted" in stage.fetch(address), "the pastebin's text")
    paste.wait(30)
    for subcommand in ["circ", "stream"]:
        stage.run(program, *connect, subcommand, "--list")
