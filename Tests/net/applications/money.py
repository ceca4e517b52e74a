"""Litecoin Core, whose code for tor is Bitcoin Core's."""

from application import application
from network import free_ports

NETWORKS = {"regtest": ("-regtest", 19444), "testnet": ("-testnet", 19335), "signet": ("-signet", 39335), "main": ("-server=0", 9333)}


@application("litecoind", rules=4, needs_port=True)
def litecoind(stage):
    for count, (name, (option, port)) in enumerate(NETWORKS.items(), 1):
        folder = stage.folder / name
        folder.mkdir()
        node = stage.start(
            "litecoind", option, f"-datadir={folder}", f"-torcontrol=127.0.0.1:{stage.port}", "-listen=1", "-listenonion=1",
            f"-bind=127.0.0.1:{port + 1}=onion", f"-bind=127.0.0.1:{free_ports(1)[0]}", "-connect=0", "-dnsseed=0",
            f"-rpcport={free_ports(1)[0]}", "-debug=tor", "-printtoconsole=1")
        node.wait_for(r"tor: Got service ID [a-z2-7]{56}")
        stage.wait_for_rules(count)
        node.stop()
