"""onionbalance and vanguards."""

import re

from application import application


@application("onionbalance", rules=14)
def onionbalance(stage):
    with stage.controller() as controller:
        instance = controller.create_ephemeral_hidden_service({80: 1}, await_publication=True, key_content="ED25519-V3")
        folder = stage.folder / "config"
        stage.run("onionbalance-config", "--hs-version", "v3", "--no-interactive", "-n", "1", "--output", folder)
        config = next(folder.rglob("config.yaml"))
        text = config.read_text()
        address = re.search(r"key: ([a-z2-7]{56})\.key", text).group(1)
        config.write_text(re.sub(r"<[^>]*>|[a-z2-7]{56}\.onion", f"{instance.service_id}.onion", text))
        balancer = stage.start(
            "onionbalance", "--hs-version", "v3", "--is-testnet", "--verbosity", "debug", "--config", config, "--socket",
            stage.socket)
        balancer.wait_for(f"Successfully uploaded descriptor for {address}", limit=240)
        stage.wait_for_rules(14, limit=240)


@application("vanguards", rules=23, unused="it closes circuits under attack, and watches timeouts when told to")
def vanguards(stage):
    # A network of six relays has no more.
    config = stage.folder / "config"
    config.write_text("[Vanguards]\nnum_layer2_guards = 2\nnum_layer3_guards = 2\n")
    arguments = ["vanguards", "--control_socket", stage.socket, "--state", stage.folder / "state", "--config", config]
    daemon = stage.start(*arguments)
    stage.wait_for_rules(20, limit=240)
    daemon.stop()
    stage.run(*arguments, "--one_shot_vanguards")
