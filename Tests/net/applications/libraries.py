"""Programs on a library: stem, txtorcon, aiostem; and keys to private services, by hand."""

import base64
import socket
import textwrap
from pathlib import Path

from application import application
from tools import venv

PYTHON = "/usr/bin/python3"


@application("onion-service", rules=12)
def onion_service(stage):
    script = stage.folder / "service.py"
    script.write_text(textwrap.dedent("""\
        import http.server, sys, threading, stem.control
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.end_headers(); self.wfile.write(b"a page")
        server = http.server.HTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        controller = stem.control.Controller.from_socket_file(sys.argv[1])
        controller.authenticate()
        for key in ["status/circuit-established", "status/bootstrap-phase"]:
            controller.get_info(key)
        service = controller.create_ephemeral_hidden_service(
            {80: server.server_port}, key_content="ED25519-V3", await_publication=True)
        print(service.service_id, controller.list_ephemeral_hidden_services(), flush=True)
        input()
        """))
    program = stage.start("sh", "-c", f"sleep 600 | {PYTHON} {script} {stage.socket}")
    address = program.wait_for(r"^([a-z2-7]{56}) ").group(1)
    stage.expect(stage.fetch(address) == b"a page", "the page")
    # The same with bine, the library for Go.
    binary = stage.folder / "bine"
    stage.run("go", "build", "-o", binary, Path(__file__).with_name("bine_service.go"),
              GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=stage.folder / "cache", GOFLAGS="")
    other = stage.start(binary, stage.socket)
    stage.expect(stage.fetch(other.wait_for(r"address ([a-z2-7]{56})").group(1)) == b"a page", "bine's page")
    other.stop()
    # Its end takes the service along.
    program.stop()
    with stage.controller() as controller:
        stage.expect(address not in controller.get_info("onions/detached", ""), "no service is left")
    stage.run(PYTHON, "-c", textwrap.dedent("""\
        import sys, stem.control, socket
        listener = socket.create_server(("127.0.0.1", 0))
        controller = stem.control.Controller.from_socket_file(sys.argv[1]); controller.authenticate()
        service = controller.create_ephemeral_hidden_service({80: listener.getsockname()[1]}, key_content="ED25519-V3")
        controller.remove_ephemeral_hidden_service(service.service_id)
        """), stage.socket)


@application("stem-script", rules=14)
def stem_script(stage):
    stage.run(PYTHON, "-c", textwrap.dedent("""\
        import sys, stem, stem.control
        controller = stem.control.Controller.from_socket_file(sys.argv[1])
        controller.authenticate()
        controller.add_event_listener(print, "STATUS_CLIENT")
        for key in ["version", "status/circuit-established", "status/enough-dir-info", "network-liveness", "dormant",
                    "status/bootstrap-phase", "net/listeners/socks"]:
            print(controller.get_info(key))
        print(controller.get_conf("SocksPort"))
        controller.signal(stem.Signal.NEWNYM)
        """), stage.socket)
    text = stage.run(venv("aiostem==0.4.7", "bin/python3"), "-c", textwrap.dedent("""\
        import asyncio, sys
        from aiostem import Controller

        async def main():
            async with Controller.from_path(sys.argv[1]) as controller:
                await controller.authenticate("")
                print(await controller.get_info("version"))

        asyncio.run(main())
        """), stage.socket)
    stage.expect("0.4" in text, f"tor's version for aiostem: {text}")


@application("txtorcon-service", rules=22, unused="this version asks for no detached services, and deletes none")
def txtorcon(stage):
    script = stage.folder / "service.py"
    script.write_text(textwrap.dedent("""\
        import sys
        import txtorcon
        from twisted.internet import defer, endpoints, task
        from twisted.web import resource, server

        class Page(resource.Resource):
            isLeaf = True
            def render_GET(self, request):
                return b"a page"

        @defer.inlineCallbacks
        def main(reactor):
            tor = yield txtorcon.connect(reactor, endpoints.UNIXClientEndpoint(reactor, sys.argv[1]))
            config = yield tor.get_config()
            state = yield tor.create_state()
            endpoint = tor.create_onion_endpoint(80, version=3)
            port = yield endpoint.listen(server.Site(Page()))
            print(port.getHost(), flush=True)
            yield defer.Deferred()

        task.react(main)
        """))
    program = stage.start(PYTHON, script, stage.socket)
    address = program.wait_for(r"([a-z2-7]{56})\.onion", limit=180).group(1)
    stage.expect(stage.fetch(address) == b"a page", "the page")


@application("onion_authentication", rules=2)
def onion_authentication(stage):
    key = base64.b64encode(bytes(range(32))).decode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(stage.socket)
        replies = connection.makefile("rb")
        for command in ["AUTHENTICATE", f"ONION_CLIENT_AUTH_ADD {'a' * 55}d x25519:{key}", f"ONION_CLIENT_AUTH_REMOVE {'a' * 55}d"]:
            connection.sendall(command.encode() + b"\r\n")
            reply = replies.readline().decode()
            stage.expect(reply[:3] in ("250", "251", "512"), f"{command}: {reply}")
