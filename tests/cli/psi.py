#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`entente psi` from outside: two processes over TLS on this machine. Prints TAP.

    tests/cli/psi.py PROGRAM
"""
import csv
import gzip
import hashlib
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='entente-psi.')
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def at(name):
    return os.path.join(FOLDER, name)


def start(*words):
    environment = {'PATH': os.environ.get('PATH', ''), 'HOME': FOLDER, 'ENTENTE_HOME': at('home')}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.Popen([PROGRAM, *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def end(process):
    out, err = process.communicate(timeout=100)
    assert 'runtime error' not in err and 'ERROR: ' not in err, err
    return process.returncode, out, err


def good(*words):
    code, out, err = end(start(*words))
    assert code == 0, f'{words}: exit {code}: {out}{err}'
    return out


def bad(code, word, *words):
    got, out, err = end(start(*words))
    assert got == code and word in out + err, f'{words}: exit {got}, expected {code} and {word}: {out}{err}'


def key(name):
    return good('psi', 'key', at(name), '--quiet').strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(400):
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError('nobody listens')


def match(ours, theirs, our_words=(), their_words=(), our_peer=None, their_peer=None):
    """One side listens, the other comes. Exit code, output and errors of both."""
    port = free_port()
    listener = start('psi', at(ours), '--key', at('a.key'), '--peer', our_peer or key('b.key'), '--listen', f'127.0.0.1:{port}',
                     '--timeout', '1', *our_words)
    wait_for(port)
    dialler = start('psi', at(theirs), '--key', at('b.key'), '--peer', their_peer or key('a.key'), '--connect', f'127.0.0.1:{port}',
                    '--timeout', '1', *their_words)
    theirs_done = end(dialler)
    if theirs_done[0] != 0:
        time.sleep(0.2)
        listener.terminate()
    return end(listener), theirs_done


def write(name, lines, ending='\n'):
    with open(at(name), 'w', encoding='utf-8', newline='') as file:
        file.write(''.join(line + ending for line in lines))


def both_good(*arguments, **named):
    ours, theirs = match(*arguments, **named)
    assert ours[0] == 0 and theirs[0] == 0, f'{ours} {theirs}'
    return ours[1], theirs[1]


@test
def a_key_is_made_once_and_for_its_owner_alone():
    first = key('a.key')
    assert len(first) == 64 and key('a.key') == first and key('b.key') != first
    assert stat.S_IMODE(os.stat(at('a.key')).st_mode) == 0o600
    assert json.loads(good('psi', 'key', at('a.key'), '--json')) == {'file': at('a.key'), 'public_key': first, 'is_new': False}
    write('no.key', ['entente-psi-key 00'])
    bad(6, 'bad-format', 'psi', 'key', at('no.key'))


@test
def lines():
    write('a.txt', [f'item {i}' for i in range(0, 9000, 3)] + ['', 'Ünïcode', 'item 6'])
    write('b.txt', ['Ünïcode'] + [f'item {i}' for i in range(0, 9000, 2)], '\r\n')
    ours, theirs = both_good('a.txt', 'b.txt', (), ('--out', at('found.txt')))
    expected = {f'item {i}' for i in range(0, 9000, 6)} | {'Ünïcode'}
    assert set(ours.splitlines()) == expected and len(ours.splitlines()) == len(expected) + 1  # 'item 6' stands there twice
    with open(at('found.txt'), encoding='utf-8') as file:
        assert set(file.read().splitlines()) == expected
    assert theirs == ''


@test
def the_last_line_needs_no_end():
    with open(at('short.txt'), 'w', encoding='utf-8') as file:
        file.write('one\ntwo')
    write('long.txt', ['two', 'three', 'four'])
    assert both_good('short.txt', 'long.txt') == ('two\n', 'two\n')


@test
def columns_by_heading_and_number_and_a_gzipped_file():
    with open(at('a.csv'), 'w', encoding='utf-8', newline='') as file:
        csv.writer(file).writerows([['id', 'account, old']] + [[i, f'DE{i * 7}'] for i in range(500)])
    with gzip.open(at('b.csv.gz'), 'wt', encoding='utf-8', newline='') as file:
        csv.writer(file).writerows([[f'DE{i * 5}', 'x'] for i in range(1, 500)])
    ours, theirs = both_good('a.csv', 'b.csv.gz', ('--column', 'account, old'), ('--column', '1'))
    expected = [f'DE{i}' for i in range(35, 2496, 35)]
    assert ours.split() == expected and theirs.split() == expected
    bad(3, 'not-found', 'psi', at('a.csv'), '--column', 'name', '--key', at('a.key'), '--peer', key('b.key'), '--listen', '127.0.0.1:1')


@test
def records():
    def record(i):
        return hashlib.sha256(str(i).encode()).digest()[:20]
    for name, step in ('a.bin', 2), ('b.bin', 3):
        with open(at(name), 'wb') as file:
            file.write(b''.join(record(i) for i in range(0, 600, step)))
    ours, theirs = both_good('a.bin', 'b.bin', ('--binary', '20'), ('--binary', '20'))
    assert set(ours.split()) == {record(i).hex() for i in range(0, 600, 6)} == set(theirs.split())
    bad(6, 'truncated', 'psi', at('a.bin'), '--binary', '19', '--key', at('a.key'), '--peer', key('b.key'), '--listen', '127.0.0.1:1')


@test
def output_to_the_receiver_alone():
    write('few.txt', ['x', 'y', 'z'])
    write('many.txt', [str(i) for i in range(100)] + ['y'])
    words = ('--output', 'receiver', '--json')
    ours, theirs = both_good('few.txt', 'many.txt', words, words)
    ours, theirs = json.loads(ours), json.loads(theirs)
    assert ours['role'] == 'receiver' and ours['numbers'] == [2] and ours['peer_items'] == 101
    assert theirs['role'] == 'sender' and theirs['numbers'] == [] and theirs['hits'] == 0
    assert ours['transcript'] == theirs['transcript']


@test
def sets_of_nothing():
    write('none.txt', [])
    write('some.txt', ['x'])
    assert both_good('none.txt', 'some.txt') == ('', '')
    assert both_good('some.txt', 'none.txt') == ('', '')
    assert both_good('none.txt', 'none.txt') == ('', '')


@test
def little_memory_makes_passes():
    write('big-a.txt', [str(i) for i in range(20000)])
    write('big-b.txt', [str(i) for i in range(10000, 40000)])
    ours, theirs = both_good('big-a.txt', 'big-b.txt', ('--json', '--memory', '2'), ('--json', '--out', at('passes.txt')))
    ours, theirs = json.loads(ours), json.loads(theirs)
    assert ours['passes'] == theirs['passes'] > 1 and ours['memory_bytes'] <= 2 << 20, ours
    assert ours['hits'] == theirs['hits'] == 10000 and ours['numbers'] == list(range(10001, 20001))
    with open(at('passes.txt'), encoding='utf-8') as file:
        assert file.read().split() == [str(i) for i in range(10000, 20000)]


@test
def both_sides_must_want_the_same():
    write('few.txt', ['x', 'y', 'z'])
    for words in ('--label', 'other'), ('--output', 'receiver'), ('--binary', '16'):
        with open(at('sixteen.bin'), 'wb') as file:
            file.write(bytes(64))
        ours, theirs = match('few.txt', 'sixteen.bin' if words[0] == '--binary' else 'few.txt', (), words)
        assert 'outside-terms' in ours[2] + theirs[2], f'{ours} {theirs}'
        assert ours[1] == theirs[1] == ''


@test
def nobody_else_is_let_in():
    write('few.txt', ['x', 'y', 'z'])
    stranger = key('c.key')
    ours, theirs = match('few.txt', 'few.txt', their_peer=stranger)  # the dialling side finds another key than it was told
    assert theirs[0] != 0 and 'unknown-key' in theirs[2] and theirs[1] == '' and ours[1] == ''
    ours, theirs = match('few.txt', 'few.txt', our_peer=stranger)  # the listening side does not know who comes
    assert theirs[0] != 0 and theirs[1] == '' and ours[1] == ''


@test
def command_lines_that_are_refused():
    write('few.txt', ['x'])
    side = ('psi', at('few.txt'), '--key', at('a.key'), '--peer', key('b.key'))
    bad(2, 'bad-argument', *side)
    bad(2, 'bad-argument', *side, '--listen', '127.0.0.1:1', '--connect', 'localhost:1')
    bad(2, 'bad-argument', *side, '--listen', 'nowhere')
    bad(2, 'bad-argument', *side, '--listen', '127.0.0.1:1', '--output', 'nobody')
    bad(2, 'bad-argument', *side, '--listen', '127.0.0.1:1', '--binary', '15')
    bad(2, 'bad-argument', *side, '--listen', '127.0.0.1:1', '--binary', '16', '--column', 'a')
    bad(2, 'bad-argument', 'psi', at('few.txt'), '--listen', '127.0.0.1:1')
    bad(2, 'bad-argument', 'psi', at('few.txt'), '--key', at('a.key'), '--peer', 'zz', '--listen', '127.0.0.1:1')
    bad(3, 'not-found', 'psi', at('gone.txt'), '--key', at('a.key'), '--peer', key('b.key'), '--listen', '127.0.0.1:1')
    bad(1, 'io', *side, '--connect', f'127.0.0.1:{free_port()}')


def main():
    failed = 0
    print(f'1..{len(TESTS)}', flush=True)
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace('_', ' ')
        try:
            function()
            print(f'ok {number} - {name}', flush=True)
        except Exception as problem:  # pylint: disable=broad-except
            failed += 1
            print(f'not ok {number} - {name}')
            for line in f'{type(problem).__name__}: {problem}'.splitlines():
                print('# ' + line, flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
