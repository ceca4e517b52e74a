"""Starts a program with listening sockets, as systemd's socket units do (sd_listen_fds(3)).

    activate.py [NAME=PLACE]... -- PROGRAM [ARGUMENT]...

PLACE is a path, an IPv4 address with a port, or `datagram` or `connected` for a socket that is of no use.
"""
import os
import socket
import sys

split = sys.argv.index('--')
sockets, names = [], []
for argument in sys.argv[1:split]:
    name, place = argument.split('=')
    names.append(name)
    if place == 'datagram':
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    elif place == 'connected':
        made = socket.socketpair()[0]
    elif place.startswith('/'):
        made = socket.socket(socket.AF_UNIX)
        made.bind(place)
        made.listen(64)
    else:
        host, port = place.rsplit(':', 1)
        made = socket.socket()
        made.bind((host, int(port)))
        made.listen(64)
    sockets.append(os.dup2(made.fileno(), 100 + len(sockets), inheritable=False))
for number, made in enumerate(sockets):
    os.dup2(made, 3 + number)
os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=':'.join(names))
os.execv(sys.argv[split + 1], sys.argv[split + 1:])
