#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Users, roles and looks, with the built program from outside. Prints TAP.

    tests/cli/users.py PROGRAM
"""
import json
import os
import re
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import program  # noqa: E402
from program import FOLDER, HOME, KEY, PERSONS, Node, bad, columns, good, two_parties, typed, until, write  # noqa: E402

TESTS = program.TESTS
TESTS.clear()
test = program.test
EAST = os.path.join(FOLDER, 'east')


def key_of(name):
    return os.path.join(FOLDER, name + '.user')


def acting(name):
    return ['--user-key', key_of(name)]


def add(name, *roles, home=HOME):
    """A user with roles, each 'role in compartment'."""
    good('user', 'add', name, '--key-out', key_of(name), home=home)
    for role in roles:
        word, _, where = role.partition(' in ')
        good('user', 'grant', name, '--role', word, '--compartment', where, home=home)


def looks(*words, home=HOME):
    return json.loads(good('looks', '--json', *words, home=home))['looks']


@test
def before_there_are_users_nothing_has_to_be_set_up():
    good('init', 'north', '-k', KEY)
    good('import', write('list.json', *PERSONS), '--source', 'own')
    assert 'Anna' in good('records')
    assert 'Anna' in good('records', 'search', 'anna', '--why', 'a first look')
    good('records', 'show', '1')
    assert json.loads(good('user', 'list', '--json')) == {'users': []}
    assert 'No users yet' in good('user')
    kept = [(look['user'], look['what'], look['subject'], look['why']) for look in looks()]
    assert kept[1:] == [('owner', 'record', '1', ''), ('owner', 'records-search', 'anna', 'a first look'), ('owner', 'records', 'all', '')]


@test
def a_user_is_added_with_a_key_that_is_shown_once():
    said = good('user', 'add', 'mara', '--role', 'analyst', '--compartment', '*', '--key-out', key_of('mara'))
    assert 'administrator only' in said and 'entente-user-' not in said
    with open(key_of('mara'), encoding='ascii') as file:
        assert re.fullmatch('entente-user-[0-9a-f]{64}\n', file.read())
    assert stat.S_IMODE(os.stat(key_of('mara')).st_mode) == 0o600
    bad(1, 'exists', 'user', 'add', 'ilse', '--key-out', key_of('mara'))
    bad(1, 'exists', 'user', 'add', 'mara', '--key-out', key_of('other'))
    assert not os.path.exists(key_of('other'))
    bad(2, '--key-out is missing', 'user', 'add', 'ilse')
    bad(2, 'bad-argument', 'user', 'add', 'owner', '--key-out', key_of('other'))
    bad(2, 'a role is', 'user', 'add', 'ilse', '--key-out', key_of('other'), '--role', 'boss', '--compartment', '*')
    bad(2, 'a role is', 'user', 'add', 'ilse', '--key-out', key_of('other'), '--role', 'analyst,', '--compartment', '*')
    bad(2, '--compartment is missing', 'user', 'add', 'ilse', '--key-out', key_of('other'), '--role', 'analyst')
    bad(2, '--role is missing', 'user', 'grant', 'mara', '--compartment', '*')
    bad(3, 'not-found', 'user', 'grant', 'mara', '--role', 'analyst', '--compartment', 'nowhere')
    bad(3, 'not-found', 'user', 'grant', 'nobody', '--role', 'analyst', '--compartment', '*')
    bad(3, 'not-found', 'user', 'revoke', 'mara', '--role', 'auditor', '--compartment', '*')
    assert not os.path.exists(key_of('other'))
    users = json.loads(good('user', '--json'))['users']
    assert [(user['name'], user['state'], user['roles']) for user in users] == [
        ('mara', 'enabled', [{'role': 'analyst', 'compartment': '*'}])]


@test
def persons_are_shown_to_analysts_with_a_reason():
    add('ilse', 'auditor in *')
    for words in (['records'], ['records', 'search', 'anna'], ['records', 'show', '1']):
        assert 'administrator only' in bad(4, 'not-permitted', *words)
        assert 'role analyst' in bad(4, 'not-permitted', *words, *acting('ilse'), '--why', 'case 7')
        bad(2, '--why is missing', *words, *acting('mara'))
        bad(2, 'at least 3 characters', *words, *acting('mara'), '--why', 'x y')
    before = len(looks(*acting('ilse')))
    assert 'Anna' in good('records', 'show', '1', *acting('mara'), '--why', 'case 7')
    assert 'Anna' in good('records', 'search', 'ANNA', '--why', 'case 7', env={'ENTENTE_USER_KEY': key_of('mara')})
    kept = looks(*acting('ilse'))
    assert len(kept) == before + 3  # with the reading before
    assert [(look['user'], look['what'], look['subject'], look['why']) for look in kept[1:3]] == [
        ('mara', 'records-search', 'ANNA', 'case 7'), ('mara', 'record', '1', 'case 7')]
    assert len(looks('--user', 'mara', *acting('ilse'))) == 2
    bad(4, 'not-permitted', 'looks', *acting('mara'))
    bad(4, 'not-permitted', 'looks')
    bad(4, 'not-permitted', 'user', 'list', *acting('mara'))


@test
def on_a_terminal_the_reason_is_asked_for():
    shown = typed(['records', 'show', '1', *acting('mara')], [('Why do you look? ', 'case 8')])
    assert 'Anna' in shown, shown
    assert looks('--user', 'mara', *acting('ilse'))[0]['why'] == 'case 8'
    typed(['records', 'show', '1', *acting('mara')], [('Why do you look? ', 'x')], code=2)


@test
def what_an_administrator_does_takes_one():
    add('boss', 'administrator in *')
    bad(4, 'not-permitted', 'import', write('list.json', *PERSONS), '--source', 'own', *acting('mara'))
    bad(4, 'not-permitted', 'user', 'add', 'eve', '--key-out', key_of('eve'), *acting('mara'))
    assert not os.path.exists(key_of('eve'))
    bad(4, 'nobody changes', 'user', 'grant', 'boss', '--role', 'analyst', '--compartment', '*', *acting('boss'))
    good('user', 'grant', 'ilse', '--role', 'releaser,analyst', '--compartment', '*', *acting('boss'))
    good('user', 'revoke', 'ilse', '--role', 'analyst', '--compartment', '*', *acting('boss'))
    good('import', write('list.json', *PERSONS), '--source', 'own', *acting('boss'))
    assert 'releaser in *, auditor in *' in good('user', *acting('boss'))
    kept = looks('--user', 'boss', *acting('ilse'))
    assert [(look['what'], look['subject']) for look in kept] == [
        ('user-revoke', 'ilse analyst *'), ('user-grant', 'ilse releaser *'), ('user-grant', 'ilse analyst *')]


@test
def keys_that_are_wrong_lost_or_disabled_open_nothing():
    why = ['--why', 'case 7']
    good('user', 'new-key', 'mara', '--key-out', key_of('mara-2'))
    bad(7, 'unknown-key', 'records', *acting('mara'), *why)
    assert 'Anna' in good('records', *acting('mara-2'), *why)
    good('user', 'disable', 'mara')
    assert 'disabled' in good('user', 'list')
    bad(7, 'unknown-key', 'records', *acting('mara-2'), *why)
    bad(3, 'not-found', 'records', *acting('none'), *why)
    bad(6, 'bad-format', 'records', '--user-key', write('bad.user', 'entente-user-123'), *why)
    bad(6, 'bad-format', 'records', '--user-key', write('empty.user', end=''), *why)
    bad(6, 'over-limit', 'records', '--user-key', write('long.user', 'x' * 300), *why)
    bad(7, 'unknown-key', 'records', '--user-key', write('zero.user', 'entente-user-' + 64 * '0'), *why)
    good('user', 'new-key', 'mara', '--key-out', key_of('mara-3'))
    assert 'Anna' in good('records', *acting('mara-3'), *why)


@test
def the_log_is_checked_and_a_head_that_was_noted_too():
    head = good('looks', '--check').splitlines()[-1]
    assert re.fullmatch('[0-9]+:[0-9a-f]{64}', head)
    good('records', *acting('mara-3'), '--why', 'case 9')
    good('looks', '--check', '--noted', head)
    assert json.loads(good('looks', '--check', '--json', *acting('ilse')))['looks'] == int(head.split(':')[0]) + 1
    bad(2, '--noted takes', 'looks', '--check', '--noted', '12')
    bad(2, 'goes with --check', 'looks', '--noted', head)
    bad(4, 'not-permitted', 'looks', '--check', *acting('mara-3'))
    number, chain = head.split(':')
    assert 'made anew' in bad(7, 'corrupt', 'looks', '--check', '--noted', f'{number}:{chain[::-1]}')
    bad(7, 'corrupt', 'looks', '--check', '--noted', f'99999:{chain}')
    for line in good('looks', *acting('ilse')).splitlines():
        assert columns(line) <= 80, line


@test
def who_has_a_role_in_one_compartment_sees_nothing_of_another():
    east, west = two_parties()
    with Node(east, east + '.key'), Node(west, west + '.key'):
        for name in ('border', 'banks'):
            good('compartment', 'propose', 'west2', '--purpose', 'a test', '--name', name, home=east)
            until(lambda: [c for c in json.loads(good('compartment', '--json', home=west))['compartments'] if c['state'] == 'offered'])
            offered = [c for c in json.loads(good('compartment', '--json', home=west))['compartments'] if c['state'] == 'offered']
            good('compartment', 'accept', offered[0]['compartment'], '--yes', home=west)
            until(lambda name=name: json.loads(good('compartment', 'show', name, '--json', home=east))['state'] == 'active')
            good('match', name, home=east)
        add('bea', 'analyst in border', 'auditor in border', home=east)
        add('kim', 'analyst in banks', home=east)
        add('aud', 'auditor in *', home=east)
        bea, kim, why = acting('bea'), acting('kim'), ['--why', 'case 7']
        listed = json.loads(good('compartment', '--json', *bea, home=east))['compartments']
        assert [compartment['name'] for compartment in listed] == ['border']
        assert {match['compartment'] for match in json.loads(good('matches', '--json', *bea, home=east))['matches']} == {'border'}
        for words in (['compartment', 'show'], ['match'], ['matches'], ['hits'], ['ledger', 'show'], ['ledger', 'verify'],
                      ['ledger', 'facts'], ['ledger', 'cosign'], ['compartment', 'suspend'], ['looks', '--compartment']):
            there = bad(3, 'not-found', *words, 'banks', *bea, home=east)
            assert there == bad(3, 'not-found', *words, 'nowhere', *bea, home=east), words
            assert there == bad(3, 'not-found', *words, '00000000', *bea, home=east), words
        assert 'Anna' in good('hits', *bea, *why, home=east)  # the only one there is, for bea
        bad(4, 'not-permitted', 'hits', 'border', home=east)
        bad(4, 'not-permitted', 'compartment', 'suspend', 'border', *bea, home=east)
        bad(4, 'not-permitted', 'compartment', 'propose', 'west2', '--purpose', 'x', '--name', 'y', *bea, home=east)
        bad(4, 'not-permitted', 'stop', *bea, home=east)
        bad(4, 'not-permitted', 'match', 'border', home=east)
        bad(4, 'not-permitted', 'match', 'banks', *acting('aud'), home=east)
        bad(7, 'unknown-key', 'status', '--user-key', write('zero.user', 'entente-user-' + 64 * '0'), home=east)
        assert json.loads(good('status', '--json', *bea, home=east))['compartments'] == 1
        assert json.loads(good('status', '--json', home=east))['compartments'] == 2
        good('hits', 'banks', *kim, *why, home=east)
        good('match', 'banks', *kim, home=east)
        good('ledger', 'verify', 'border', *bea, home=east)
        assert {look['compartment'] for look in looks(*bea, home=east)} == {'border'}
        bad(4, 'not-permitted', 'looks', '--compartment', 'banks', *kim, home=east)
        assert {look['compartment'] for look in looks(*acting('aud'), home=east)} == {'', 'border', 'banks'}
        assert [user['name'] for user in json.loads(good('user', '--json', *bea, home=east))['users']] == ['aud', 'bea']
        assert 'not shown in a trial' in bad(4, 'not-permitted', 'hits', '--with', east, home=west)
        good('compartment', 'suspend', 'border', home=east)  # the owner's
        good('stop', home=east)


if __name__ == '__main__':
    sys.exit(program.main())
