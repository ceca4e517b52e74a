"""OnionShare, Tahoe-LAFS and magic-wormhole."""

import base64
import configparser
import json
import os

from application import application
from network import free_ports
from tools import venv


def form(name, content):
    """A file as a browser would upload it."""
    mark = "----form"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file[]"; filename="{name}"\r\n\r\n'
    return head.encode() + content + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@application("onionshare", rules=12, needs_port=True)
def onionshare(stage):
    settings = stage.folder / "settings.json"
    settings.write_text(json.dumps({"connection_type": "automatic"}))
    content = os.urandom(3_000_000)
    shared = stage.folder / "shared"
    shared.write_bytes(content)
    site = stage.folder / "site"
    site.mkdir()
    (site / "index.html").write_text("<h1>here</h1>")

    def start(*arguments):
        program = stage.start(
            "/usr/bin/onionshare-cli", "--config", settings, *arguments, TOR_CONTROL_PORT=stage.port, PYTHONUNBUFFERED=1)
        return program, program.wait_for(r"http://([a-z2-7]{56})\.onion").group(1)

    # Share, in public, across a reload of the filter.
    program, address = start("--public", "--no-autostop-sharing", shared)
    stage.expect(b"OnionShare" in stage.fetch(address), "the page of a share")
    stage.expect(stage.fetch(address, "/download") == content, "the shared file to the last byte")
    stage.filter.ask("reload")
    stage.expect(stage.fetch(address, "/download") == content, "the shared file after a reload")
    program.stop()

    # Share, with a key, which goes to tor by way of another profile.
    program, address = start("--no-autostop-sharing", "--persistent", stage.folder / "kept.json", shared)
    key = program.wait_for(r"Private key: ([A-Z2-7]{52})").group(1)
    raw = base64.b64encode(base64.b32decode(key + "=" * (-len(key) % 8))).decode()
    with stage.controller() as controller:
        controller.msg(f"ONION_CLIENT_AUTH_ADD {address} x25519:{raw}")
    stage.expect(stage.fetch(address, "/download") == content, "the private file to the last byte")
    program.stop()
    program, again = start("--no-autostop-sharing", "--persistent", stage.folder / "kept.json", shared)
    stage.expect(again == address, "the address stays")
    program.stop()

    # Receive.
    received = stage.folder / "received"
    received.mkdir()
    program, address = start("--public", "--receive", "--data-dir", received)
    stage.expect(b"OnionShare" in stage.fetch(address), "the page to send files to")
    data, kind = form("sent", content)
    stage.fetch(address, "/upload", data, kind)
    files = [path for path in received.rglob("*") if path.is_file() and path.stat().st_size == len(content)]
    stage.expect(files and files[0].read_bytes() == content, f"the file received, of {list(received.rglob('*'))}")
    program.stop()

    # A website, and a chat room's page.
    program, address = start("--public", "--website", site)
    stage.expect(b"<h1>here</h1>" in stage.fetch(address), "the website")
    program.stop()
    program, address = start("--public", "--chat")
    stage.expect(b"chat" in stage.fetch(address).lower(), "the page of a chat room")

    # Tor restarts: the service is gone, and so is OnionShare's connection.
    stage.network.stop_client()
    stage.network.start_client()
    stage.expect(not stage.is_reachable(address), "the service ends with tor")
    stage.expect(program.process.poll() is None, "OnionShare goes on")
    stage.note("when tor restarts, the service is gone and OnionShare goes on waiting: start it again")
    program.stop()


def configure(node, **sections):
    """Changes the configuration of a node of Tahoe's."""
    path = node / "tahoe.cfg"
    config = configparser.ConfigParser(interpolation=None, strict=False)
    config.read(path)
    for section, values in sections.items():
        if section not in config:
            config[section] = {}
        config[section].update(values)
    with open(path, "w") as file:
        config.write(file)


@application("tahoe-lafs", rules=16, unused="the SOCKS port is asked for by a node that connects over tor itself")
def tahoe(stage):
    program = venv("tahoe-lafs[tor]==1.20.0", "bin/tahoe")
    introducer, node, visitor = (stage.folder / name for name in ["introducer", "node", "visitor"])
    introducer_port, web_port = free_ports(2)
    stage.run(program, "create-introducer", f"--port=tcp:{introducer_port}:interface=127.0.0.1",
              f"--location=tcp:127.0.0.1:{introducer_port}", introducer)
    stage.start(program, "run", "--allow-stdin-close", introducer)
    shares = ["--shares-needed=1", "--shares-happy=1", "--shares-total=1"]
    known = f"--introducer={stage.read(introducer / 'private' / 'introducer.furl')}"
    stage.run(program, "create-node", "--listen=tor", f"--tor-control-port=unix:{stage.socket}", known, *shares,
              "--webport=none", node)
    # Tahoe's newer protocol of storage does not find its way over tor with the versions of libraries that PyPI has now.
    configure(node, storage={"force_foolscap": "True"})
    stage.start(program, "run", "--allow-stdin-close", node)

    # A client of the node's, that reaches it by its onion address alone.
    stage.run(program, "create-client", known, *shares, f"--webport=tcp:{web_port}:interface=127.0.0.1", visitor)
    configure(visitor, client={"force_foolscap": "True"}, tor={"socks.port": f"tcp:127.0.0.1:{stage.network.socks_port}"})
    client = stage.start(program, "run", "--allow-stdin-close", visitor)
    client.wait_for(r"client running")
    content = os.urandom(200_000)
    (stage.folder / "sent").write_bytes(content)
    capability = stage.retry(
        lambda: stage.run(program, "--node-directory", visitor, "put", stage.folder / "sent").split()[-1], limit=90)
    stage.run(program, "--node-directory", visitor, "get", capability, stage.folder / "fetched")
    stage.expect((stage.folder / "fetched").read_bytes() == content, "the file that was put comes back")


@application("magic-wormhole", rules=9)
def wormhole(stage):
    program = stage.start(
        "/usr/bin/wormhole", "--relay-url", "ws://relay.example:4000/v1", "send", "--tor", "--tor-control-port",
        f"unix:{stage.socket}", "--text", "hello")
    try:
        stage.wait_for_rules(9, limit=30)
    finally:
        program.stop()
        stage.note(program.text[-300:])
