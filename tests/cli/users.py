#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Users, roles and looks, with the built program from outside. Prints TAP.

    tests/cli/users.py PROGRAM
"""
import grp
import json
import os
import re
import shutil
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
        assert '"border"' in good('report', '--json', *bea, home=east) and '"banks"' not in good('report', '--json', *bea, home=east)
        assert '"banks"' in good('report', '--json', home=east)
        bad(3, 'not-found', 'report', 'banks', *bea, home=east)
        assert {look['compartment'] for look in looks(*bea, home=east)} == {'border'}
        bad(4, 'not-permitted', 'looks', '--compartment', 'banks', *kim, home=east)
        assert {look['compartment'] for look in looks(*acting('aud'), home=east)} == {'', 'border', 'banks'}
        assert [user['name'] for user in json.loads(good('user', '--json', *bea, home=east))['users']] == ['aud', 'bea']
        assert 'not shown in a trial' in bad(4, 'not-permitted', 'hits', '--with', east, home=west)
        good('compartment', 'suspend', 'border', home=east)  # the owner's
        good('stop', home=east)


GUEST = 65534


def guest(*words, code=0):
    """Runs the program under another account, which reaches the socket only; returns what it said."""
    done = subprocess.run([os.path.join(FOLDER, 'entente'), '--home', EAST, *words], user=GUEST, group=GUEST, extra_groups=[],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
                          env={**{name: os.environ[name] for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS') if name in os.environ},
                               'PATH': os.environ.get('PATH', ''), 'HOME': FOLDER})
    said = ' '.join((done.stdout + done.stderr).split())
    assert done.returncode == code, f'{words}: exit {done.returncode}, expected {code}: {said}'
    assert 'ERROR: ' not in said and 'runtime error' not in said, said
    return done.stdout if code == 0 else said


@test
def an_account_of_the_group_works_through_the_node():
    if os.geteuid() != 0:
        raise program.Skip('only root can act as another account')
    try:
        group = grp.getgrgid(GUEST).gr_name
    except KeyError as missing:
        raise program.Skip('the system has no group for guests') from missing
    os.chmod(FOLDER, 0o711)
    shutil.copy(program.PROGRAM, os.path.join(FOLDER, 'entente'))
    for name in ('bea', 'kim', 'aud'):
        os.chown(key_of(name), GUEST, GUEST)
    bea, kim, why = acting('bea'), acting('kim'), ['--why', 'case 7']
    west = os.path.join(FOLDER, 'west2')
    with Node(EAST, EAST + '.key', '--socket-group', group), Node(west, west + '.key'):
        good('compartment', 'resume', 'border', home=EAST)
        assert 'not-permitted' in guest('status', code=4)
        assert json.loads(guest('status', '--json', *bea))['compartments'] == 1
        assert json.loads(guest('match', '--json', *bea))['records'] == 1
        assert 'cosigned' in guest('ledger', 'cosign', *bea)
        before = len(looks(*acting('aud'), home=EAST))
        hits = json.loads(guest('hits', '--json', *bea, *why))
        assert hits == json.loads(good('hits', '--json', *bea, *why, home=EAST))
        assert hits['hits'][0]['name'] == 'Anna Beispielova'
        assert guest('hits', 'border', '--session', hits['session'][:8], *bea, *why) == good('hits', *bea, *why, home=EAST)
        for words in (['records', 'search', 'ANNA'], ['records', 'search', 'a', '--source', 'own', '--limit', '1'], ['records', 'search', 'xyz'],
                      ['records', 'search', 'anna', '--json'], ['records', 'show', '1'], ['records', 'show', '1', '--json']):
            assert guest(*words, *bea, *why) == good(*words, *bea, *why, home=EAST), words
        assert 'Anna' in guest('records', 'search', 'anna', *kim, *why)
        kept = [look for look in looks(*acting('aud'), home=EAST) if look['what'] != 'looks']
        assert len(kept) >= before + 14 and kept[0]['user'] == 'kim' and kept[0]['subject'] == 'anna'
        good('looks', '--check', home=EAST)
        assert '--why is missing' in guest('records', 'show', '1', *bea, code=2)
        assert 'at least 3' in guest('records', 'show', '1', '--why', 'x', *bea, code=2)
        assert 'not-permitted' in guest('records', 'show', '1', *acting('aud'), *why, code=4)
        assert 'not-permitted' in guest('records', 'show', '1', *why, code=4)
        assert 'not-found' in guest('records', 'show', '9999', *bea, *why, code=3)
        assert 'search or show' in guest('records', *bea, *why, code=4)
        for words in (['match', 'banks'], ['hits', 'banks', *why], ['ledger', 'cosign', 'banks'], ['compartment', 'suspend', 'banks']):
            assert 'not-found' in guest(*words, *bea, code=3), words
        for words in (['compartment', 'list'], ['ledger', 'show'], ['user'], ['looks'], ['sources'], ['card']):
            assert "another account's" in guest(*words, *bea, code=4), words
        assert 'not-found' in guest('hits', 'border', '--session', 'ffff', *bea, *why, code=3)
        assert 'Permission denied' not in guest('status', *bea)


if __name__ == '__main__':
    sys.exit(program.main())
