"""What an application that insists on a cookie does, with stem: told the paths of a control socket and of the cookie."""

import sys

import stem.connection
from stem.control import Controller

for authenticate in (stem.connection.authenticate_safecookie, stem.connection.authenticate_cookie):
    with Controller.from_socket_file(sys.argv[1]) as controller:
        authenticate(controller, sys.argv[2])
        print(authenticate.__name__, controller.get_info('config-file', 'refused'))
