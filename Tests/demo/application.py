"""The demo's application: it says what it wants through stem, and shows what onion-grater made of it.

usage: application.py FOLDER
"""

import os
import queue
import sys
import time

import stem
import stem.control

folder = sys.argv[1]
colour = sys.stdout.isatty()
surprises = []


def paint(code, text):
    return '\033[%sm%s\033[0m' % (code, text) if colour else text


def heading(text):
    print('\n' + paint('1', text))


def show(sign, text, code='0'):
    print('  %s %s' % (sign, paint(code, text)))


def expect(truth, what):
    if not truth:
        surprises.append(what)
        show('!', 'SURPRISE: ' + what, '1;31')


class Log:
    """The daemon's log, shown as it grows."""

    def __init__(self, path):
        self.file = open(path)
        self.who = None

    def show(self, *parts):
        """Shows what is new; waits until a new line holds each of `parts`."""
        deadline, text = time.monotonic() + 20, ''
        while True:
            text += self.file.read()
            if all(part in text for part in parts) or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for line in text.splitlines():
            show(paint('2', 'log'), self.shortened(line), '2')
        expect(all(part in text for part in parts), 'the log does not say %s' % (parts,))

    def shortened(self, line):
        """Every line says who the client is: once is enough here."""
        said, mark, who = line.partition(' identity=')
        if self.who is None:
            self.who = mark + who if mark else None
            return line
        return said


def ask(controller, command):
    show('->', command, '36')
    reply = controller.msg(command).raw_content().strip().splitlines()
    for line in reply:
        show('<-', line, '31' if line.startswith('5') else '32')
    log.show(command.split('=')[0])
    return reply


log = Log(os.path.join(folder, 'onion-grater.log'))

heading('A private tor runs, and onion-grater before it. The application may do what this profile lists:')
with open(os.path.join(folder, 'profiles.d', 'application.yml')) as profile:
    for line in profile:
        show(' ', line.rstrip(), '2')

heading('The application connects with stem, as it would to tor itself')
with stem.control.Controller.from_socket_file(os.path.join(folder, 'control')) as controller:
    controller.authenticate()
    log.show('application')

    heading('Allowed: a question that the profile lists')
    reply = ask(controller, 'GETINFO version')
    expect(reply[0].startswith('250-version=0.'), 'tor did not tell its version')

    heading('Denied: the real address of this machine, and a setting that runs a command. Tor hears of neither')
    for command in ('GETINFO address', 'SETCONF ClientTransportPlugin="x exec /bin/sh"'):
        expect(ask(controller, command) == ['510 Command filtered'], '%s was not denied' % command)

    heading('Rewritten: an onion service may only lead to this machine, and its key stays with tor')
    reply = ask(controller, 'ADD_ONION NEW:ED25519-V3 Port=80,17600')
    expect(reply[0].startswith('250-ServiceID='), 'no onion service was made')
    expect(reply[1:2] == ['250-PrivateKey=ED25519-V3:redacted'], 'the key was not redacted')
    expect(
        ask(controller, 'ADD_ONION NEW:ED25519-V3 Port=80,192.168.1.1:22') == ['510 Command filtered'],
        'an onion service leads elsewhere',
    )
    expect(ask(controller, 'DEL_ONION ' + reply[0].split('=')[1]) == ['250 OK'], 'the onion service was not removed')

    heading('Events: those listed arrive, here with a value redacted; others cannot be subscribed')
    events = queue.Queue()
    controller.add_event_listener(events.put, stem.control.EventType.CONF_CHANGED)
    show('->', 'SETEVENTS CONF_CHANGED', '36')
    log.show('CONF_CHANGED')
    with stem.control.Controller.from_socket_file(os.path.join(folder, 'tor-control')) as admin:
        admin.authenticate()
        admin.set_conf('ContactInfo', 'alice@example.org')
        show('  ', "(the machine's admin sets ContactInfo to alice@example.org)")
    try:
        event = events.get(timeout=20)
        for line in event.raw_content().strip().splitlines():
            show('<-', line, '32')
        expect('alice' not in event.raw_content(), 'the event was not redacted')
        expect('ContactInfo=redacted' in event.raw_content(), 'the event is not the one expected')
    except queue.Empty:
        expect(False, 'no event arrived')
    expect(ask(controller, 'SETEVENTS STREAM') == ['510 Command filtered'], 'streams can be watched')

heading('The application leaves')
log.show()
print()
if surprises:
    sys.exit('%d surprises' % len(surprises))
print(paint('1;32', 'Everything went as it should.'))
