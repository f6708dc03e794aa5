#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`entente synth` from outside: its files, that the import takes all of them, and what it refuses. Prints TAP.

    tests/cli/synth.py PROGRAM
"""
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = tempfile.mkdtemp(prefix='entente-synth.')
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def at(name):
    return os.path.join(FOLDER, name)


def run(*words, **extra):
    environment = {'PATH': os.environ.get('PATH', ''), 'HOME': FOLDER, 'ENTENTE_HOME': at('home'), **extra.pop('env', {})}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.run([PROGRAM, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=100, check=False, **extra)


def good(*words, **extra):
    done = run(*words, **extra)
    assert done.returncode == 0, f'{words}: exit {done.returncode}: {done.stdout}{done.stderr}'
    return done.stdout


def bad(code, word, *words, **extra):
    done = run(*words, **extra)
    said = done.stdout + done.stderr
    assert done.returncode == code, f'{words}: exit {done.returncode}, expected {code}: {said}'
    assert word in said, f'{words}: no {word} in: {said}'
    return ' '.join(said.split())


def read(name):
    with open(at(name), 'rb') as file:
        return file.read()


def rows(name):
    with open(at(name), encoding='utf-8', newline='') as file:
        first = file.readline()
        assert first.startswith('# SYNTHETIC.'), first
        return list(csv.DictReader(file))


def truth(name):
    with open(at(name), encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file]


@test
def two_lists_and_the_truth():
    said = json.loads(good('synth', '-n', '3000', '--pairs', '700', '--seed', '5', '--out', at('a.csv'), '--json'))
    assert said['rows'] == said['other_rows'] == 3000 and said['pairs'] == 700, said
    assert said['other_file'] == at('a-b.csv') and said['truth_file'] == at('a-truth.tsv'), said
    first, second, pairs = rows('a.csv'), rows('a-b.csv'), truth('a-truth.tsv')
    assert len(first) == len(second) == 3000 and len(pairs) == 700
    keys, others = {row['key']: row for row in first}, {row['key']: row for row in second}
    assert len(keys) == len(others) == 3000 and not set(keys) & set(others)
    assert all(len(pair) == 3 and pair[0] in keys and pair[1] in others for pair in pairs)
    assert len({pair[0] for pair in pairs}) == len({pair[1] for pair in pairs}) == 700
    for one, other, errors in pairs:
        if errors == 'exact':
            assert keys[one]['name'] == others[other]['name'] and keys[one]['passport'] == others[other]['passport']
        elif 'script' in errors.split(';'):
            assert others[other]['name'] == '' and others[other]['original'] != ''
    assert said['exact'] == sum(pair[2] == 'exact' for pair in pairs)
    for word, count in said['errors'].items():
        assert count == sum(word in pair[2].split(';') for pair in pairs), word


@test
def everybody_is_marked():
    for row in rows('a.csv') + rows('a-b.csv'):
        assert row['key'].startswith('synth-') and row['programme'] == 'synthetic persons', row
        assert row['name'] or row['original'], row


@test
def the_same_seed_gives_the_same_bytes():
    good('synth', '-n', '3000', '--pairs', '700', '--seed', '5', '--out', at('again.csv'), '-q')
    for name in ('.csv', '-b.csv', '-truth.tsv'):
        assert read('a' + name) == read('again' + name), name
    good('synth', '-n', '3000', '--pairs', '700', '--seed', '6', '--out', at('other.csv'), '-q')
    assert read('a.csv') != read('other.csv')


@test
def parts_put_together_are_the_whole():
    pieces = {'.csv': b'', '-b.csv': b'', '-truth.tsv': b''}
    for begin, end in ((0, 1), (1, 2200), (2200, 5300)):
        good('synth', '-n', '3000', '--pairs', '700', '--seed', '5', '--from', str(begin), '--to', str(end), '--out', at('part.csv'),
             '--force', '-q')
        for name in pieces:
            text = read('part' + name)
            pieces[name] += text if name.endswith('.tsv') or begin == 0 else text.split(b'\n', 2)[2]
    for name, text in pieces.items():
        assert text == read('a' + name), name


@test
def one_list_with_persons_twice():
    good('synth', '-n', '500', '-d', '40', '--out', at('twice.csv'), '--truth', at('twice.tsv'), '-q')
    keys, pairs = [row['key'] for row in rows('twice.csv')], truth('twice.tsv')
    assert len(keys) == len(set(keys)) == 500 and len(pairs) == 40
    assert all(one in keys and other in keys and other == one + '-0' for one, other, _ in pairs)
    good('synth', '-n', '20', '--out', at('once.csv'), '--truth', at('once.tsv'), '-q')
    assert read('once.tsv') == b''


@test
def the_import_takes_everything():
    home = at('home')
    with open(at('home.key'), 'w', encoding='utf-8') as file:
        file.write('a long enough passphrase\n')
    good('init', 'north', '--passphrase-file', at('home.key'))
    good('synth', '-n', '4000', '-d', '900', '-e', '300', '--out', at('in.csv'), '--mapping', at('in.mapping'), '-q')
    good('synth', '-n', '4000', '-d', '900', '-e', '300', '--format', 'ftm', '--out', at('in.jsonl'), '-q', '--force')
    said = json.loads(good('import', at('in.csv'), '--mapping', at('in.mapping'), '--source', 'first', '--json'))
    assert said['added'] == 4000 and said['rows'] == 4000 and said['bad_rows'] == 0, said
    said = json.loads(good('import', at('in.jsonl'), '--source', 'first', '--json'))
    assert said['unchanged'] == 4000 and said['bad_rows'] == 0, f'the two formats say different things: {said}'
    assert os.path.isdir(home)


@test
def languages():
    names = good('synth', '--list-languages').split()
    assert len(names) == len(set(names)) and 'russian' in names, names
    assert json.loads(good('synth', '--list-languages', '--json')) == names
    good('synth', '-n', '200', '-l', 'russian', '--out', at('ru.csv'), '-q')
    good('synth', '-n', '200', '-l', 'russian,turkish', '--out', at('two.csv'), '-q')
    good('synth', '-n', '200', '-l', 'turkish', '-l', 'russian', '--out', at('both.csv'), '-q')
    assert read('two.csv') == read('both.csv') != read('ru.csv')
    assert 'turkish' not in bad(2, 'bad-argument', 'synth', '-l', 'elvish', '--out', at('no.csv'))


@test
def women_and_errors_follow_their_shares():
    good('synth', '-n', '2000', '--women', '0', '--out', at('men.csv'), '-q')
    assert not any(row['sex'] == 'female' for row in rows('men.csv'))
    said = json.loads(good('synth', '-n', '2000', '-p', '2000', '-e', '0', '--out', at('exact.csv'), '--json'))
    assert said['pairs'] == said['exact'] == 2000, said


@test
def what_is_there_is_not_replaced():
    before = read('a.csv')
    assert '--force' in bad(1, 'exists', 'synth', '--out', at('a.csv'))
    open(at('new-truth.tsv'), 'w', encoding='utf-8').close()
    bad(1, 'exists', 'synth', '-p', '1', '--out', at('new.csv'))
    assert read('a.csv') == before and not os.path.exists(at('new.csv')) and not os.path.exists(at('new-b.csv'))
    good('synth', '-p', '1', '--out', at('new.csv'), '--force', '-q')
    assert len(truth('new-truth.tsv')) == 1


@test
def wrong_requests():
    out = ('--out', at('wrong.csv'))
    for words in (['synth'], ['synth', 'x', *out], ['synth', '-n', '0', *out], ['synth', '-n', '10', '-p', '11', *out], ['synth', '-n', '10', '-d', '6', *out],
                  ['synth', '-p', '1', '-d', '1', *out], ['synth', '--format', 'xml', *out], ['synth', '--women', '101', *out],
                  ['synth', '--errors', '401', *out], ['synth', '--seed', 'x', *out], ['synth', '--from', '7', '--to', '7', *out],
                  ['synth', '--to', '1001', *out], ['synth', '--truth', out[1], '-d', '1', *out]):
        bad(2, 'bad-argument', *words)
    bad(3, 'not-found', 'synth', '--out', at('nowhere/list.csv'))
    assert not [name for name in os.listdir(FOLDER) if name.startswith('wrong')]


@test
def a_full_disk_leaves_nothing():
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (400000, 400000))
    bad(1, 'disk-full', 'synth', '-n', '100000', '-p', '10', '--out', at('full.csv'), preexec_fn=limit)
    assert not [name for name in os.listdir(FOLDER) if name.startswith('full')]


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
