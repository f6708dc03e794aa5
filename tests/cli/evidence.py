#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A party that goes on from an old copy of its store: the other's node finds it, keeps the proof, and hands it on; the independent
verifier finds it true. With the built programs from outside. Prints TAP.

    tests/cli/evidence.py PROGRAM VERIFIER
"""
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import program  # noqa: E402
from program import FOLDER, Node, bad, columns, free_port, good, until  # noqa: E402

program.TESTS.clear()
test = program.test
VERIFIER = os.path.abspath(sys.argv[2])
EAST, WEST = os.path.join(FOLDER, 'east'), os.path.join(FOLDER, 'west')


def said(*words, home):
    return json.loads(good(*words, '--json', home=home))


def hold(home, text):
    said('hold', said('compartment', 'show', home=home)['name'], '--text', text, home=home)


def cosigned():
    """How much of west's ledger east has cosigned, as west knows."""
    return said('ledger', 'facts', home=WEST)['cosigned']


def node(home):
    return Node(home, home + '.key')


def refused_for(history):
    """West says more of a history and asks for it to be cosigned; east refuses."""
    hold(WEST, history)
    until(lambda: 'inconsistent' in program.run('ledger', 'cosign', home=WEST).stderr)  # else it is being synced just now
    until(lambda: program.run('ledger', 'cosign', home=WEST).returncode == 7)


@test
def nothing_is_kept_of_who_shows_one_history():
    for home in (EAST, WEST):
        good('init', os.path.basename(home), '-a', f'127.0.0.1:{free_port()}', '-k', home + '.key', home=home)
        good('card', '--out', home + '.card', home=home)
    for home, other in ((EAST, WEST), (WEST, EAST)):
        good('pair', other + '.card', '--words', good('card', '--words', home=other).strip(), home=home)
    with node(EAST), node(WEST):
        good('compartment', 'propose', 'west', '--purpose', 'persons missing after the flood', home=EAST)
        until(lambda: said('compartment', home=WEST)['compartments'])
        good('compartment', 'accept', '--yes', home=WEST)
        until(lambda: said('compartment', 'show', home=EAST)['state'] == 'active')
        for number in range(4):
            hold(WEST, f'invented {number}')
        good('ledger', 'cosign', home=WEST)
        assert cosigned() == 5, cosigned()
        assert 'has not shown two histories' in good('ledger', 'evidence', home=EAST)
        assert said('ledger', 'evidence', home=EAST)['evidence'] == [] and said('status', home=EAST)['conflicts'] == 0
        bad(3, 'not-found', 'ledger', 'evidence', '--out', os.path.join(FOLDER, 'none'), home=EAST)
        assert 'conflicts' not in good('status', home=EAST)


@test
def two_histories_are_found_and_proven():
    shutil.copytree(WEST, WEST + '.copy')  # what a backup holds
    with node(EAST):
        with node(WEST):
            hold(WEST, 'one history')
            good('ledger', 'cosign', home=WEST)
            assert cosigned() == 6, cosigned()
        shutil.rmtree(WEST)
        shutil.move(WEST + '.copy', WEST)
        with node(WEST):
            hold(WEST, 'another history')
            refused_for('and more of it')
            refused_for('and more')
        found = said('ledger', 'evidence', home=EAST)['evidence']
        assert [(piece['verdict'], piece['first']['size']) for piece in found] == [('proven', 6)], found
        assert said('status', home=EAST)['conflicts'] == 1 and 'two histories' in good('status', home=EAST)
        kinds = [entry['kind'] for entry in said('ledger', 'show', home=EAST)['entries']]
        assert kinds.count('conflict') == 1, kinds
        good('ledger', 'verify', home=EAST)
        text = good('ledger', 'evidence', home=EAST) + good('status', home=EAST)
        assert 'proven' in text and all(columns(line) <= 80 and line == line.rstrip() for line in text.splitlines()), text


@test
def the_proof_is_handed_on():
    path = os.path.join(FOLDER, 'conflict')
    assert 'entente-verify --conflict' in good('ledger', 'evidence', '--out', path, home=EAST)
    bad(1, 'exists', 'ledger', 'evidence', '--out', path, home=EAST)
    number = str(said('ledger', 'evidence', home=EAST)['evidence'][0]['number'])
    assert good('ledger', 'evidence', '--number', number, '--out', path + '2', '--quiet', home=EAST) == ''
    with open(path, 'rb') as one, open(path + '2', 'rb') as two:
        assert one.read() == two.read()
    bad(3, 'not-found', 'ledger', 'evidence', '--number', '99', home=EAST)
    bad(2, 'bad-argument', 'ledger', 'evidence', '--number', '0', home=EAST)
    done = subprocess.run([VERIFIER, '--conflict', path], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and 'OK: proven' in done.stdout, done
    fingerprint = said('card', home=WEST)['fingerprint']
    assert fingerprint in done.stdout, (fingerprint, done.stdout)


@test
def reconciling_says_what_was_lost_and_that_there_is_proof():
    with node(EAST), node(WEST):
        result = said('reconcile', said('compartment', 'show', home=EAST)['name'], home=EAST)
        assert result['conflicts'] == 1, result
        text = good('reconcile', 'west', home=EAST)
        assert 'conflicts 1: entente ledger evidence' in ' '.join(text.split()), text
        assert all(columns(line) <= 80 for line in text.splitlines()), text


if __name__ == '__main__':
    sys.exit(program.main())
