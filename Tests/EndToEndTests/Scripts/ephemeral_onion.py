"""What an application that runs an onion service does, with stem: told the path of a control socket."""

import sys

import stem
from stem.control import Controller

with Controller.from_socket_file(sys.argv[1]) as controller:
    controller.authenticate()
    print('version', controller.get_version())

    service = controller.create_ephemeral_hidden_service({80: 17600}, key_type='NEW', key_content='ED25519-V3')
    print('created', len(service.service_id), service.private_key_type)

    try:
        controller.get_info('address')
        print('address was told')
    except stem.ControllerError as error:
        print('address', type(error).__name__, error)
    print('raw', controller.msg('GETINFO address').raw_content().strip())

    print('removed', controller.remove_ephemeral_hidden_service(service.service_id))
