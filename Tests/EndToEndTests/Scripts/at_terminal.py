"""Runs a program at a terminal, as a person would: COLUMNSxROWS STEP... -- PROGRAM ARGUMENT...

Steps, in order:
    await:TEXT      wait until the screen shows TEXT, for a minute at most
    key:TEXT        type TEXT, with Python's escapes
    size:COLUMNSxROWS  resize the terminal
    kill:PID        send another process SIGTERM
    stop:PID        stop another process, with SIGSTOP; cont:PID has it go on
    signal:NAME     send the program SIGNAME
    show            print the screen, each line between '|' and '|'
Then the program must end within a minute; its exit status is printed, and what of the terminal it left otherwise than it was.
"""

import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pyte

PATIENCE = 60


def resize(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))


class Screen(pyte.Screen):
    """What pyte does not keep: the alternate screen, and whether the cursor is shown."""

    alternate = False

    def set_mode(self, *modes, **keywords):
        self.alternate = self.alternate or 1049 in modes
        super().set_mode(*modes, **keywords)

    def reset_mode(self, *modes, **keywords):
        self.alternate = self.alternate and 1049 not in modes
        super().reset_mode(*modes, **keywords)


def main():
    end = sys.argv.index('--')
    columns, rows = map(int, sys.argv[1].split('x'))
    steps, command = sys.argv[2:end], sys.argv[end + 1:]
    screen = Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    main_side, other_side = pty.openpty()
    resize(main_side, columns, rows)
    before = termios.tcgetattr(other_side)
    process = os.fork()
    if process == 0:
        os.setsid()
        fcntl.ioctl(other_side, termios.TIOCSCTTY, 0)
        for descriptor in range(3):
            os.dup2(other_side, descriptor)
        os.closerange(3, 256)
        os.environ['TERM'] = 'xterm-256color'
        os.execvp(command[0], command)

    def feed(seconds):
        if select.select([main_side], [], [], seconds)[0]:
            stream.feed(os.read(main_side, 65536))

    for step in steps:
        name, _, value = step.partition(':')
        if name == 'await':
            limit = time.monotonic() + PATIENCE
            while value not in '\n'.join(screen.display):
                if time.monotonic() > limit:
                    print('\n'.join(screen.display))
                    sys.exit(f'the screen never showed {value!r}')
                feed(0.1)
        elif name == 'key':
            os.write(main_side, codecs.decode(value, 'unicode_escape').encode())
        elif name == 'size':
            columns, rows = map(int, value.split('x'))
            screen.resize(rows, columns)
            resize(main_side, columns, rows)
        elif name == 'signal':
            os.kill(process, getattr(signal, 'SIG' + value))
        elif name in ('kill', 'stop', 'cont'):
            os.kill(int(value), {'kill': signal.SIGTERM, 'stop': signal.SIGSTOP, 'cont': signal.SIGCONT}[name])
        elif name == 'show':
            for line in screen.display:
                print(f'|{line}|')
        else:
            sys.exit(f'no such step: {step}')

    limit = time.monotonic() + PATIENCE
    while True:
        done, status = os.waitpid(process, os.WNOHANG)
        feed(0 if done else 0.05)
        if done:
            break
        if time.monotonic() > limit:
            os.kill(process, signal.SIGKILL)
            sys.exit('the program does not end')
    while select.select([main_side], [], [], 0)[0]:
        feed(0)
    print(f'status {os.waitstatus_to_exitcode(status)}')
    if termios.tcgetattr(other_side) != before:
        print('the settings of the terminal are not as they were')
    if screen.alternate or pyte.modes.DECTCEM not in screen.mode:
        print('the screen or the cursor did not come back')


main()
