"""A client that says lines to a control port, one after the other, and prints the replies: HOST PORT LINE..."""

import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=60) as connection:
    replies = connection.makefile('r', newline='\r\n')
    for line in sys.argv[3:]:
        connection.sendall(line.encode() + b'\r\n')
        while True:
            reply = replies.readline()
            print(reply.rstrip())
            if reply[3:4] != '-':
                break
