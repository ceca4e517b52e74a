"""The soak's profiles, and a judge of what may reach tor that shares nothing with onion-grater."""

import re

LARGE_REPLY_LINES = 2000

# GETINFO ns/id comes and goes with the profiles.
GENEROUS = """
- name: soak
  apparmor-profiles: ['*']
  users: ['*']
  commands:
    GETINFO: [version, 'ns/name/[a-z0-9]+', 'ns/id/[a-z0-9]+']
    SIGNAL: [NEWNYM]
    ADD_ONION:
      - pattern: 'NEW:BEST Port=80,([0-9]{1,5})'
        replacement: 'NEW:ED25519-V3 Port=80,127.0.0.1:{}'
        response:
          - pattern: '250-PrivateKey=.*'
            replacement: ''
  events:
    CIRC:
      response:
        - pattern: '650 CIRC ([0-9]+) BUILT .*'
          replacement: '650 CIRC {} BUILT'
"""
STRICT = GENEROUS.replace(", 'ns/id/[a-z0-9]+'", "")
BROKEN = GENEROUS.replace("GETINFO: [", "GETINFO: [['")

MAY_REACH_TOR = [
    re.compile(pattern)
    for pattern in (
        r"PROTOCOLINFO 1",
        r"AUTHENTICATE",
        r"GETINFO( (version|ns/(name|id)/[a-z0-9]+))+",
        r"SIGNAL NEWNYM",
        r"ADD_ONION NEW:ED25519-V3 Port=80,127\.0\.0\.1:[0-9]{1,5}",
        r"SETEVENTS( CIRC)?",
    )
]

DENIED = [
    "GETINFO address",
    "getinfo circuit-status",
    "GETINFO version address",
    "GETINFO ns/name/a,address",
    "GETCONF HashedControlPassword",
    "SETCONF ControlPort=9051",
    "SIGNAL HALT",
    "SIGNAL NEWNYM HALT",
    "ADD_ONION NEW:BEST Port=80,10.0.0.1:80",
    "ADD_ONION NEW:ED25519-V3 Port=80,127.0.0.1:1",
    "MAPADDRESS 1.2.3.4=5.6.7.8",
    "SETEVENTS STREAM",
    "EXTENDCIRCUIT 0",
    "ATTACHSTREAM 1 1",
    "LOADCONF",
    "DROPGUARDS",
    "NONSENSE",
]


def may_reach_tor(command):
    return any(pattern.fullmatch(command) for pattern in MAY_REACH_TOR)
