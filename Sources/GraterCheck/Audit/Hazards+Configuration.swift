/// Hazards of tor's configuration.
extension HazardCatalogue {
    private static let executing = ["ClientTransportPlugin", "ServerTransportPlugin"]
    private static let opening = [
        "ControlPort", "ControlSocket", "CookieAuthentication", "CookieAuthFile", "HashedControlPassword",
        "__HashedControlSessionPassword", "ControlListenAddress",
    ]
    private static let routing = [
        "Socks4Proxy", "Socks5Proxy", "HTTPSProxy", "TCPProxy", "Bridge", "UseBridges", "EntryNodes",
        "ExitNodes", "MiddleNodes", "HSLayer2Nodes", "HSLayer3Nodes", "ExcludeNodes", "DirAuthority",
        "AlternateDirAuthority", "FallbackDir", "NumEntryGuards", "UseEntryGuards", "MapAddress",
    ]
    private static let listening = [
        "SocksPort", "SocksListenAddress", "SocksPolicy", "DNSPort", "TransPort", "NATDPort", "HTTPTunnelPort",
        "ORPort", "DirPort", "ExtORPort", "MetricsPort",
    ]
    private static let serving = [
        "HiddenServiceDir", "HiddenServicePort", "HiddenServiceVersion", "HiddenServiceNonAnonymousMode",
        "HiddenServiceSingleHopMode", "ClientOnionAuthDir",
    ]
    private static let writing = [
        "Log", "DataDirectory", "CacheDirectory", "PidFile", "ControlPortWriteToFile", "SafeLogging",
        "ExtORPortCookieAuthFile", "User",
    ]
    private static let switching = ["DisableNetwork"]

    static let configuration = [
        Hazard(
            id: "execute", severity: .critical, title: "has tor run a program",
            explanation: "Tor starts pluggable transports as its own user: any command on this machine.",
            advice: "leave it out, or allow the exact line of one transport",
            ways: setting(
                assignments(executing),
                samples: ["ClientTransportPlugin=\"x exec /bin/sh\"", "ServerTransportPlugin=\"x exec /bin/sh\""])),
        Hazard(
            id: "replace-configuration", severity: .critical, title: "replaces tor's configuration",
            explanation: "LOADCONF brings in every option there is, the running of programs included.",
            advice: "list single options under 'confs'",
            ways: [Hazard.Way(command: "LOADCONF", pattern: ".*", samples: [""])]),
        Hazard(
            id: "open-control", severity: .critical, title: "opens tor's control port, or changes its password",
            explanation: "Behind an open control port there is no filter.",
            advice: "leave it out",
            ways: setting(
                assignments(opening),
                samples: [
                    "ControlPort=\"0.0.0.0:9999\"", "ControlSocket=/tmp/control", "CookieAuthentication=0",
                    "HashedControlPassword=\"16:AB\"",
                ])),
        Hazard(
            id: "route", severity: .high, title: "decides through whom tor connects",
            explanation: "A proxy, a bridge, a guard or an authority of the client's choice sees the user's address.",
            advice: "list the values that are needed under 'confs'",
            ways: setting(
                assignments(routing),
                samples: [
                    "Bridge=\"203.0.113.9:443\"", "Socks5Proxy=\"203.0.113.9:1080\"", "EntryNodes=moria",
                    "UseEntryGuards=0", "HSLayer2Nodes=moria",
                ])),
        Hazard(
            id: "listeners", severity: .high, title: "opens or closes the ports that programs reach tor by",
            explanation: "A SOCKS port for the network lets strangers in; one that is gone cuts off all programs.",
            advice: "use the SOCKS port that is there",
            ways: setting(
                assignments(listening),
                samples: ["SocksPort=\"0.0.0.0:9050\"", "DNSPort=53", "ORPort=9001", "SocksPort=0"])),
        Hazard(
            id: "configured-services", severity: .high, title: "writes onion services into tor's configuration",
            explanation: "They lead to any address, outlive the client, and their keys lie where tor can write.",
            advice: "use ADD_ONION, whose targets a rule can hold fast",
            ways: setting(
                assignments(serving),
                samples: [
                    "HiddenServiceDir=/var/lib/tor/x", "HiddenServicePort=\"22 127.0.0.1:22\"",
                    "HiddenServiceSingleHopMode=1", "HiddenServiceNonAnonymousMode=1",
                ])),
        Hazard(
            id: "write-files", severity: .high, title: "has tor write files of the client's choice",
            explanation: "Tor writes as its own user, and its log tells everything.",
            advice: "leave it out",
            ways: setting(
                assignments(writing),
                samples: ["Log=\"debug file /tmp/log\"", "DataDirectory=/tmp/x", "SafeLogging=0"])),
        Hazard(
            id: "network-off", severity: .medium, title: "takes tor off the network, for all programs",
            explanation: "All programs lose their connections, and onion services vanish, until somebody sets it back.",
            advice: "answer it: {pattern: 'DisableNetwork=[01]', answer: ['250 OK']}",
            ways: setting(assignments(switching), samples: ["DisableNetwork=1", "DisableNetwork=0"])),
        Hazard(
            id: "other-options", severity: .medium, title: "changes an option of tor for all programs",
            explanation: "Options hold for everybody who uses this tor.",
            advice: "answer it ('answer:'), or list the option and its values under 'confs'",
            ways: anyAssignment.flatMap { options in
                setting(
                    options,
                    harmless: assignments(
                        executing + opening + routing + listening + serving + writing + switching),
                    samples: ["ContactInfo=x", "LearnCircuitBuildTimeout=0", "ConnectionPadding=0"])
            }),
        Hazard(
            id: "persist", severity: .high, title: "makes changes last beyond tor's restart",
            explanation: "SAVECONF rewrites torrc: whatever was set, by whomever, stays.",
            advice: "leave it out, or answer it: {pattern: '.*', answer: ['250 OK']}",
            ways: [Hazard.Way(command: "SAVECONF", pattern: ".*", samples: ["", "FORCE"])]),
        Hazard(
            id: "read-secrets", severity: .high, title: "reads secrets out of tor's configuration",
            explanation: "Passwords, keys and where they lie.",
            advice: "leave it out, or answer it ('answer:')",
            ways: [
                Hazard.Way(
                    command: "GETCONF",
                    pattern: options([
                        "HashedControlPassword", "__HashedControlSessionPassword", "Socks5ProxyPassword",
                        "Socks5ProxyUsername", "HTTPSProxyAuthenticator", "HidServAuth",
                    ]),
                    samples: ["HashedControlPassword", "Socks5ProxyPassword"],
                    leaks: [Hazard.Leak(text: "16:SECRET", secret: "SECRET")]),
                info(
                    "config-text", samples: ["config-text"],
                    leaks: Hazard.Leak(text: "HashedControlPassword 16:SECRET\nNickname x", secret: "SECRET")),
            ]),
        Hazard(
            id: "read-configuration", severity: .medium, title: "reads tor's configuration",
            explanation: "It tells one user's tor from another's, and where on this machine things are.",
            advice: "leave it out, or answer it ('answer:')",
            ways: [
                info(
                    "config-file|config-defaults-file|config-can-saveconf", samples: ["config-file"],
                    leaks: Hazard.Leak(text: "/etc/tor/SECRET", secret: "SECRET")),
                Hazard.Way(
                    command: "GETCONF",
                    pattern: options([
                        "Address", "OutboundBindAddress", "HiddenServiceOptions", "HiddenServiceDir",
                        "HiddenServicePort", "Nickname", "ContactInfo", "ClientTransportPlugin", "Socks5Proxy",
                        "HTTPSProxy", "Socks4Proxy", "DataDirectory", "Log", "CookieAuthFile", "ControlPort", "ORPort",
                    ]),
                    samples: ["Address", "HiddenServiceOptions", "DataDirectory", "ControlPort"],
                    leaks: [Hazard.Leak(text: "SECRET", secret: "SECRET")]),
                event("CONF_CHANGED", "650-CONF_CHANGED\n650-Bridge=SECRET\n650 OK", secret: "SECRET"),
            ]),
    ]
}
