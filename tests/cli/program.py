#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The built program from outside: exit codes, pages, JSON, and what imports do. Prints TAP.

    tests/cli/program.py PROGRAM
"""
import fcntl
import json
import os
import pty
import select
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import termios
import threading
import time
import unicodedata

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='entente-cli.')
HOME = os.path.join(FOLDER, 'north')
KEY = os.path.join(FOLDER, 'north.key')
TESTS = []


class Skip(Exception):
    """The test cannot be run here; says why."""


def test(function):
    TESTS.append(function)
    return function


def run(*words, home=HOME, **extra):
    environment = {'PATH': os.environ.get('PATH', ''), 'ENTENTE_HOME': home, 'HOME': FOLDER, **extra.pop('env', {})}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.run([PROGRAM, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, start_new_session=True, check=False, **extra)


def good(*words, **extra):
    done = run(*words, **extra)
    assert done.returncode == 0, f'{words}: exit {done.returncode}: {done.stdout}{done.stderr}'
    return done.stdout


def bad(code, word, *words, **extra):
    """The command fails with this exit code and this error word; returns what it said."""
    done = run(*words, **extra)
    said = done.stdout + done.stderr
    assert done.returncode == code, f'{words}: exit {done.returncode}, expected {code}: {said}'
    assert word in said, f'{words}: no {word} in: {said}'
    assert 'ERROR: ' not in said and 'runtime error' not in said, said
    return ' '.join(said.split())


def typed(words, answers, home=HOME, code=0):
    """Runs a command on a terminal of its own and types an answer whenever its question ends; returns all that was shown."""
    master, slave = pty.openpty()
    node = subprocess.Popen([PROGRAM, '--home', home, *words], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                            env={'PATH': os.environ.get('PATH', ''), 'HOME': FOLDER, 'COLUMNS': '80'},
                            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(slave)
    shown, answers, end = b'', list(answers), time.monotonic() + 60
    try:
        while time.monotonic() < end:
            if not select.select([master], [], [], 0.2)[0]:
                continue
            piece = os.read(master, 65536)
            if not piece:
                break
            shown += piece
            if answers and shown.endswith(answers[0][0].encode()):
                os.write(master, answers.pop(0)[1].encode() + b'\n')
    except OSError:  # the terminal's other end is closed: the program has ended
        pass
    os.close(master)
    done = node.wait(60)
    text = shown.decode()
    assert done == code, f'{words}: exit {done}, expected {code}: {text}'
    assert not answers, f'{words}: never asked {answers[0][0]}: {text}'
    return text


def oversight(home, label, entries):
    """One file for an overseer, the same each time, and without the name of anybody on a list."""
    first, second, named = home + '-1.tar', home + '-2.tar', home + '-3.tar'
    said = json.loads(good('export', '--oversight', first, '--json', home=home))
    assert said['compartments'] == 1 and said['not_cosigned'] == 0 and said['entries'] >= entries and said['files'] > 4, said
    assert said['bytes'] == os.path.getsize(first)
    assert 'entente-verify' in good('export', '--oversight', second, label, home=home)
    assert good('export', '--oversight', named, label, label, '--quiet', home=home) == ''
    contents = []
    for path in (first, second, named):
        with open(path, 'rb') as file:
            contents.append(file.read())
    assert contents[0] == contents[1] == contents[2]
    assert b'Beispielova' not in contents[0]
    bad(1, 'exists', 'export', '--oversight', first, home=home)
    bad(3, 'not-found', 'export', '--oversight', home + '-4.tar', 'nowhere', home=home)
    bad(2, 'bad-argument', 'export', label, home=home)
    with tarfile.open(first) as archive:
        names = archive.getnames()
        assert names == sorted(names) and names[-1] == 'manifest', names
        assert all(member.isfile() and member.mtime == 0 and member.uid == 0 for member in archive.getmembers())


class FakeNode:
    """Answers one request on the party's socket with the given lines, and keeps what was asked."""

    def __init__(self, *lines):
        self.path, self.lines, self.request = os.path.join(HOME, 'node.sock'), lines, None
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen(1)
        self.thread = threading.Thread(target=self.answer)

    def answer(self):
        connection, _ = self.socket.accept()
        with connection, connection.makefile('rw', encoding='utf-8') as file:
            self.request = json.loads(file.readline())
            for line in self.lines:
                file.write((line if isinstance(line, str) else json.dumps(line)) + '\n')
            file.flush()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(20)
        self.socket.close()
        os.unlink(self.path)


def columns(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)


def commands():
    # Groups of commands stand between the usage and the options.
    lines = good('help').split('entente help COMMAND\n')[1].split('\nOptions everywhere\n')[0].splitlines()
    return [line.split()[0] for line in lines if line.startswith('  ') and line[2] != ' ']


def person(key, *names, born=None, nationality=None):
    properties = {'name': list(names)}
    if born:
        properties['birthDate'] = [born]
    if nationality:
        properties['nationality'] = [nationality]
    return json.dumps({'id': key, 'schema': 'Person', 'properties': properties}, ensure_ascii=False)


def write(name, *lines, end='\n'):
    path = os.path.join(FOLDER, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines) + end)
    return path


PERSONS = [person('p1', 'Anna Beispielova', born='1980-02-03', nationality='at'),
           person('p2', 'Боримир Выдуманов', 'Borimir Vydumanov', born='1975'),
           person('p3', 'Carl Erfunden'), person('p4', '東京 太郎', 'Tokyo Taro'), person('p5', 'Dora Imaginata', born='1990-12')]


def counts(*words):
    answer = json.loads(good('import', *words, '--json'))
    return [answer[key] for key in ('added', 'changed', 'unchanged', 'withdrawn', 'restored')]


def snapshot():
    return good('records', '--json', '--withdrawn')


@test
def the_overview_lists_every_command():
    assert len(commands()) >= 18
    assert good() == good('help') == good('--help')
    for name in ('init', 'import', 'match', 'hits', 'ledger', 'serve'):
        assert name in commands()
    assert 'Exit codes' in good('help')


@test
def every_command_has_a_page_that_fits_eighty_columns():
    for name in [None] + commands():
        page = good('help', *([name] if name else []))
        assert 'Usage' in page and 'Exit codes' in page
        for line in page.splitlines():
            assert columns(line) <= 80, f'{name}: {line}'
            assert line == line.rstrip(), f'{name}: blank at the end: {line}'
        if name:
            assert page.startswith(f'entente {name}: ')
            assert 'Examples' in page, name
            assert page == good(name, '--help') == good(name, '-h')


@test
def every_example_and_usage_names_its_command_and_options_that_exist():
    for name in commands():
        page = good('help', name)
        known = {word.strip(',') for line in page.split('\nOptions')[-1].splitlines() for word in line.split()
                 if word.startswith('--')} | {'--'}
        known |= {word.strip(',') for line in page.splitlines() if line.startswith(('  -', '      --')) for word in line.split()
                  if word.startswith('--')}
        for line in page.split('\nExamples\n')[1].split('\n\n')[0].splitlines():
            for word in line.split('|')[0].split():
                if word.startswith('--'):
                    assert word in known, f'{name}: {word} in {line}'


@test
def man_pages_are_clean():
    folder = os.path.join(FOLDER, 'man')
    good('man', '--all', folder)
    assert sorted(os.listdir(folder)) == sorted(['entente.1'] + [f'entente-{name}.1' for name in commands()])
    for page in os.listdir(folder):
        with open(os.path.join(folder, page), encoding='ascii') as file:
            text = file.read()
        for section in ('.TH', '.SH NAME', '.SH SYNOPSIS', '.SH DESCRIPTION', '.SH "EXIT STATUS"'):
            assert section.replace('"', '') in text.replace('"', ''), f'{page}: {section}'
        if shutil.which('groff'):
            done = subprocess.run(['groff', '-man', '-Tutf8', '-ww', os.path.join(folder, page)], capture_output=True, text=True,
                                  check=False)
            assert done.returncode == 0 and done.stderr == '', f'{page}: {done.stderr}'


@test
def completion_is_bash():
    script = good('completion')
    if shutil.which('bash'):
        done = subprocess.run(['bash', '-n'], input=script, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    for name in commands():
        assert f'    {name}) ' in script
    bad(2, 'bad-argument', 'completion', 'tcsh')


@test
def two_persons_are_explained():
    nowhere = os.path.join(FOLDER, 'nowhere')
    words = ['explain', 'Царнаев Тамерлан', 'Tsarnayev Tamerlan', '--born-a', '1987-10-21', '--born-b', '1986-10-21']
    said = good(*words, home=nowhere)
    assert 'Царнаев is tsarnayev by BGN/PCGN' in said and 'together: strong' in said, said
    assert max(len(line) for line in said.splitlines()) <= 80
    answer = json.loads(good(*words, '--json', home=nowhere))
    assert answer['hit'] and answer['grade'] == 'strong' and answer['percent'] > 90
    assert answer['tenths'] == sum(reason['tenths'] for reason in answer['reasons'])
    other = json.loads(good('explain', 'Anna Wolkenstein', 'Pankrat Holzapfel', '--json', home=nowhere))
    assert not other['hit'] and other['grade'] == 'none' and other['percent'] == 1
    assert not os.path.exists(nowhere)  # nothing is stored
    path = os.path.join(FOLDER, 'person.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump({'id': 'x', 'schema': 'Person', 'properties': {'name': ['Gerasim Wolkenstein'], 'birthDate': ['1961-05-23']}}, file)
    assert 'together: exact' in good('explain', '@' + path, 'Wolkenstein, Gerasim', '--born-b', '1961-05-23', home=nowhere)
    bad(2, 'bad-argument', 'explain', 'Anna')
    bad(2, 'bad-argument', 'explain', 'Anna', '')
    bad(2, 'bad-argument', 'explain', 'Anna', 'Anna', '--born-a', 'yesterday')
    bad(3, 'not-found', 'explain', 'Anna', '@' + path + '.missing')


@test
def what_is_mistyped_is_recognised():
    assert "did you mean 'import'?" in bad(2, 'bad-argument', 'improt')
    assert "did you mean 'compartment'?" in bad(2, 'bad-argument', 'comp')
    assert 'did you mean --source?' in bad(2, 'bad-argument', 'import', '--sorce', 'x')
    assert "did you mean 'ledger verify'?" in bad(2, 'bad-argument', 'ledger', 'verfy')
    assert "did you mean 'match'?" in bad(2, 'bad-argument', 'help', 'mtach')
    assert 'did you mean' not in bad(2, 'bad-argument', 'xyzzy')


@test
def wrong_command_lines_are_usage_errors():
    for words in (['import'], ['import', 'x'], ['init'], ['init', 'a', 'b'], ['init', 'bad name!', '-k', KEY + '2'], ['pair'],
                  ['records', 'show'], ['records', 'show', 'x'], ['records', '--limit', '-1'], ['compartment', 'propose', 'x'],
                  ['ledger'], ['sources', 'x'], ['serve', '--log-level', 'loud'], ['--nothing'], ['import', 'x', '--source', 'a b']):
        assert 'hint: ' in bad(2, 'bad-argument', *words), words


@test
def without_a_party_the_way_to_one_is_told():
    nowhere = os.path.join(FOLDER, 'nowhere')
    for words in (['card'], ['sources'], ['records'], ['matches'], ['pair', 'list'], ['compartment'], ['ledger', 'show'],
                  ['serve']):
        assert 'entente init' in bad(3, 'not-found', *words, home=nowhere), words
    answer = json.loads(run('sources', '--json', home=nowhere).stdout)
    assert answer['error'] == 'not-found' and answer['detail'] and 'entente init' in answer['hint']
    assert run('sources', '--json', home=nowhere).stderr == ''


@test
def a_party_is_made_once():
    answer = json.loads(good('init', 'north', '--address', '127.0.0.1:7001', '--key-file', KEY, '--json'))
    assert answer['name'] == 'north' and answer['address'] == '127.0.0.1:7001' and len(answer['fingerprint']) == 32
    assert os.stat(KEY).st_mode & 0o777 == 0o600
    assert os.stat(HOME).st_mode & 0o777 == 0o700
    bad(1, 'exists', 'init', 'north', '--key-file', KEY)
    assert good('card', '--words').strip() == answer['words']


@test
def passphrases_come_from_files_or_a_terminal():
    other = os.path.join(FOLDER, 'passphrase')
    short, long = write('short', 'short'), write('long', 'a passphrase that is long enough')
    bad(2, 'bad-argument', 'init', 'x', home=other)
    bad(2, 'bad-argument', 'init', 'x', '-p', short, home=other)
    bad(2, 'bad-argument', 'init', 'x', '-p', long, '-k', KEY, home=other)
    bad(6, 'bad-format', 'init', 'x', '-p', write('empty', end=''), home=other)
    bad(3, 'not-found', 'init', 'x', '-p', os.path.join(FOLDER, 'none'), home=other)
    good('init', 'x', home=other, env={'ENTENTE_PASSPHRASE_FILE': long})
    bad(1, 'wrong-passphrase', 'serve', '-p', write('wrong', 'not this passphrase'), home=other)
    bad(2, 'bad-argument', 'serve', home=other)
    bad(2, 'bad-argument', 'serve', '-p', long)


@test
def an_import_adds_and_a_second_one_changes_nothing():
    path = write('first.json', *PERSONS)
    assert counts(path, '--source', 'own', '--dry-run') == [5, 0, 0, 0, 0]
    assert json.loads(snapshot())['count'] == 0
    assert counts(path, '--source', 'own') == [5, 0, 0, 0, 0]
    before = snapshot()
    assert counts(path, '--source', 'own') == [0, 0, 5, 0, 0]
    assert snapshot() == before
    said = good('import', path, '--source', 'own')
    assert '0 added, 0 changed, 5 unchanged, 0 withdrawn, 0 restored' in ' '.join(said.split())
    assert good('import', path, '--source', 'own', '--quiet') == ''


@test
def a_newer_list_adds_changes_withdraws_and_an_older_one_restores():
    newer = write('newer.json', PERSONS[0], person('p2', 'Боримир Выдуманов', born='1976'), PERSONS[2], PERSONS[3],
                  person('p6', 'Emil Nirgends'))
    expected = [1, 1, 3, 1, 0]
    assert counts(newer, '--source', 'own', '--dry-run') == expected
    assert counts(newer, '--source', 'own') == expected
    records = json.loads(good('records', '--json'))['records']
    assert [record['key'] for record in records] == ['p1', 'p2', 'p3', 'p4', 'p6']
    older = write('first.json', *PERSONS)
    assert counts(older, '--source', 'own', '--dry-run') == [0, 1, 3, 1, 1]
    assert counts(older, '--source', 'own') == [0, 1, 3, 1, 1]
    source = json.loads(good('sources', '--json'))['sources'][0]
    assert (source['source'], source['format'], source['current'], source['withdrawn']) == ('own', 'ftm', 5, 1)


@test
def a_file_that_ends_too_early_changes_nothing():
    before = snapshot()
    whole = '\n'.join(PERSONS)
    assert 'nothing was changed' in bad(6, 'truncated', 'import', write('cut.json', whole[:-10], end=''), '--source', 'own')
    bad(6, 'truncated', 'import', write('none.json', end=''), '--source', 'own', '--format', 'ftm')
    bad(6, 'bad-', 'import', write('other.json', 'neither this nor that', 'at all'), '--source', 'own')
    bad(3, 'not-found', 'import', os.path.join(FOLDER, 'none.csv'), '--source', 'own')
    bad(2, 'bad-argument', 'import', write('first.json', *PERSONS), '--source', 'own', '--format', 'xls')
    assert snapshot() == before


@test
def a_list_that_shrinks_is_refused_until_it_is_allowed():
    before = snapshot()
    small = write('small.json', *PERSONS[:2])
    assert '--allow-shrink' in bad(6, 'shrinks', 'import', small, '--source', 'own')
    bad(6, 'shrinks', 'import', small, '--source', 'own', '--dry-run')
    assert snapshot() == before
    assert counts(small, '--source', 'own', '--allow-shrink') == [0, 0, 2, 3, 0]
    assert counts(write('first.json', *PERSONS), '--source', 'own') == [0, 0, 2, 0, 3]


@test
def rows_that_are_bad_are_told_and_left_out():
    lines = [person(f'r{i}', f'Rita Nummer {i}') for i in range(60)] + ['{"broken": ' for _ in range(25)] + [person('r99', 'Rita Last')]
    path = write('rows.json', *lines)
    done = run('import', path, '--source', 'rows')
    assert done.returncode == 0, done.stderr
    shown = [line for line in done.stderr.splitlines() if line.startswith('rows.json:')]
    assert len(shown) == 20 and shown[0].startswith('rows.json:61: '), done.stderr
    assert 'and 5 more bad rows' in done.stderr
    answer = json.loads(good('import', path, '--source', 'rows', '--json'))
    assert answer['bad_rows'] == 25 and len(answer['bad']) == 20 and answer['unchanged'] == 61
    half = write('half.json', *lines[40:85])
    bad(6, 'bad-format', 'import', half, '--source', 'rows')


@test
def records_are_listed_searched_and_shown():
    listed = good('records', '--source', 'own')
    assert 'Anna Beispielova' in listed and '1980-02-03' in listed
    for line in good('records', env={'COLUMNS': '60'}).splitlines():
        assert columns(line) <= 60, line
    found = json.loads(good('records', 'search', 'ВЫДУМАНОВ', '--json'))
    assert found['count'] == 1 and found['records'][0]['key'] == 'p2'
    assert found['records'][0]['entity']['schema'] == 'Person'
    number = str(found['records'][0]['id'])
    shown = good('records', 'show', number)
    assert 'Borimir Vydumanov' in shown and '1975' in shown
    assert json.loads(good('records', 'show', number, '--json'))['key'] == 'p2'
    assert json.loads(good('records', 'search', 'nobody at all', '--json')) == {'count': 0, 'records': []}
    assert 'No record fits' in good('records', 'search', 'nobody')
    limited = json.loads(good('records', '--limit', '2', '--json'))
    assert limited['count'] > 2 and len(limited['records']) == 2
    bad(3, 'not-found', 'records', 'show', '999999')


@test
def every_listing_is_one_json_document_when_empty_too():
    for words, key in ((['pair', 'list'], 'peers'), (['compartment'], 'compartments'), (['compartment', 'list'], 'compartments'),
                       (['matches'], 'matches')):
        assert json.loads(good(*words, '--json')) == {key: []}
        assert good(*words).strip() and good(*words, '--quiet') == ''
    assert json.loads(good('card', '--json'))['name'] == 'north'
    assert len(json.loads(good('version', '--json'))['rules']) == 64


@test
def pairing_needs_the_words():
    south = os.path.join(FOLDER, 'south')
    good('init', 'south', '-a', '127.0.0.1:7002', '-k', os.path.join(FOLDER, 'south.key'), home=south)
    card = os.path.join(FOLDER, 'south.card')
    good('card', '--out', card, home=south)
    words = good('card', '--words', home=south).strip()
    assert 'exchanged the card' in bad(7, 'unknown-key', 'pair', card, '--words', good('card', '--words').strip())
    assert json.loads(good('pair', 'list', '--json'))['peers'] == []
    assert json.loads(good('pair', card, '--json'))['state'] == 'pending'
    good('pair', card, '--words', words.upper().replace('-', ' '))
    peer = json.loads(good('pair', 'list', '--json'))['peers'][0]
    assert (peer['name'], peer['state'], peer['words'], peer['address']) == ('south', 'paired', words, '127.0.0.1:7002')
    with open(card, encoding='utf-8') as file:
        text = file.read()
    bad(7, 'bad-signature', 'pair', write('forged.card', text.replace('7002', '7003'), end=''), '--words', words)
    bad(6, 'bad-', 'pair', write('no.card', 'not a card'), '--words', words)
    bad(3, 'not-found', 'pair', os.path.join(FOLDER, 'none.card'))
    own = os.path.join(FOLDER, 'north.card')
    good('card', '--out', own)
    bad(2, 'bad-argument', 'pair', own, '--words', good('card', '--words').strip())
    bad(3, 'not-found', 'pair', 'remove', 'west')
    good('pair', 'remove', 'south')
    assert json.loads(good('pair', 'list', '--json'))['peers'] == []


@test
def without_a_compartment_there_is_nothing_to_oversee():
    bad(1, 'wrong-state', 'export', '--oversight', os.path.join(FOLDER, 'nothing.tar'))
    assert not os.path.exists(os.path.join(FOLDER, 'nothing.tar'))


@test
def what_needs_a_node_says_how_to_start_it():
    for words in (['status'], ['stop'], ['compartment', 'propose', 'south', '--purpose', 'a test']):
        assert 'entente serve' in bad(5, 'node-not-running', *words)
    assert json.loads(run('status', '--json').stdout)['error'] == 'node-not-running'
    for words in (['match'], ['hits'], ['ledger', 'show'], ['ledger', 'verify'], ['compartment', 'show'],
                  ['compartment', 'suspend', 'x'], ['ledger', 'export', 'x', 'y']):
        assert f"entente compartment {'list' if 'x' in words else 'propose'}" in bad(3, 'not-found', *words), words


@test
def what_a_node_answers_becomes_text_json_and_exit_codes():
    propose = ['compartment', 'propose', 'south', '--purpose', 'a test', '--max-keys', '500', '--starters', 'me']
    answer = {'ok': {'compartment': '0123456789abcdef0123456789abcdef', 'name': 'south', 'state': 'proposed'}}
    with FakeNode({'progress': {'phase': 'connect', 'done': 0, 'total': 1}}, answer) as node:
        assert 'entente compartment accept 01234567' in ' '.join(good(*propose).split())
    assert node.request == {'do': 'propose', 'peer': 'south', 'name': 'south', 'purpose': 'a test', 'max_list': 100000,
                            'max_keys': 500, 'matches_per_day': 4, 'starters': 'me'}
    with FakeNode(answer):
        assert json.loads(good(*propose, '--json')) == answer['ok']
    with FakeNode({'error': 'over-budget', 'detail': 'one match a day', 'by': 'peer'}):
        assert 'the other node says: one match a day' in bad(4, 'over-budget', *propose)
    with FakeNode({'error': 'busy', 'detail': 'too much to do', 'by': 'peer'}):
        bad(4, 'busy', *propose)
    with FakeNode({'error': 'busy', 'detail': 'too much to do', 'by': 'self'}):
        bad(1, 'busy', *propose)
    with FakeNode({'error': 'timed-out', 'detail': 'no word', 'by': 'self'}):
        bad(5, 'timed-out', *propose)
    with FakeNode({'error': 'refused', 'detail': 'no\u001b[2J', 'by': 'peer'}):
        assert '\x1b' not in bad(4, 'refused', *propose)
    with FakeNode({'error': 'outside-terms', 'detail': 'no', 'by': 'peer'}):
        done = run(*propose, '--json')
        assert done.returncode == 4
        assert {key: json.loads(done.stdout)[key] for key in ('error', 'detail', 'by')} == {
            'error': 'outside-terms', 'detail': 'no', 'by': 'peer'}
    with FakeNode({'error': 'a word of the future', 'detail': 'what', 'by': 'self'}):
        bad(1, 'internal', *propose)
    with FakeNode():
        bad(5, 'closed', *propose)
    with FakeNode('neither JSON'):
        bad(6, 'bad-format', *propose)
    with FakeNode({'progress': {'phase': 'keys', 'done': 1, 'total': 2}}):
        bad(5, 'closed', *propose)
    with FakeNode({'ok': {'stopped': True}}) as node:
        good('stop')
    assert node.request == {'do': 'stop'}


@test
def on_a_terminal_it_asks():
    other = os.path.join(FOLDER, 'west')
    text = typed(['init', 'west'], [('New passphrase: ', 'quite a long one'), ('The same again: ', 'another long one')], other, 1)
    assert 'not the same' in text and 'quite a long one' not in text
    text = typed(['init', 'west'], [('New passphrase: ', 'quite a long one'), ('The same again: ', 'quite a long one')], other)
    assert 'words' in text and 'quite a long one' not in text
    card = os.path.join(FOLDER, 'west.card')
    good('card', '--out', card, home=other)
    words = good('card', '--words', home=other).strip()
    question = 'Do both of you read the same words? [yes/no] '
    text = typed(['pair', card], [(question, 'no')], code=7)
    assert words in text and good('card', '--words').strip() in text
    assert json.loads(good('pair', 'list', '--json'))['peers'] == []
    text = typed(['pair', card], [(question, 'y'), ('Please type yes or no. ' + question, 'yes')])
    assert 'Paired with west' in text
    assert json.loads(good('pair', 'list', '--json'))['peers'][0]['state'] == 'paired'
    good('pair', 'remove', 'west')


@test
def a_terminal_sees_progress_and_a_pipe_does_not():
    path = write('many.json', *[person(f'm{i}', f'Max Muster {i}') for i in range(2000)])
    assert 'reading' in typed(['import', path, '--source', 'many'], [])
    assert '\r' not in typed(['import', path, '--source', 'many', '--quiet'], [])
    done = run('import', path, '--source', 'many')
    assert done.stderr == '' and '\r' not in done.stdout


@test
def a_node_starts_answers_and_stops():
    ready, write_end = os.pipe()
    node = subprocess.Popen([PROGRAM, '--home', HOME, 'serve', '--listen', '127.0.0.1:0', '-k', KEY, '--log',
                             os.path.join(FOLDER, 'log'), '--ready-fd', str(write_end)], pass_fds=[write_end])
    os.close(write_end)
    try:
        with os.fdopen(ready) as file:
            assert file.readline().startswith('ready ')
        assert json.loads(good('status', '--json'))['name'] == 'north'
        assert 'north' in good('status')
        bad(1, 'busy', 'serve', '--listen', '127.0.0.1:0', '-k', KEY)
        good('stop')
        assert node.wait(20) == 0
    finally:
        if node.poll() is None:
            node.kill()
            node.wait()
    bad(5, 'node-not-running', 'status')


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Node:
    """A party's running node."""

    def __init__(self, home, key, *options):
        ready, write_end = os.pipe()
        self.process = subprocess.Popen([PROGRAM, '--home', home, 'serve', '-k', key, '--log', home + '.log', '--ready-fd',
                                         str(write_end), *options], pass_fds=[write_end], stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(ready) as file:
            assert file.readline().startswith('ready ')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, 'it did not happen within 20 seconds'
        time.sleep(0.05)


def two_parties():
    """Paired, each with a list: p1 is on both. Returns their homes and keys."""
    homes = [os.path.join(FOLDER, name) for name in ('east', 'west2')]
    lists = [write('east.json', PERSONS[0], PERSONS[2], PERSONS[4]), write('west.json', PERSONS[0], person('x1', 'Xaver Anders'))]
    for home, path in zip(homes, lists):
        good('init', os.path.basename(home), '-a', f'127.0.0.1:{free_port()}', '-k', home + '.key', home=home)
        good('import', path, '--source', 'own', home=home)
        good('card', '--out', home + '.card', home=home)
    for home, other in (homes, homes[::-1]):
        good('pair', other + '.card', '--words', good('card', '--words', home=other).strip(), home=home)
    return homes


@test
def two_parties_agree_match_and_read_their_hits():
    east, west = two_parties()
    with Node(east, east + '.key'), Node(west, west + '.key'):
        bad(2, 'bad-argument', 'compartment', 'propose', 'west2', '--purpose', 'x', '--matches-per-day', '0', '--starters', 'all',
            home=east)
        good('compartment', 'propose', 'west2', '--purpose', 'a test', '--name', 'both', '--matches-per-day', '2', home=east)
        until(lambda: json.loads(good('compartment', '--json', home=west))['compartments'])
        bad(1, 'cancelled', 'compartment', 'accept', home=west)
        bad(4, 'suspended', 'match', home=east)
        assert 'is now active' in good('compartment', 'accept', '--yes', home=west)
        until(lambda: json.loads(good('compartment', 'show', '--json', home=east))['state'] == 'active')
        result = json.loads(good('match', 'both', '--json', home=east))
        assert result['records'] == 1 and result['bytes_sent'] > 0 and result['bytes_received'] > 0
        hits = [json.loads(good('hits', '--json', home=home))['hits'] for home in (east, west)]
        assert [hit['name'] for hit in hits[0]] == [hit['name'] for hit in hits[1]] == ['Anna Beispielova']
        joined = json.loads(good('hits', '--with', west, '--json', home=east))['hits']
        assert len(joined) == 1 and joined[0]['other_name'] == 'Anna Beispielova' and joined[0]['why']
        assert 'Anna Beispielova' in good('hits', home=west) and 'WHY' in good('hits', '--with', west, home=east)
        bad(3, 'not-found', 'hits', '--session', 'ffffffff' * 4, home=east)
        matches = [json.loads(good('matches', '--json', home=home))['matches'] for home in (east, west)]
        assert matches[0][0]['session'] == matches[1][0]['session'] == result['session']
        assert matches[0][0]['bytes_sent'] == matches[1][0]['bytes_received']
        assert matches[0][0]['own_keys'] == matches[1][0]['peer_keys']
        assert [match[0]['starter'] for match in matches] == [True, False]
        assert good('matches', home=east).count('\n') == 2
        name = json.loads(good('compartment', 'show', '--json', home=west))['name']
        assert good('compartment', 'suspend', name, '--reason', 'an audit', home=west)
        bad(4, 'suspended', 'match', home=west)
        until(lambda: json.loads(good('compartment', 'show', '--json', home=east))['state'] == 'suspended')
        bad(4, 'suspended', 'match', home=east)
        good('compartment', 'resume', name, home=west)
        until(lambda: json.loads(good('compartment', 'show', '--json', home=east))['state'] == 'active')
        good('match', home=west)
        bad(4, 'over-budget', 'match', home=east)
        for home in (east, west):
            until(lambda home=home: '"refusal"' in good('ledger', 'show', '--json', home=home))
            good('ledger', 'cosign', home=home)
            facts = json.loads(good('ledger', 'verify', '--json', home=home))
            assert 0 < facts['cosigned'] <= facts['entries']
            entries = json.loads(good('ledger', 'show', '--json', home=home))['entries']
            assert len(entries) == json.loads(good('ledger', 'facts', '--json', home=home))['entries']
            kinds = [entry['kind'] for entry in entries]
            assert kinds.count('match') == 2 and kinds.count('refusal') == 1 and 'state' in kinds, kinds
            assert 'Beispielova' not in good('ledger', 'show', '--json', home=home)
            assert good('ledger', 'show', '--entry', '1', home=home) == entries[1]['note']
            bad(3, 'not-found', 'ledger', 'show', '--entry', '9999', home=home)
            for line in good('ledger', 'show', home=home).splitlines():
                assert columns(line) <= 80, line
            label = json.loads(good('compartment', 'show', '--json', home=home))['name']
            good('ledger', 'export', label, home + '-ledger', home=home)
            bad(1, 'exists', 'ledger', 'export', label, home + '-ledger', home=home)
            oversight(home, label, facts['cosigned'])
        bad(1, 'wrong-state', 'pair', 'remove', 'west2', home=east)
        assert 'closed' in good('compartment', 'close', 'both', '--reason', 'done', home=east)
        bad(4, 'suspended', 'match', home=east)
        bad(1, 'wrong-state', 'compartment', 'resume', 'both', home=east)
        for home in (east, west):
            shown = good('compartment', 'list', home=home) + good('compartment', 'show', home=home) + good('status', home=home)
            for line in shown.splitlines():
                assert columns(line) <= 80, line
    with Node(east, east + '.key'):
        good('compartment', 'propose', 'west2', '--purpose', 'another', '--name', 'later', home=east)
    bad(5, 'node-not-running', 'match', 'both', home=east)


@test
def output_that_cannot_be_written_is_an_error():
    with open('/dev/full', 'w', encoding='utf-8') as full:
        for words in (['help'], ['records', '--json'], ['card']):
            done = subprocess.run([PROGRAM, '--home', HOME, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert done.returncode == 1 and 'standard output' in done.stderr, (words, done.returncode, done.stderr)


@test
def options_before_the_command_count():
    assert json.loads(good('--home', HOME, '--json', 'sources', home='/nonexistent'))['sources']
    assert json.loads(good(f'--home={HOME}', '-j', 'sources', home='/nonexistent'))['sources']


def main():
    failed = 0
    print(f'1..{len(TESTS)}', flush=True)
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace('_', ' ')
        try:
            function()
            print(f'ok {number} - {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}', flush=True)
        except Exception as problem:  # pylint: disable=broad-except
            failed += 1
            print(f'not ok {number} - {name}')
            for line in f'{type(problem).__name__}: {problem}'.splitlines():
                print('# ' + line, flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
