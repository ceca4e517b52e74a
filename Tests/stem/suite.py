"""Runs stem's integration tests and writes what became of each.

usage: suite.py STEM TARGET direct|filtered DAEMON PROFILES RESULTS TOR

In the way "filtered" the daemon listens where the tests look for tor, and tor listens elsewhere: the tests' own code and
the way in which they start tor are untouched but for that address. RESULTS.json maps each test to its outcome.
"""

import fcntl
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

stem_folder, target, way, daemon, profiles, results, tor = sys.argv[1:]
sys.path.insert(0, stem_folder)
os.chdir(stem_folder)

import stem.util.conf
import stem.util.system
import stem.version
import test
import test.output
import test.runner

# Those that speak to tor's control port. The others test stem alone, or start further tors.
MODULES = (
    'test.integ.connection.authentication',
    'test.integ.connection.connect',
    'test.integ.control.base_controller',
    'test.integ.control.controller',
    'test.integ.interpreter',
    'test.integ.response.protocolinfo',
    'test.integ.socket.control_message',
    'test.integ.socket.control_socket',
    'test.integ.version',
)


def bring_up_loopback():
    """In a network namespace of our own even 127.0.0.1 is down at first."""
    SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack('16sh14x', b'lo', 0)
        flags = struct.unpack('16sh14x', fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        if not flags & IFF_UP:
            fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', flags | IFF_UP))


def wait_for(what, condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit('waited in vain for ' + what)
        time.sleep(0.01)


def start_daemon(folder):
    """Starts the daemon at the tests' address, and sends tor to another."""
    runner = test.runner
    tor_port, tor_socket = runner.CONTROL_PORT + 10000, runner.CONTROL_SOCKET_PATH + '.tor'
    if target == 'RUN_SOCKET':
        arguments = ['--no-tcp', '--listen-socket', 'suite=' + runner.CONTROL_SOCKET_PATH, '--control-socket', tor_socket]
        os.makedirs(os.path.dirname(tor_socket), mode=0o700)
    else:
        arguments = ['--listen-address', '127.0.0.1', '--listen-port', str(runner.CONTROL_PORT)]
        arguments += ['--listen-socket', 'unused=' + os.path.join(folder, 'unused')]
        arguments += ['--control-port', '127.0.0.1:%d' % tor_port]

    original = runner.Runner._run_setup

    def run_setup(self):
        contents = self._torrc_contents
        contents = contents.replace('ControlPort %d' % runner.CONTROL_PORT, 'ControlPort %d' % tor_port)
        contents = contents.replace('ControlSocket %s' % runner.CONTROL_SOCKET_PATH, 'ControlSocket %s' % tor_socket)
        self._torrc_contents = contents
        original(self)

    runner.Runner._run_setup = run_setup
    log = open(results + '.log', 'w')
    process = subprocess.Popen([daemon, '--profiles', profiles] + arguments, stdin=subprocess.DEVNULL, stderr=log)
    wait_for('the daemon to listen', lambda: 'listening' in open(results + '.log').read() or process.poll() is not None)
    if process.poll() is not None:
        sys.exit('the daemon ended: ' + open(results + '.log').read())
    return process


def assert_raises_with(case, error, message, function, *arguments, **options):
    """What stem's own test runner adds to test cases."""
    case.assertRaisesRegex(error, '^%s$' % re.escape(message), function, *arguments, **options)


class Outcomes(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.by_test = {}

    def note(self, case, outcome, detail=''):
        self.by_test[case.id().replace('test.integ.', '', 1)] = {'outcome': outcome, 'detail': detail}

    def addSuccess(self, case):
        self.note(case, 'passed')

    def addSkip(self, case, reason):
        self.note(case, 'skipped', reason)

    def addFailure(self, case, error):
        self.note(case, 'failed', self._exc_info_to_string(error, case))

    def addError(self, case, error):
        self.note(case, 'failed', self._exc_info_to_string(error, case))


def main():
    bring_up_loopback()
    config = stem.util.conf.get_config('test')
    config.load(os.path.join(test.STEM_BASE, 'test', 'settings.cfg'))
    config.set('integ.test_directory', '')
    config.set('integ.log', '')
    test.TOR_VERSION = stem.version.get_system_tor_version(tor)
    unittest.TestCase.assertRaisesWith = assert_raises_with
    test.runner.println = lambda *arguments, **options: None

    folder = tempfile.mkdtemp(prefix='onion-grater-stem-')
    process = start_daemon(folder) if way == 'filtered' else None
    runner = test.runner.get_runner()
    outcomes = Outcomes()
    try:
        runner.start(target, [], tor)
        unittest.TestLoader().loadTestsFromNames(MODULES).run(outcomes)
        # Some race with the closing of a connection, and lose now and then against tor itself: they get further chances.
        for _ in range(4):
            failed = ['test.integ.' + name for name, result in outcomes.by_test.items() if result['outcome'] == 'failed']
            unittest.TestLoader().loadTestsFromNames(failed).run(outcomes)
    finally:
        runner.stop()
        if process:
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder)
    with open(results + '.json', 'w') as file:
        json.dump(outcomes.by_test, file, indent=1, sort_keys=True)


main()
