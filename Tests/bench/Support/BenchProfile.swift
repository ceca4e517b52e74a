/// The profile that the daemon is measured with.
public enum BenchProfile {
    /// How many rules `RESOLVE` has.
    public static let ruleCount = 1000

    public static let text = """
        - name: bench
          users: ['*']
          sockets: ['*']
          commands:
            GETINFO: ['version', 'ns/all', 'flood/CIRC/[0-9]+', 'flood/HS_DESC/[0-9]+']
            ADD_ONION:
              - pattern: '(NEW:\\S+) Port=80,(176[0-5]\\d)'
                replacement: '{} Port=80,127.0.0.1:{}'
                response:
                  - {pattern: '250-PrivateKey=(\\S+):\\S+', replacement: '250-PrivateKey={}:redacted'}
            RESOLVE:
        \(rules)
          events:
            CIRC:
            HS_DESC:
              response:
                - {pattern: '650 HS_DESC UPLOADED (\\S+) (\\S+) .*', replacement: '650 HS_DESC UPLOADED {} {} redacted'}

        """

    /// One of many profiles for other clients, of a common size.
    public static func other(_ number: Int) -> String {
        """
        - name: app\(number)
          sockets: ['app\(number)']
          commands:
            GETINFO: ['version', 'status/bootstrap-phase', 'net/listeners/socks', 'onions/current']
            ADD_ONION: ['NEW:ED25519-V3 Port=80,\(8000 + number)', 'NEW:\\S+ Port=[0-9]+,127\\.0\\.0\\.1:\(8000 + number)']
            DEL_ONION: ['[a-z2-7]{56}']
            SIGNAL: ['NEWNYM']
          events: {HS_DESC: , STATUS_CLIENT: }
        """ + "\n"
    }

    private static let rules = (0..<ruleCount)
        .map { "      - 'host-\($0)\\.(?:onion|example)\\.[a-z]+'" }
        .joined(separator: "\n")
}
