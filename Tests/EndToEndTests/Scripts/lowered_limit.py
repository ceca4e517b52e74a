"""Clients that all speak at once while the daemon's limit of descriptors is below what it has open, again and again: SOCKET PID"""

import resource
import socket
import sys
import threading
import time

path, pid = sys.argv[1], int(sys.argv[2])
clients = []
for _ in range(20):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(60)
    client.connect(path)
    client.sendall(b'AUTHENTICATE\r\n')
    assert client.recv(100) == b'250 OK\r\n'
    clients.append(client)
ended = False
lost = []


def talk(client):
    try:
        while not ended:
            client.sendall(b'GETINFO address\r\n')
            if client.recv(100) != b'510 Command filtered\r\n':
                raise OSError('another reply')
    except OSError as error:
        lost.append(error)


threads = [threading.Thread(target=talk, args=(client,)) for client in clients]
for thread in threads:
    thread.start()
whole = resource.prlimit(pid, resource.RLIMIT_NOFILE)
for _ in range(6):
    try:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (10, whole[1]))
        # Dispatch looks at threads that it watches once a second.
        time.sleep(1.2)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, whole)
    except ProcessLookupError:
        break
ended = True
for thread in threads:
    thread.join()
print(f'lost: {len(lost)}')
