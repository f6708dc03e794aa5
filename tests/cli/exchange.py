#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of the exchange against a node that only records what it is asked (doc/spec/control.md): the request objects, and
what is shown of an answer. Prints TAP.

    tests/cli/exchange.py PROGRAM
"""
import base64
import json
import os
import re
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import program  # noqa: E402
from program import FOLDER, HOME, bad, columns, good, run, write  # noqa: E402

program.TESTS.clear()
test = program.test
HASH = '4f3c2a1b' + 'ab' * 28
OTHER = '9d8c7b6a' + 'cd' * 28
HOSTILE = 'x\u001b[2J\u202ey\u009b31m\r\nreceipted      yes'
SAID = {'statement': HASH, 'compartment': 'south', 'entry': 1017, 'delivered': True, 'warnings': []}


class Recorder:
    """Answers every request with the next of the given results (the last one again), and keeps what was asked."""

    def __init__(self, *results):
        self.results, self.requests = list(results), []
        os.makedirs(HOME, exist_ok=True)
        self.path = os.path.join(HOME, 'node.sock')
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen(8)
        self.thread = threading.Thread(target=self.serve)

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile('rw', encoding='utf-8') as file:
                line = file.readline()
                if not line:
                    return
                self.requests.append(json.loads(line))
                result = self.results.pop(0) if len(self.results) > 1 else self.results[0]
                for answer in result if isinstance(result, list) else [{'ok': result}]:
                    file.write(json.dumps(answer) + '\n')

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(self.path)
        self.thread.join(20)
        self.socket.close()
        os.unlink(self.path)


def asked(*words, result=None, shown=None):
    """The one request that the command makes; with `shown`, what it prints must have these parts."""
    with Recorder(SAID if result is None else result) as node:
        text = good(*words)
    for line in text.splitlines():
        assert columns(line) <= 80, line
        assert line == line.rstrip(), line
        assert not re.search('[\x00-\x1f\x7f-\x9f\u202e]', line), repr(line)
    for part in shown or []:
        assert part in ' '.join(text.split()), f'{words}: no {part!r} in: {text}'
    assert len(node.requests) == 1, node.requests
    return node.requests[0]


def ago(seconds):
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - seconds))


def person(*names, **properties):
    """A canonical entity, made by the program itself."""
    words = [word for name in names for word in ('-n', name)]
    words += [word for key, value in properties.items() for word in ('--' + key.replace('_', '-'), value)]
    return asked('alert', 'send', 'x', *words)['persons'][0]


@test
def an_alert_is_sent():
    request = asked('alert', 'send', 'south', '--name', 'Царнаев Тамерлан', '--name', 'Tsarnaev Tamerlan', '--born', '1987-10-21', '--born',
                    '1988-10-21', '--sex', 'm', '--nationality', 'RU', '--document', 'passport:N123:RU', '--tell', 'travel,contact', '--class', '3',
                    '--label', 'AMBER', '--grading', 'b2', '--handling', 'H1', '--review', '2027-03-01', '--text', 'may travel', '--again',
                    shown=[f'alert {HASH}', 'in south, entry 1,017', 'receipted yes'])
    entity = request.pop('persons')[0]
    assert request == {'do': 'alert-send', 'compartment': 'south', 'class': 3, 'tell': ['contact', 'travel'], 'texts': {'text': 'may travel'},
                       'label': 'TLP:AMBER', 'grading': 'B2', 'handling': 'H1', 'review': '2027-03-01T23:59:59Z', 'again': True}
    assert entity['schema'] == 'Person' and sorted(entity['properties']['name']) == ['Tsarnaev Tamerlan', 'Царнаев Тамерлан']
    assert entity['properties']['birthDate'] == ['1987-10-21', '1988-10-21'] and entity['properties']['passportNumber'] == ['N123']
    assert {name['kind'] for name in entity['entente']['names']} == {'primary', 'original'}
    least = asked('alert', 'send', 'south', '-n', 'Emil Nirgends')
    del least['persons']
    assert least == {'do': 'alert-send', 'compartment': 'south', 'class': 1, 'tell': []}


@test
def what_is_missing_or_wrong_is_said_before_the_node_is_asked():
    name = ['-n', 'Emil Nirgends']
    for code, part, *words in (
            (2, '--name or --person is missing', 'alert', 'send', 'south'), (2, 'the COMPARTMENT', 'alert', 'send'),
            (2, '--class is the years', 'alert', 'send', 'south', *name, '--class', '2'),
            (2, '--tell is one of contact, travel, whereabouts, record', 'alert', 'send', 'south', *name, '--tell', 'travel,flights'),
            (2, '--tell is one of', 'alert', 'send', 'south', *name, '--tell', ''), (2, '--review takes', 'alert', 'send', 'south', *name, '--review', 'soon'),
            (2, 'no such date of birth', 'alert', 'send', 'south', *name, '-b', '31.31.1980'), (2, '--reason is missing', 'alert', 'close', HASH),
            (2, '--reason is missing', 'alert', 'renew', HASH), (2, "did you mean 'alert send'", 'alert', 'sen'),
            (2, '--facts is missing', 'ask', 'south'), (2, '--use is missing', 'ask', 'south', '--facts', 'a', '--reason', 'b', '--link', 'c'),
            (2, '--outcome is missing', 'answer', OTHER), (2, '--outcome is one of', 'answer', OTHER, '-o', 'perhaps'),
            (2, '--text is missing', 'answer', OTHER, '-o', 'answered'), (2, 'say nothing of a person', 'answer', OTHER, '-o', 'no-trace', *name),
            (2, 'to whom it was transferred', 'answer', OTHER, '-o', 'transferred'), (2, '--code is missing', 'decline', OTHER, '-r', 'no'),
            (2, 'did you mean NOT_HELD', 'decline', OTHER, '-c', 'not_hold', '-r', 'no'), (2, 'entente help decline', 'decline', OTHER, '-c', 'NO'),
            (2, '--reason is missing', 'decline', OTHER, '-c', 'NOT_HELD'), (2, '--due is missing', 'defer', OTHER, '-r', 'x'),
            (2, '--reason is missing', 'withdraw', OTHER), (2, '--use is missing', 'feedback', OTHER), (2, '--use is one of', 'feedback', OTHER, '--use', 'good'),
            (2, '--action is missing', 'correct', HASH, '-r', 'x'), (2, 'what is right instead', 'correct', HASH, '--action', 'correct', '-r', 'x'),
            (2, 'only --action correct', 'correct', HASH, '--action', 'erase', '-r', 'x', *name), (2, '--text is missing', 'hold', 'south'),
            (2, 'COMPARTMENT', 'hold'), (2, 'not a number', 'hit', 'confirm', 'twelve', '-r', 'x'), (2, '--reason is missing', 'hit', 'reject', '12'),
            (2, 'not a number', 'hit', 'show', 'x'), (2, '--text is missing', 'hit', 'tell', '12'), (2, '--code is missing', 'hit', 'decline', '12', '-r', 'x'),
            (2, 'not a number', 'task', 'take', 'x'), (2, '--reason is missing', 'task', 'close', '7'), (2, '--reason is missing', 'release', 'refuse', '3'),
            (2, 'not a number', 'release', 'show', 'x'), (2, 'say what to do', 'event'), (2, '--kind is missing', 'event', 'add'),
            (2, '--time is missing', 'event', 'add', '-k', 'travel'), (2, '--name is missing', 'event', 'add', '-k', 'travel', '-t', '2026-01-01'),
            (2, 'is no time', 'event', 'add', '-k', 'travel', '-t', '+1d', *name), (2, '--kind is one of', 'event', 'add', '-k', 'x', '-t', '2026-01-01', *name),
            (2, 'the COMPARTMENT', 'reconcile'), (2, 'one argument too many', 'retention', 'a', 'b'),
            (3, 'not-found', 'event', 'import', '/nonexistent.csv'), (3, 'not-found', 'alert', 'send', 'south', '--person', '/nonexistent'),
            (3, 'not-found', 'hold', 'south', '--attach', '/nonexistent'), (6, 'over-limit', 'hold', 'south', '--text', 'a' * 16385),
            (6, 'bad-encoding', 'withdraw', OTHER, '-r', b'\xff'.decode('utf-8', 'surrogateescape')),
            (5, 'entente serve', 'alert', 'list'), (5, 'entente serve', 'task'), (5, 'entente serve', 'reconcile', 'south')):
        done = run(*words)
        said = ' '.join((done.stdout + done.stderr).split())
        assert done.returncode == code and part in said, (words, done.returncode, said)


@test
def what_is_said_is_reported_with_its_receipt_warnings_or_draft():
    renew = ['alert', 'renew', HASH, '--reason', 'still wanted', '--review', '2027-03-01']
    result = {**SAID, 'delivered': False, 'detail': 'no link ' + HOSTILE, 'warnings': ['one ' + HOSTILE, 'two'], 'review': '2027-03-01T23:59:59Z'}
    request = asked(*renew, result=result, shown=['not yet: no link x?[2J', 'the node keeps trying', 'warning one x?[2J', 'warning two',
                                                  'review 2027-03-01 23:59 UTC'])
    assert request == {'do': 'alert-renew', 'alert': HASH, 'texts': {'reason': 'still wanted'}, 'review': '2027-03-01T23:59:59Z'}
    asked('alert', 'close', HASH, '-r', 'over', result={'draft': 7, 'compartment': 'south'}, shown=['draft 7', 'entente release approve 7'])
    assert asked('alert', 'close', HASH, '-r', 'over') == {'do': 'alert-close', 'alert': HASH, 'reason': 'over'}
    assert asked('alert', 'served', '4f3c2a1b', '-r', 'over') == {'do': 'alert-served', 'alert': '4f3c2a1b', 'reason': 'over'}
    with Recorder(SAID):
        assert json.loads(good('alert', 'close', HASH, '-r', 'over', '--json')) == SAID
    with Recorder(SAID):
        assert good('alert', 'close', HASH, '-r', 'over', '--quiet') == ''


@test
def an_error_of_the_node_says_what_to_do():
    for answer, code, part, words in (
            ({'error': 'exists', 'detail': 'there is one', 'by': 'self'}, 1, '--again', ['alert', 'send', 'south', '-n', 'A B']),
            ({'error': 'not-found', 'detail': 'none', 'by': 'self'}, 3, 'entente alert list', ['alert', 'show', HASH]),
            ({'error': 'not-found', 'detail': 'none', 'by': 'self'}, 3, 'entente ask list', ['decline', OTHER, '-c', 'NOT_HELD', '-r', 'x']),
            ({'error': 'not-found', 'detail': 'none', 'by': 'self'}, 3, 'entente compartment list', ['hold', 'south', '--text', 'x']),
            ({'error': 'not-found', 'detail': 'none', 'by': 'self'}, 3, 'entente hit list', ['hit', 'confirm', '1', '-r', 'x']),
            ({'error': 'not-permitted', 'detail': 'role analyst', 'by': 'self'}, 4, '--user-key', ['task', 'list']),
            ({'error': 'outside-terms', 'detail': 'too early', 'by': 'peer'}, 4, 'entente compartment show', ['defer', OTHER, '--due', '+1h', '-r', 'x'])):
        with Recorder([answer]):
            assert part in bad(code, answer['error'], *words), words


def alert(**fields):
    return {'alert': HASH, 'compartment': 'south', 'peer': 'vostok', 'own': False, 'state': 'awake', 'tell': ['travel'], 'class': 3,
            'label': 'TLP:AMBER', 'opened': '2026-01-02T03:04:05Z', 'review': ago(-100 * 86400 - 60), 'names': ['Tsarnaev Tamerlan ' + HOSTILE],
            'person': 3, 'hits': 2, **fields}


def hit(**fields):
    return {'hit': 12, 'compartment': 'south', 'alert': HASH, 'subject': 'event', 'what': 'travel 2012-01-21 JFK ' + HOSTILE, 'grade': 'strong',
            'state': 'open', 'opened': '2026-01-02T03:04:05Z', 'reasons': ['the name sounds the same', 'born ' + HOSTILE], 'news': ['a third spelling'],
            'judge': '', 'tell': {'state': 'open', 'due': ago(-5 * 3600 - 60)}, 'task': {'number': 7, 'due': ago(2 * 86400 + 60), 'state': 'open', 'owner': 'mara'},
            **fields}


def task(**fields):
    return {'task': 7, 'compartment': 'south', 'duty': 'tell', 'about': HASH, 'opened': '2026-01-02T03:04:05Z', 'due': ago(2 * 86400 + 60),
            'state': 'overdue', 'outcome': '', 'owner': 'mara' + HOSTILE, 'reminded': 1, **fields}


@test
def alerts_are_listed_and_shown():
    listed = {'alerts': [alert(), alert(alert=OTHER, own=True, state='lapsed', review=ago(3 * 86400 + 60), names=['Анна Примерова'])]}
    assert asked('alert', 'list', result=listed, shown=['4f3c2a1b south from vostok awake in 100 days 2 Tsarnaev', '9d8c7b6a south to vostok lapsed '
                                                        '3 days late']) == {'do': 'alerts', 'why': 'list'}
    assert asked('alert', result=listed) == {'do': 'alerts', 'why': 'list'}
    assert asked('alert', 'list', 'south', '--all', '--why', 'case 7', result={'alerts': []}, shown=['No alert.']) == {
        'do': 'alerts', 'compartment': 'south', 'all': True, 'why': 'case 7'}
    content = {'texts': {'text': 'first line ' + 'long ' * 40 + '\n' + HOSTILE, 'reason': HOSTILE},
               'persons': [person('Царнаев Тамерлан', 'Tsarnaev Tamerlan', born='c.1987', nationality='RU', document='passport:N1:RU', sex='m'),
                           {'schema': 'Vessel'}, {'schema': 'Person', 'properties': {'name': [HOSTILE]}}, None],
               'attachments': [{'name': '../' + HOSTILE, 'type': 'text/plain', 'data': base64.b64encode(b'secret').decode()}]}
    shown = alert(content=content, grading='B2', handling='H1', own=True, receipted=True, restricted=True, same=[OTHER], findings=[hit()], duties=[task()])
    assert asked('alert', 'show', '4f3c2a1b', result=shown, shown=[
        'person Tsarnaev Tamerlan original Царнаев Тамерлан born c. 1987', 'document passport N1, RU', 'TLP:AMBER B2 H1', 'not an entity',
        'text/plain, 6 bytes', 'receipted yes', 'restricted kept, and not to be used', f'same person {OTHER}', '12 strong south 4f3c2a1b travel', '2 days late', 'every 3 years']) == {
            'do': 'alert-show', 'alert': '4f3c2a1b', 'why': 'show'}
    asked('alert', 'show', HASH, result=alert(content=None), shown=['content not here'])
    with Recorder(shown):
        assert json.loads(good('alert', 'show', HASH, '--json')) == shown
    with Recorder(shown):
        text = good('alert', 'show', HASH)
    assert len([line for line in text.splitlines() if line.startswith('receipted')]) == 1, text  # no text passes for a line of the program's


@test
def attachments_are_saved_under_harmless_names():
    folder = os.path.join(FOLDER, 'saved')
    data = [base64.b64encode(bytes([i]) * 3).decode() for i in range(4)]
    content = {'texts': {}, 'persons': [], 'attachments': [{'name': name, 'type': 'text/plain', 'data': data[i]} for i, name in
                                                           enumerate(['a report.txt', '../../escaped', '.profile', 'x\u001b[2J'])]}
    with Recorder(alert(content=content)):
        good('alert', 'show', HASH, '--save', folder)
    assert sorted(os.listdir(folder)) == ['a report.txt', 'attachment-2', 'attachment-3', 'attachment-4']
    with open(os.path.join(folder, 'attachment-2'), 'rb') as file:
        assert file.read() == b'\x01\x01\x01'
    with Recorder(alert(content=content)):
        assert json.loads(good('alert', 'show', HASH, '--save', folder + '2', '--json'))['alert'] == HASH
    assert os.stat(os.path.join(folder, 'a report.txt')).st_mode & 0o777 == 0o600
    with Recorder(alert(content=content)):
        bad(1, 'exists', 'alert', 'show', HASH, '--save', folder)
    with Recorder(alert(content={'attachments': []})):
        bad(3, 'no attachment', 'alert', 'show', HASH, '--save', folder)
    content['attachments'] = [{'name': 'bad', 'type': 'text/plain', 'data': 'not base64'}]
    with Recorder(alert(content=content)):
        bad(6, 'bad-format', 'alert', 'show', HASH, '--save', folder)
    assert 'bad' not in os.listdir(folder)


@test
def hits_are_listed_shown_judged_and_told():
    listed = {'left_out': 3, 'hits': [hit(), hit(hit=13, state='rejected', verdict='another man', judge='mara', tell=None)]}
    assert asked('hit', 'list', 'south', result=listed, shown=['12 strong south 4f3c2a1b travel', 'look 2 days late', '... and 3 older ones.']) == {
        'do': 'hits', 'compartment': 'south', 'why': 'list'}
    assert asked('hit', 'list', '--all', result=listed, shown=['rejected', '13 strong']) == {'do': 'hits', 'all': True, 'why': 'list'}
    asked('hit', result={'hits': []}, shown=['No hit waits'])
    one, other = ({'hits': [item]} for item in listed['hits'])
    assert asked('hit', 'show', '12', result=one, shown=[
        'hit 12, strong, open', 'because the name sounds the same', 'new to us a third spelling', 'tell open, due', 'in 5 hours', 'taken by mara',
        '2 days late']) == {'do': 'hits', 'hit': 12, 'why': 'show'}
    asked('hit', 'show', '13', result=other, shown=['judged rejected by mara: another man'])
    with Recorder(one):
        assert json.loads(good('hit', 'show', '12', '--json')) == listed['hits'][0]
    for answer in ({'hits': []}, [{'error': 'not-found', 'detail': 'no such hit', 'by': 'self'}]):
        with Recorder(answer):
            assert 'entente hit list' in bad(3, 'not-found', 'hit', 'show', '14')
    for word, verdict in (('confirm', 'confirmed'), ('reject', 'rejected'), ('unsure', 'unsure')):
        assert asked('hit', word, '12', '-r', 'seen', shown=[f'Hit 12 is {verdict}']) == {'do': 'hit-judge', 'hit': 12, 'verdict': verdict, 'reason': 'seen'}
    assert asked('hit', 'tell', '12', '--text', 'left', '--label', 'RED') == {'do': 'hit-tell', 'hit': 12, 'texts': {'text': 'left'}, 'label': 'TLP:RED'}
    assert asked('hit', 'decline', '12', '-c', 'rights-risk', '-r', 'no') == {
        'do': 'hit-tell-decline', 'hit': 12, 'code': 'RIGHTS_RISK', 'reason': 'no'}


@test
def tasks_are_listed_taken_and_closed():
    assert asked('task', result={'tasks': [task(), task(task=8, due=ago(-3 * 86400 - 60), state='open')]}, shown=['7 tell south 4f3c2a1b 2 days late mara',
                                                                                                              '8 tell south 4f3c2a1b in 3 days']) == {'do': 'tasks'}
    assert asked('task', 'list', 'south', '--theirs', '--all', result={'tasks': [task(outcome='met ' + HOSTILE)]}, shown=['overdue']) == {
        'do': 'tasks', 'compartment': 'south', 'theirs': True, 'all': True}
    asked('task', result={'tasks': [task(due='2011-09-30T00:00:00Z')], 'now': '2011-09-28T00:00:00Z'}, shown=['in 2 days'])  # a replay
    asked('task', 'list', '--theirs', result={'tasks': []}, shown=['owe nothing'])
    assert asked('task', 'take', '7', result={'owner': 'mara'}, shown=['now with mara']) == {'do': 'task-take', 'task': 7}
    assert asked('task', 'take', '7', '--user', 'ilse', result={'owner': 'ilse\x1b[2J'}, shown=['with ilse?[2J']) == {'do': 'task-take', 'task': 7, 'user': 'ilse'}
    assert asked('task', 'close', '7', '-r', 'nothing held', shown=['stays awake']) == {'do': 'task-close', 'task': 7, 'reason': 'nothing held'}


@test
def an_ask_carries_what_it_must():
    texts = ['--facts', '@' + write('facts.txt', 'who', 'when'), '--reason', 'b', '--link', 'c', '--use', 'd']
    assert asked('ask', 'south', *texts, result={**SAID, 'due': ago(-7 * 86400 - 60)}, shown=[f'ask {HASH}', 'UTC, in 7 days']) == {
        'do': 'ask', 'compartment': 'south', 'urgency': 'normal', 'texts': {'facts': 'who\nwhen', 'reason': 'b', 'link': 'c', 'use': 'd'}}
    report = write('report.pdf', 'content')
    request = asked('ask', 'south', *texts, '--background', 'e', '--urgency', 'urgent', '--due', '2027-01-31 12:00', '--about', HASH, '--feedback', '-n',
                    'Emil Nirgends', '--attach', report, '--attach', report, '--label', 'TLP:GREEN')
    assert request.pop('persons')[0]['properties'] == {'name': ['Emil Nirgends']}
    assert [item['name'] for item in request.pop('attachments')] == ['report.pdf'] * 2
    assert request == {'do': 'ask', 'compartment': 'south', 'urgency': 'urgent', 'texts': {
        'facts': 'who\nwhen', 'reason': 'b', 'link': 'c', 'use': 'd', 'background': 'e'}, 'label': 'TLP:GREEN', 'about': HASH, 'due': '2027-01-31T12:00:00Z',
        'feedback': True}


def ask(**fields):
    return {'ask': OTHER, 'compartment': 'south', 'peer': 'vostok', 'own': True, 'urgency': 'normal', 'opened': '2026-01-02T03:04:05Z',
            'due': ago(86400 * 2 + 60), 'state': 'overdue', 'outcome': '', 'deferred': 1, 'facts': 'who? ' + HOSTILE, **fields}


@test
def asks_are_listed_and_their_story_is_shown():
    assert asked('ask', 'list', result={'asks': [ask(), ask(ask=HASH, own=False, state='met', outcome='no-trace')]}, shown=[
        '9d8c7b6a south to vostok normal 2 days late overdue who?', 'from vostok normal no-trace met']) == {'do': 'asks', 'why': 'list'}
    assert asked('ask', 'list', 'south', '--all', result={'asks': []}, shown=['No ask.']) == {'do': 'asks', 'compartment': 'south', 'all': True, 'why': 'list'}
    asked('ask', result={'asks': []}, shown=['No ask is open'])
    story = [{'statement': HASH, 'kind': 'defer', 'own': False, 'time': '2026-01-03T00:00:00Z', 'due': '2026-02-03T00:00:00Z', 'reason': 'a court ' + HOSTILE},
             {'statement': '1' * 64, 'kind': 'answer', 'own': False, 'time': '2026-01-04T00:00:00Z', 'outcome': 'partly-answered', 'feedback': 'yes',
              'label': 'TLP:AMBER', 'content': {'texts': {'text': 'more\n' + HOSTILE}, 'persons': [], 'attachments': [
                  {'name': 'answer.txt', 'type': 'text/plain', 'data': base64.b64encode(b'answer').decode()}]}}]
    shown = ask(content={'texts': {'facts': 'who', 'use': 'to judge'}, 'persons': [], 'attachments': []}, label='TLP:AMBER', grading='X4', handling='H0',
                receipted=True, statements=story)
    assert asked('ask', 'show', OTHER, result=shown, shown=[
        f'ask {OTHER}', 'overdue, asked 2026-01-02 03:04', '2 days late (normal)', 'deferred 1 time, of 3', 'receipted yes', 'facts who', 'use to judge',
        '4f3c2a1b 2026-01-03 00:00 UTC, vostok: defer due 2026-02-03 00:00', 'reason a court x?[2J', '11111111 2026-01-04 00:00 UTC, vostok: answer '
        'outcome partly-answered feedback yes handling TLP:AMBER', 'attachment answer.txt, text/plain, 6 bytes']) == {'do': 'ask-show', 'ask': OTHER, 'why': 'show'}
    folder = os.path.join(FOLDER, 'story')
    with Recorder(shown):
        good('ask', 'show', OTHER, '--save', folder)
    assert os.listdir(os.path.join(folder, '11111111')) == ['answer.txt']
    with Recorder(ask(statements=[])):
        bad(3, 'no attachment', 'ask', 'show', OTHER, '--save', folder)


@test
def asks_end_in_every_way_there_is():
    assert asked('answer', OTHER, '-o', 'answered', '--text', 'he left', '--feedback', '--label', 'RED') == {
        'do': 'answer', 'ask': OTHER, 'outcome': 'answered', 'texts': {'text': 'he left'}, 'feedback': True, 'label': 'TLP:RED'}
    request = asked('answer', OTHER, '-o', 'partly', '-n', 'Emil Nirgends', '-r', 'more to come')
    assert (request['outcome'], request['reason'], len(request['persons'])) == ('partly-answered', 'more to come', 1)
    assert asked('answer', OTHER, '-o', 'no-trace') == {'do': 'answer', 'ask': OTHER, 'outcome': 'no-trace'}
    assert asked('answer', OTHER, '-o', 'transferred', '-r', 'to the customs') == {
        'do': 'answer', 'ask': OTHER, 'outcome': 'transferred', 'reason': 'to the customs'}
    assert asked('decline', OTHER, '--code', 'NO_LEGAL_BASIS', '-r', 'bank secrecy', result={**SAID, 'warnings': ['not by the FATF standard']}, shown=[
        'warning not by']) == {'do': 'decline', 'ask': OTHER, 'code': 'NO_LEGAL_BASIS', 'reason': 'bank secrecy'}
    request = asked('defer', OTHER, '--due', '+7d', '-r', 'a court')
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', request.pop('due')) and request == {'do': 'defer', 'ask': OTHER, 'reason': 'a court'}
    assert asked('withdraw', OTHER, '-r', 'settled') == {'do': 'withdraw', 'ask': OTHER, 'reason': 'settled'}
    assert asked('feedback', HASH, '--use', 'NOT-USED') == {'do': 'feedback', 'answer': HASH, 'use': 'not-used', 'reason': ''}


@test
def what_was_sent_is_corrected():
    assert asked('correct', HASH, '--action', 'erase', '-r', 'mistaken', '--everywhere', result={**SAID, 'statements': [OTHER, 'f' * 64]}, shown=[
        f'correction {HASH}', f'and {OTHER} ' + 'f' * 64, 'entente task list --theirs']) == {
            'do': 'correct', 'statement': HASH, 'action': 'erase', 'reason': 'mistaken', 'everywhere': True}
    request = asked('correct', HASH, '--action', 'correct', '-r', 'born', '-n', 'Emil Nirgends', '-b', '1980')
    assert request['persons'][0]['properties']['birthDate'] == ['1980']
    asked('correct', HASH, '--action', 'restrict', '-r', 'doubtful', result={'draft': 4}, shown=['entente release approve 4'])


@test
def what_is_held_is_kept_and_opened():
    assert asked('hold', 'south', '--text', 'a report', result={k: v for k, v in SAID.items() if k != 'delivered'}, shown=[
        f'hold {HASH}', 'entry 1,017', 'Nothing was sent']) == {'do': 'hold', 'compartment': 'south', 'texts': {'text': 'a report'}}
    opening = 'entente/opening/v1\nline\n'
    path = os.path.join(FOLDER, 'opening.txt')
    assert asked('hold', 'open', HASH, '--out', path, '--why', 'inquiry', result={'opening': opening}, shown=['Wrote']) == {
        'do': 'open', 'statement': HASH, 'why': 'inquiry'}
    with open(path, encoding='utf-8') as file:
        assert file.read() == opening
    assert os.stat(path).st_mode & 0o777 == 0o600
    with Recorder({'opening': opening}):
        assert good('hold', 'open', HASH) == opening


@test
def drafts_are_read_and_released_or_refused():
    draft = {'draft': 3, 'compartment': 'south', 'author': 'mara ' + HOSTILE, 'created': '2026-01-02T03:04:05Z', 'state': 'open', 'decider': '', 'reason': '',
             'request': {'do': 'answer', 'ask': OTHER, 'outcome': 'answered', 'texts': {'text': 'he left ' + HOSTILE}, 'persons': [], 'feedback': True,
                         'tell': ['travel']}}
    listed = {'drafts': [draft, {**draft, 'draft': 4, 'state': 'refused', 'decider': 'ilse', 'reason': 'names a source', 'request': None}]}
    assert asked('release', result=listed, shown=['3 south answer mara']) == {'do': 'drafts'}
    assert asked('release', 'list', 'south', '--all', result={'drafts': []}, shown=['No draft.']) == {'do': 'drafts', 'compartment': 'south', 'all': True}
    assert asked('release', 'show', '3', result=listed, shown=['draft 3 in south, open', 'do answer', f'ask {OTHER}', 'outcome answered', 'feedback true',
                                                               'tell ["travel"]', 'he left x?[2J']) == {'do': 'drafts', 'all': True}
    asked('release', 'show', '4', result=listed, shown=['decided by ilse because names a source', 'for a releaser to read'])
    with Recorder(listed):
        assert 'entente release list' in bad(3, 'not-found', 'release', 'show', '5')
    assert asked('release', 'approve', '3', shown=[f'statement {HASH}']) == {'do': 'release', 'draft': 3}
    assert asked('release', 'refuse', '3', '-r', 'names a source', shown=['nothing was sent']) == {'do': 'refuse', 'draft': 3, 'reason': 'names a source'}


@test
def retention_and_reconciling():
    items = [{'compartment': 'south', 'statement': HASH, 'kind': 'alert', 'since': '2020-01-02T03:04:05Z'}]
    assert asked('retention', '-n', result={'erased': 0, 'items': items}, shown=['4f3c2a1b alert south 2020-01-02 03:04', '1 content would be erased. A dry run']) == {
        'do': 'retention', 'dry': True}
    assert asked('retention', 'south', result={'erased': 1, 'items': items}, shown=['1 content erased.']) == {'do': 'retention', 'compartment': 'south'}
    listed = [{'item': item} for item in items * 2] + [{'ok': {'erased': 2, 'more': True}}]
    asked('retention', result=listed, shown=['4f3c2a1b alert south', 'erases now by itself', '2 contents erased'])
    asked('retention', result={'erased': 0, 'items': []}, shown=['No content'])
    missing = [{'statement': OTHER, 'kind': 'ask', 'time': '2026-01-02T03:04:05Z'}]
    counts = {'missing_there': 1, 'missing_here': 2, 'waiting_here': 0, 'waiting_there': 0}
    assert asked('reconcile', 'south', result={'own': 1017, 'theirs': 9, 'missing_there': missing, 'missing_here': [{'statement': HASH}], 'counts': counts,
                                               'items': [{'statement': HASH, 'where': 'missing_here'}]}, shown=[
        '1,017 statements here, 9 there', 'missing there 9d8c7b6a ask 2026-01-02 03:04', 'missing here 4f3c2a1b ? ? missing here 4f3c2a1b ? ?', 'was lost']) == {
            'do': 'reconcile', 'compartment': 'south'}
    counts = {'missing_there': 0, 'missing_here': 0, 'waiting_here': 1, 'waiting_there': 0}
    asked('reconcile', 'south', result={'own': 2, 'theirs': 1, 'waiting_here': missing, 'counts': counts}, shown=['waits here 9d8c7b6a ask', 'Nothing is missing'])
    asked('reconcile', 'south', result={'own': 2, 'theirs': 2, 'missing_there': [], 'missing_here': []}, shown=['Nothing is missing'])


@test
def an_event_is_added():
    request = asked('event', 'add', '-k', 'travel', '-t', '2012-01-21T18:20-05:00', '--place', 'JFK', '-r', 'PNR1', '-n', 'Tsarnaev Tamerlan', '-b', '1986-10-21',
                    result={'added': 1, 'found': 1, 'known': 0, 'hits': [hit()]}, shown=['1 added, 0 known', 'hit 12: strong, alert 4f3c2a1b in south',
                                                                                       'because the name sounds the same born x?[2J', 'never evidence'])
    event = request['events'][0]
    assert event.pop('person')['properties']['name'] == ['Tsarnaev Tamerlan']
    assert request['do'] == 'events-add' and event == {'kind': 'travel', 'time': '2012-01-21T23:20:00Z', 'place': 'JFK', 'reference': 'PNR1'}
    asked('event', 'add', '-k', 'travel', '-t', '2012-01-21', '-n', 'Emil Nirgends', result={'added': 0, 'found': 0, 'known': 1, 'hits': []}, shown=['hits none'])
    asked('event', 'add', '-k', 'travel', '-t', '2012-01-21', '-n', 'Emil Nirgends', result={'added': 1, 'found': 9, 'known': 0, 'hits': [hit()], 'left_out': 8},
          shown=['hits 9', '... and 8 more'])


@test
def events_are_imported_in_batches():
    rows = [f'travel,2026-01-01 10:{i % 60:02d},JFK,R{i},Emil Nirgends {i},1980' for i in range(1201)]
    path = write('events.csv', 'kind,time,place,reference,name,born', *rows[:700], 'flight,2026-01-01,x,y,A B,', *rows[700:])
    answers = [{'added': 500, 'found': 0, 'known': 0, 'hits': []}, {'added': 499, 'found': 1, 'known': 1, 'hits': [hit()]}]
    with Recorder(*answers) as node:
        done = run('event', 'import', path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.startswith('events.csv:702: --kind is one of'), repr(done.stderr)
    assert '1,202 read, 1 left out' in done.stdout and 'alert 4f3c2a1b' in done.stdout, done.stdout
    sizes = [len(request['events']) for request in node.requests]
    assert sum(sizes) == 1201 and max(sizes) <= 500 and len(sizes) >= 3, sizes
    assert [event['reference'] for request in node.requests for event in request['events']] == [f'R{i}' for i in range(1201)]
    assert max(len(json.dumps(request, separators=(',', ':'), ensure_ascii=False).encode()) for request in node.requests) < 512 * 1024
    with Recorder({'added': 1, 'found': 0, 'known': 0, 'hits': []}):
        answer = json.loads(good('event', 'import', path, '--json'))
    assert (answer['rows'], answer['bad_rows'], answer['added'], answer['hits']) == (1202, 1, len(sizes), [])
    assert answer['bad'][0]['line'] == 702


@test
def nothing_is_sent_of_a_file_that_is_none():
    row = 'travel,2026-01-01,A B'
    cut = write('cut.csv', 'kind,time,name', *[row] * 600, 'travel,2026-01-01,"A B', end='')
    wrong = write('wrong.csv', 'kind,time,name', row, 'x,y,z', 'x,y,z')
    with Recorder({}) as node:
        bad(6, 'truncated', 'event', 'import', cut)
        bad(6, 'more than half', 'event', 'import', wrong)
        bad(6, 'no column for name', 'event', 'import', write('other.csv', 'kind,time', 'travel,2026-01-01'))
        bad(6, 'mapping file, line 2', 'event', 'import', write('one.csv', 'kind,time,name', row), '-m',
            write('bad.map', 'mapping: entente/events/v1', 'colour: red'))
    assert node.requests == []
    with Recorder({'added': 500, 'found': 0, 'known': 0, 'hits': []}, [{'error': 'busy', 'detail': 'later', 'by': 'self'}]):
        assert 'import it again' in bad(1, 'busy', 'event', 'import', write('long.csv', 'kind,time,name', *[row] * 2000))


@test
def where_there_are_users_a_look_needs_a_reason():
    key = write('mara.key', 'entente-user-' + 64 * 'a')
    for words in (['alert', 'list'], ['alert', 'show', HASH], ['hit', 'list'], ['hit', 'show', '1'], ['ask', 'list'], ['ask', 'show', OTHER], ['hold', 'open', HASH]):
        assert '--why is missing' in bad(2, 'bad-argument', *words, '--user-key', key)
    request = asked('hit', 'list', '--user-key', key, '--why', 'case 7', result={'hits': []})
    assert request == {'do': 'hits', 'why': 'case 7', 'user_key': 'entente-user-' + 64 * 'a'}


@test
def terms_are_proposed_with_what_the_exchange_runs_by():
    propose = ['compartment', 'propose', 'vostok', '--purpose', 'a test']
    proposed = {'compartment': 'ab' * 16, 'name': 'vostok', 'state': 'proposed'}
    base = asked(*propose, result=proposed)
    assert set(base) == {'do', 'peer', 'name', 'purpose', 'max_list', 'max_keys', 'matches_per_day', 'starters'}
    request = asked(*propose, '--profile', 'egmont', '--tell-hours', '1', '--task-hours', '2', '--receipt-hours', '3', '--cosign-hours', '4',
                    '--feedback-hours', '5', '--correction-hours', '6', '--retention-days', '7', '--max-attachment', '0', '--alerts-per-day', '0',
                    '--asks-per-day', '9', '--release', 'answers', '--accept-reasons', 'not-held,RIGHTS_RISK', result=proposed)
    assert {key: value for key, value in request.items() if key not in base} == {
        'answer_urgent_hours': 168, 'answer_normal_hours': 168, 'answer_other_hours': 720, 'tell_hours': 1, 'task_hours': 2, 'receipt_hours': 3,
        'cosign_hours': 4, 'feedback_hours': 5, 'correction_hours': 6, 'retention_days': 7, 'max_attachment': 0, 'alerts_per_day': 0, 'asks_per_day': 9,
        'release': 'answers', 'reasons': ['NOT_HELD', 'RIGHTS_RISK']}
    request = asked(*propose, '--answer-hours', '8,168,336', result=proposed)
    assert [request[f'answer_{word}_hours'] for word in ('urgent', 'normal', 'other')] == [8, 168, 336]
    for part, *words in (('there is no profile', '--profile', 'fast'), ('eu-2023-977, eu-2006-960, sirene', '--profile', 'fast'),
                         ('exclude each other', '--profile', 'egmont', '--answer-hours', '1,2,3'), ('three numbers', '--answer-hours', '1,2'),
                         ('three numbers', '--answer-hours', '1,2,3,4'), ('three numbers', '--answer-hours', '0,2,3'), ('three numbers', '--answer-hours', '1,,3'),
                         ('three numbers', '--answer-hours', '1,2,87601'), ('three numbers', '--answer-hours', '1,2,3,'),
                         ('at least 1', '--tell-hours', '0'), ('whole number up to 87,600', '--tell-hours', '87601'), ('131,072', '--max-attachment', '131073'),
                         ('--release is one of none, answers, all', '--release', 'some'), ('no reason with the code', '--accept-reasons', 'NOT_HELD,'),
                         ('did you mean NOT_HELD', '--accept-reasons', 'NOT_HELT')):
        assert part in bad(2, 'bad-argument', *propose, *words), words


if __name__ == '__main__':
    sys.exit(program.main())
