"""onionbalance and vanguards."""

import re

from application import application


@application("onionbalance", rules=14)
def onionbalance(stage):
    page = stage.serve(b"a page")
    with stage.controller() as controller:
        instance = controller.create_ephemeral_hidden_service({80: page}, await_publication=True, key_content="ED25519-V3")
        folder = stage.folder / "config"
        stage.run("onionbalance-config", "--hs-version", "v3", "--no-interactive", "-n", "1", "--output", folder)
        config = next(folder.rglob("config.yaml"))
        text = config.read_text()
        address = re.search(r"key: ([a-z2-7]{56})\.key", text).group(1)
        config.write_text(re.sub(r"<[^>]*>|[a-z2-7]{56}\.onion", f"{instance.service_id}.onion", text))
        stage.start(
            "onionbalance", "--hs-version", "v3", "--is-testnet", "--verbosity", "debug", "--config", config, "--socket",
            stage.socket)
        stage.wait_for_rules(14, limit=180)
        stage.expect(stage.fetch(address) == b"a page", "the instance's page at the address of the balancer")


@application("vanguards", rules=23, unused="two options that it sets only when it is told to")
def vanguards(stage):
    state = stage.folder / "state"
    daemon = stage.start("vanguards", "--control_socket", stage.socket, "--state", state)
    stage.wait_for_rules(20, limit=60)
    daemon.stop()
    stage.run("vanguards", "--control_socket", stage.socket, "--state", state, "--one_shot_vanguards")
