import ControlProtocol

/// The words of control-spec that a profile may name. Others are accepted with a warning, for tor learns new ones.
package enum KnownWords: String {
    case command, event

    /// What messages call one of them.
    var phrase: String {
        switch self {
        case .command: "a command"
        case .event: "an event"
        }
    }

    package var all: Set<String> {
        switch self {
        case .command: Self.commands
        case .event: Self.events
        }
    }

    /// Commands (control-spec, section 3).
    private static let commands: Set<String> = [
        "ADD_ONION", "ATTACHSTREAM", "AUTHCHALLENGE", "AUTHENTICATE", "CLOSECIRCUIT", "CLOSESTREAM", "DEL_ONION",
        "DROPGUARDS", "DROPOWNERSHIP", "DROPTIMEOUTS", "EXTENDCIRCUIT", "GETCONF", "GETINFO", "HSFETCH", "HSPOST",
        "LOADCONF",
        "MAPADDRESS", "ONION_CLIENT_AUTH_ADD", "ONION_CLIENT_AUTH_REMOVE", "ONION_CLIENT_AUTH_VIEW", "POSTDESCRIPTOR",
        "PROTOCOLINFO", "QUIT", "REDIRECTSTREAM", "RESETCONF", "RESOLVE", "SAVECONF", "SETCIRCUITPURPOSE", "SETCONF",
        "SETEVENTS", "SETROUTERPURPOSE", "SIGNAL", "TAKEOWNERSHIP", "USEFEATURE",
    ]

    /// Commands that onion-grater answers itself, so that rules for them decide nothing.
    package static let answeredCommands: Set<Keyword> = [
        "AUTHCHALLENGE", "AUTHENTICATE", "DROPOWNERSHIP", "PROTOCOLINFO", "QUIT", "TAKEOWNERSHIP",
    ]

    /// Asynchronous events (control-spec, section 4.1).
    private static let events: Set<String> = [
        "ADDRMAP", "AUTHDIR_NEWDESCS", "BUILDTIMEOUT_SET", "BW", "CELL_STATS", "CIRC", "CIRC_BW", "CIRC_MINOR",
        "CLIENTS_SEEN",
        "CONF_CHANGED", "CONN_BW", "DEBUG", "DESCCHANGED", "ERR", "GUARD", "HS_DESC", "HS_DESC_CONTENT", "INFO",
        "NETWORK_LIVENESS", "NEWCONSENSUS", "NEWDESC", "NOTICE", "NS", "ORCONN", "PT_LOG", "PT_STATUS", "SIGNAL",
        "STATUS_CLIENT", "STATUS_GENERAL", "STATUS_SERVER", "STREAM", "STREAM_BW", "TB_EMPTY", "TRANSPORT_LAUNCHED",
        "WARN",
    ]
}
