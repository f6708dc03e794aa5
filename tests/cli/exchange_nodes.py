#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Warning, telling, asking, answering and correcting between two nodes, with the built program from outside. Prints TAP.

    tests/cli/exchange_nodes.py PROGRAM
"""
import base64
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import program  # noqa: E402
from program import FOLDER, Node, bad, columns, free_port, good, until, write  # noqa: E402

program.TESTS.clear()
test = program.test
HOMES = {}
NODES = []
NAMES = {}


def said(*words, home, **extra):
    return json.loads(good(*words, '--json', home=HOMES[home], **extra))


def shown(*words, home):
    """What a person reads: within 80 columns, and nothing that steers a terminal."""
    text = good(*words, home=HOMES[home])
    for line in text.splitlines():
        assert columns(line) <= 80 and line == line.rstrip() and line.isprintable(), repr(line)
    return ' '.join(text.split())


def reads(*words, home, parts):
    text = shown(*words, home=home)
    for part in parts:
        assert part in text, f'{words}: no {part!r} in: {text}'


@test
def two_parties_agree_on_deadlines():
    for name in ('vostok', 'zapad'):
        HOMES[name] = home = os.path.join(FOLDER, name)
        good('init', name, '-a', f'127.0.0.1:{free_port()}', '-k', home + '.key', home=home)
        good('card', '--out', home + '.card', home=home)
    for home, other in (('vostok', 'zapad'), ('zapad', 'vostok')):
        good('pair', HOMES[other] + '.card', '--words', good('card', '--words', home=HOMES[other]).strip(), home=HOMES[home])
    NODES.extend(Node(home, home + '.key') for home in HOMES.values())
    good('compartment', 'propose', 'zapad', '--purpose', 'travel of those both warn of', '--profile', 'egmont', '--tell-hours', '12', '--accept-reasons',
         'NOT_HELD,NO_LEGAL_BASIS,RIGHTS_RISK', '--release', 'none', '--alerts-per-day', '5', home=HOMES['vostok'])
    until(lambda: said('compartment', home='zapad')['compartments'])
    reads('compartment', 'show', home='zapad', parts=['7 days urgent, 7 days normal, 30 days other (egmont)', 'told within 12 hours', 'RIGHTS_RISK'])
    good('compartment', 'accept', '--yes', home=HOMES['zapad'])
    NAMES['vostok'] = said('compartment', 'show', home='zapad')['name']  # as zapad calls it
    until(lambda: said('compartment', 'show', home='vostok')['state'] == 'active')
    terms = said('compartment', 'show', home='vostok')
    assert (terms['profile'], terms['tell_hours'], terms['reasons']) == ('egmont', 12, ['NOT_HELD', 'RIGHTS_RISK', 'NO_LEGAL_BASIS']), terms


ALERT = {}


@test
def a_warning_arrives_and_is_assessed():
    sent = said('alert', 'send', 'zapad', '--name', 'Царнаев Тамерлан', '--born', '1987-10-21', '--born', '1988-10-21', '--tell', 'travel', '--class', '1',
                '--text', 'may travel\nto join others', '--label', 'AMBER', '--grading', 'B2', home='vostok')
    ALERT['hash'] = sent['statement']
    assert sent['delivered'] is True and sent['warnings'] == []
    reads('alert', home='zapad', parts=['from vostok awake', 'Царнаев'])
    assert said('alert', 'list', NAMES['vostok'], home='zapad')['alerts'][0]['names'] == ['Царнаев Тамерлан']
    text = shown('alert', 'show', sent['statement'][:8], home='zapad')
    for part in ('1987-10-21, 1988-10-21', 'may travel to join others', 'tell of travel', 'TLP:AMBER B2', 'person Царнаев Тамерлан'):
        assert part in text, (part, text)
    reads('alert', 'show', sent['statement'], home='vostok', parts=['receipted yes'])
    assert '--again' in bad(1, 'exists', 'alert', 'send', 'zapad', '-n', 'Tsarnaev Tamerlan', '-b', '1987-10-21', home=HOMES['vostok'])
    tasks = said('task', home='zapad')['tasks']
    assert [task['duty'] for task in tasks] == ['task'], tasks
    number = str(tasks[0]['task'])
    reads('task', 'take', number, home='zapad', parts=['now with owner'])
    reads('task', 'list', home='zapad', parts=['in 3 days'])
    reads('task', 'close', number, '--reason', 'nothing held', home='zapad', parts=['stays awake'])
    assert said('task', home='zapad')['tasks'] == [] and said('task', '--all', home='zapad')['tasks'][0]['state'] == 'met'
    assert said('alert', home='zapad')['alerts'][0]['state'] == 'awake'


@test
def a_departure_is_a_hit_that_is_told():
    flights = write('flights.csv', 'Departure;Passenger;Birth;Flight', '2012-01-21T18:20:00-05:00;Tsarnayev Tamerlan;1986-10-21;JFK to SVO',
                    '2012-01-21T19:00:00-05:00;Emil Nirgends;1970;JFK to VIE', 'yesterday;Anna Beispielova;;')
    mapping = write('flights.map', 'mapping: entente/events/v1', 'separator: semicolon', 'time: Departure', 'name: Passenger', 'born: Birth', 'place: Flight')
    text = shown('event', 'import', flights, '-m', mapping, '-k', 'travel', home='zapad')
    assert '3 read, 1 left out as bad' in text and '2 added, 0 known' in text and 'hits 1' in text and 'because' in text, text
    again = said('event', 'import', flights, '-m', mapping, '-k', 'travel', home='zapad')
    assert (again['added'], again['known'], again['hits']) == (0, 2, [])
    hits = said('hit', home='zapad')['hits']
    assert len(hits) == 1 and hits[0]['subject'] == 'event' and hits[0]['alert'] == ALERT['hash'] and hits[0]['tell']['state'] == 'open', hits
    number = str(hits[0]['hit'])
    assert 'entente hit list' in bad(3, 'not-found', 'hit', 'show', '999', home=HOMES['zapad'])
    reads('hit', 'list', home='zapad', parts=['tell in 12 hours'])
    text = shown('hit', 'show', number, home='zapad')
    assert 'because' in text and 'travel on 2012-01-21' in text and 'tell open, due' in text, text
    reads('hit', 'confirm', number, '--reason', 'passport seen', home='zapad', parts=['confirmed'])
    bad(2, '--code', 'hit', 'decline', number, '-r', 'no', home=HOMES['zapad'])
    reads('hit', 'tell', number, '--text', 'left New York for Moscow', home='zapad', parts=['receipted yes'])
    told = said('hit', '--all', home='zapad')['hits'][0]
    assert told['state'] == 'confirmed' and told['tell']['state'] == 'met', told
    bad(7, 'told or refused already', 'hit', 'tell', number, '--text', 'twice', home=HOMES['zapad'])


@test
def an_ask_is_deferred_answered_and_given_feedback():
    report = write('report.txt', 'the whole report')
    asked = said('ask', NAMES['vostok'], '--about', ALERT['hash'], '--facts', 'he left on the 21st', '--reason', 'to assess', '--link', 'your alert', '--use', 'assessment',
                 home='zapad')
    digits = asked['statement'][:8]
    assert asked['delivered'] is True
    reads('ask', 'list', home='vostok', parts=['from zapad normal', 'in 7 days'])
    reads('defer', digits, '--due', '+10d', '--reason', 'a court must be asked', home='vostok', parts=['receipted yes'])
    reads('ask', home='zapad', parts=['to vostok normal in 10 days'])
    assert 'the terms' in bad(4, 'outside-terms', 'decline', digits, '-c', 'NATIONAL_SECURITY', '-r', 'no', home=HOMES['vostok'])
    answer = said('answer', digits, '-o', 'partly', '--text', 'a call of 2011', '--attach', report, '-n', 'Tsarnaeva Zubeidat', '--feedback', home='vostok')
    text = shown('ask', 'show', digits, home='zapad')
    for part in ('deferred 1 time', 'vostok: defer', 'a court must be asked', 'vostok: answer', 'partly-answered', 'a call of 2011', 'report.txt, text/plain, 17 bytes',
                 'person Tsarnaeva Zubeidat'):
        assert part in text, (part, text)
    folder = os.path.join(FOLDER, 'answers')
    good('ask', 'show', digits, '--save', folder, home=HOMES['zapad'])
    with open(os.path.join(folder, answer['statement'][:8], 'report.txt'), encoding='utf-8') as file:
        assert file.read() == 'the whole report\n'
    assert [task['duty'] for task in said('task', home='zapad')['tasks']] == ['feedback']
    reads('feedback', answer['statement'], '--use', 'useful', '-r', 'led on', home='zapad', parts=['receipted yes'])
    assert said('task', home='zapad')['tasks'] == [] and said('ask', home='zapad')['asks'] == []
    reads('ask', 'list', '--all', home='zapad', parts=['partly-answered met'])


@test
def asks_are_declined_withdrawn_and_found_empty():
    texts = ['--facts', 'a', '--reason', 'b', '--link', 'c', '--use', 'd']
    asks = [said('ask', NAMES['vostok'], *texts, home='zapad')['statement'] for _ in range(3)]
    reads('decline', asks[0], '-c', 'no-legal-basis', '-r', 'bank secrecy', home='vostok', parts=['warning'])
    shown('withdraw', asks[1], '-r', 'settled', home='zapad')
    shown('answer', asks[2], '-o', 'no-trace', home='vostok')
    assert said('ask', home='zapad')['asks'] == []
    outcomes = {ask['ask']: ask['outcome'] for ask in said('ask', '--all', home='zapad')['asks']}
    assert [outcomes[ask] for ask in asks] == ['declined NO_LEGAL_BASIS', 'withdrawn', 'no-trace'], outcomes
    reads('ask', 'show', asks[0], home='zapad', parts=['NO_LEGAL_BASIS'])
    assert 'entente ask list' in bad(3, 'not-found', 'answer', 'f' * 64, '-o', 'no-trace', home=HOMES['vostok'])


@test
def what_was_sent_is_corrected_and_erased():
    text = shown('correct', ALERT['hash'], '--action', 'correct', '-r', 'date of birth', '-n', 'Царнаев Тамерлан', '-n', 'Tsarnaev Tamerlan', '-b', '1986-10-21',
                 home='vostok')
    assert 'receipted yes' in text, text
    until(lambda: '1986-10-21' in good('alert', 'show', ALERT['hash'], home=HOMES['zapad']))
    reads('alert', 'served', ALERT['hash'], '--reason', 'told', home='zapad', parts=['receipted yes'])
    reads('task', home='vostok', parts=['justify zapad', 'in 15 days'])
    reads('task', '--theirs', home='zapad', parts=['justify'])
    reads('alert', 'renew', ALERT['hash'], '--reason', 'still wanted', '--review', '+90d', home='vostok', parts=['receipted yes', 'review 20'])
    assert 'justify' not in shown('task', home='vostok')
    shown('correct', ALERT['hash'], '--action', 'erase', '-r', 'mistaken identity', '--everywhere', home='vostok')
    until(lambda: 'not here (any more)' in good('alert', 'show', ALERT['hash'], home=HOMES['zapad']))
    assert 'Царнаев' not in good('alert', 'show', ALERT['hash'], home=HOMES['vostok'])
    shown('alert', 'close', ALERT['hash'], '--reason', 'over', home='vostok')
    assert said('alert', home='zapad')['alerts'] == []
    reads('alert', '--all', home='zapad', parts=['closed'])


@test
def a_list_shows_the_primary_name():
    sent = said('alert', 'send', 'zapad', '-n', 'Царнаев Тамерлан', '-n', 'Tsarnaev Tamerlan', '-n', 'Carnaev Tamerlan', home='vostok')
    assert [alert['names'] for alert in said('alert', home='zapad')['alerts'] if alert['alert'] == sent['statement']] == [['Tsarnaev Tamerlan']]
    shown('alert', 'close', sent['statement'], '-r', 'the same one', home='vostok')


@test
def what_is_held_is_committed_to():
    held = said('hold', NAMES['vostok'], '--text', 'a report that is not shared', '-n', 'Emil Nirgends', home='zapad')
    reads('hold', NAMES['vostok'], '--text', 'another', home='zapad', parts=['Nothing was sent'])
    assert held['entry'] > 0
    path = os.path.join(FOLDER, 'opening.txt')
    assert 'entente ledger cosign' in bad(1, 'wrong-state', 'hold', 'open', held['statement'], '--out', path, home=HOMES['zapad'])
    good('ledger', 'cosign', home=HOMES['zapad'])
    assert 'Wrote' in shown('hold', 'open', held['statement'][:8], '--out', path, '--why', 'inquiry', home='zapad')
    with open(path, encoding='utf-8') as file:
        content = next(line.split()[1] for line in file if line.startswith('content: '))
    assert json.loads(base64.b64decode(content))['texts'] == {'text': 'a report that is not shared'}
    assert os.stat(path).st_mode & 0o777 == 0o600
    bad(3, 'not-found', 'hold', 'open', held['statement'], home=HOMES['vostok'])
    for home in HOMES:
        reads('reconcile', said('compartment', 'show', home=home)['name'], home=home, parts=['Nothing is missing on either side'])
        reads('retention', '--dry-run', home=home, parts=["No content's time is over"])
        assert 'not shared' not in good('ledger', 'show', '--json', home=HOMES[home])


@test
def four_eyes_draft_and_release():
    good('compartment', 'propose', 'zapad', '--purpose', 'with a second person', '--name', 'eyes', '--release', 'all', home=HOMES['vostok'])
    until(lambda: [c for c in said('compartment', home='zapad')['compartments'] if c['state'] == 'offered'])
    offered = [c['compartment'] for c in said('compartment', home='zapad')['compartments'] if c['state'] == 'offered']
    good('compartment', 'accept', offered[0], '--yes', home=HOMES['zapad'])
    until(lambda: said('compartment', 'show', 'eyes', home='vostok')['state'] == 'active')
    assert 'entente user add' in bad(4, 'not-permitted', 'alert', 'send', 'eyes', '-n', 'Anna Beispielova', home=HOMES['vostok'])
    keys = {}
    for user, role in (('mara', 'analyst'), ('ilse', 'releaser,analyst')):
        keys[user] = os.path.join(FOLDER, user + '.user')
        good('user', 'add', user, '--key-out', keys[user], home=HOMES['vostok'])
        good('user', 'grant', user, '--role', role, '--compartment', 'eyes', home=HOMES['vostok'])
    mara, ilse = (['--user-key', keys[user]] for user in ('mara', 'ilse'))
    bad(4, 'not-permitted', 'alert', 'send', 'eyes', '-n', 'Anna Beispielova', home=HOMES['vostok'])
    bad(2, '--why is missing', 'alert', 'list', *mara, home=HOMES['vostok'])
    text = shown('alert', 'send', 'eyes', '-n', 'Anna Beispielova', '-b', '1980-02-03', '--text', 'a draft', *mara, home='vostok')
    assert 'entente release approve' in text, text
    assert said('alert', home='zapad')['alerts'] == []
    draft = str(said('release', *ilse, home='vostok')['drafts'][0]['draft'])
    reads('release', 'show', draft, *mara, home='vostok', parts=['for a releaser to read'])
    text = shown('release', 'show', draft, *ilse, home='vostok')
    assert 'person Anna Beispielova' in text and 'text a draft' in text and 'author mara' in text, text
    bad(4, 'not-permitted', 'release', 'approve', draft, *mara, home=HOMES['vostok'])
    reads('release', 'approve', draft, *ilse, home='vostok', parts=['receipted yes'])
    assert said('alert', home='zapad')['alerts'][0]['names'] == ['Anna Beispielova']
    shown('alert', 'send', 'eyes', '-n', 'Carl Erfunden', *mara, home='vostok')
    draft = str(said('release', *ilse, home='vostok')['drafts'][0]['draft'])
    shown('release', 'refuse', draft, '--reason', 'names a source', *ilse, home='vostok')
    reads('release', 'list', '--all', *mara, home='vostok', parts=['refused'])
    reads('release', 'show', draft, *mara, home='vostok', parts=['names a source'])
    assert len(said('alert', home='zapad')['alerts']) == 1
    hidden = bad(3, 'not-found', 'alert', 'show', ALERT['hash'], '--why', 'case 7', *mara, home=HOMES['vostok'])
    assert hidden == bad(3, 'not-found', 'alert', 'show', ALERT['hash'][:16] + 'f' * 48, '--why', 'case 7', *mara, home=HOMES['vostok'])


@test
def in_a_replay_deadlines_are_told_by_its_clock():
    home = HOMES['osten'] = os.path.join(FOLDER, 'osten')
    good('init', 'osten', '-a', f'127.0.0.1:{free_port()}', '-k', home + '.key', home=home)
    with Node(home, home + '.key', '--replay-from', '2011-03-04T09:00:00Z'):
        assert said('task', home='osten') == {'tasks': [], 'left_out': 0, 'now': '2011-03-04T09:00:00Z'}
        good('clock', '2011-09-28T09:00:00Z', home=home)
        assert said('task', home='osten')['now'] == '2011-09-28T09:00:00Z'
    assert 'now' not in said('task', home='zapad')


@test
def the_nodes_stop():
    for node in NODES:
        node.__exit__()


if __name__ == '__main__':
    try:
        CODE = program.main()
    finally:
        for node in NODES:
            node.__exit__()
    sys.exit(CODE)
