"""A script in the place of an assistant that connects to tor, as Tails' Tor Connection. It comes last, for it changes tor's settings."""

import textwrap

from application import application


@application("tor-connection", rules=19)
def tor_connection(stage):
    stage.run("/usr/bin/python3", "-c", textwrap.dedent("""\
        import sys, stem.control
        controller = stem.control.Controller.from_socket_file(sys.argv[1])
        controller.authenticate()
        controller.add_event_listener(print, "STATUS_CLIENT")
        for key in ["version", "network-liveness", "status/circuit-established", "status/enough-dir-info",
                    "status/bootstrap-phase"]:
            print(key, controller.get_info(key))
        controller.set_options([("DisableNetwork", "1")])
        controller.set_options([("Bridge", "192.0.2.9:443"), ("UseBridges", "1")])
        print(controller.get_conf("Bridge", multiple=True))
        controller.reset_conf("Bridge", "UseBridges")
        controller.set_options([("HTTPSProxy", "192.0.2.1:3128"), ("HTTPSProxyAuthenticator", "user:word")])
        controller.reset_conf("HTTPSProxy", "HTTPSProxyAuthenticator")
        controller.set_conf("Socks4Proxy", "192.0.2.1:1080")
        controller.reset_conf("Socks4Proxy")
        controller.set_options(
            [("Socks5Proxy", "192.0.2.1:1080"), ("Socks5ProxyUsername", "user"), ("Socks5ProxyPassword", "word")])
        controller.reset_conf("Socks5Proxy", "Socks5ProxyUsername", "Socks5ProxyPassword")
        controller.set_conf("DisableNetwork", "0")
        """), stage.socket)
