#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The report of real ledgers, from outside: text, JSON and page. Prints TAP.

    tests/cli/report.py PROGRAM MAKER      MAKER: the built tests/cli/report_home
"""
import html.parser
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

PROGRAM, MAKER = map(os.path.abspath, sys.argv[1:3])
FOLDER = subprocess.run([MAKER], capture_output=True, text=True, check=True).stdout.strip()
HERE, THERE = os.path.join(FOLDER, 'lighthouse'), os.path.join(FOLDER, 'harbour')
AT = '2026-12-20T12:00:00Z'
TESTS = []


def test(function):
    TESTS.append(function)
    return function


def run(*words, home=HERE, env=None):
    environment = {'PATH': os.environ.get('PATH', ''), 'HOME': FOLDER, 'COLUMNS': '80', **(env or {})}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
        if name in os.environ:
            environment[name] = os.environ[name]
    return subprocess.run([PROGRAM, '--home', home, 'report', *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60, check=False)


def good(*words, **extra):
    done = run(*words, **extra)
    assert done.returncode == 0, f'{words}: exit {done.returncode}: {done.stdout}{done.stderr}'
    return done.stdout


def bad(code, word, *words, **extra):
    done = run(*words, **extra)
    said = done.stdout + done.stderr
    assert done.returncode == code and word in said, f'{words}: exit {done.returncode}, expected {code} {word}: {said}'
    return ' '.join(said.split())


def report(*words, **extra):
    return json.loads(good('--json', '--at', AT, *words, **extra))


def page(*words, **extra):
    path = os.path.join(FOLDER, 'page.html')
    good('--html', path, '--at', AT, *words, **extra)
    assert os.stat(path).st_mode & 0o777 == 0o600
    with open(path, encoding='utf-8') as file:
        return file.read()


def compartments(document):
    return {part['compartment']: part['report'] for pair in document['pairs'] for part in pair['compartments']}


def every_counts(side):
    return side['quarters'] + [side['all']]


@test
def the_ledgers_hold_and_the_document_says_what_it_is():
    document = report('--verify')
    assert document['party'] == 'lighthouse' and document['quarter'] == '2026Q4' and document['at'] == AT
    assert document['verified'] is True and document['estimated_from'] == 10
    assert [pair['peer'] for pair in document['pairs']] == ['harbour']
    assert sorted(compartments(document)) == ['fire', 'flood']
    for part in document['pairs'][0]['compartments']:
        assert part['ledger']['entries'] == part['report']['entries'] and len(part['ledger']['root']) == 64
        assert part['report']['unfitting'] == 0


@test
def each_ask_has_one_end_and_the_quarters_add_up():
    document = report()
    reports = list(compartments(document).values()) + [document['pairs'][0]['all']]
    for one in reports:
        for side in (one['by_us'], one['by_them']):
            assert [quarter['quarter'] for quarter in side['quarters']] == \
                [f'{year}Q{number}' for year in (2025, 2026) for number in (1, 2, 3, 4)]
            for counts in every_counts(side):
                asks = counts['asks']
                assert len(asks['ends']) == 9 and sum(asks['ends'].values()) == asks['asked']
                assert sum(asks['declines'].values()) == asks['ends']['declined']
            for key in ('asked', 'replied_in_time', 'replied_late', 'overdue', 'deferrals'):
                assert sum(quarter['asks'][key] for quarter in side['quarters']) == side['all']['asks'][key]
    parts = compartments(document)
    assert reports[-1]['by_us']['all']['asks']['asked'] == sum(one['by_us']['all']['asks']['asked'] for one in parts.values())
    assert parts['flood']['by_us']['all']['asks']['asked'] > 100


@test
def estimates_stand_from_ten_requests_and_lists_below():
    for name, one in compartments(report()).items():
        for by in ('by_us', 'by_them'):
            side = one[by]
            asked, all_asked = side['quarters'][-1]['asks']['asked'], side['all']['asks']['asked']
            assert (side['estimate_quarter'] is None) == (asked < 10), (name, by)
            assert (side['estimate_all'] is None) == (all_asked < 10), (name, by)
            listed = all_asked if all_asked < 10 else asked if asked < 10 else 0
            assert len(side['listed']) == listed, (name, by)
            for estimate in filter(None, (side['estimate_quarter'], side['estimate_all'])):
                for survival in [estimate['replies'], *estimate['by_urgency'].values()]:
                    assert survival['count'] >= 10 and survival['steps'][-1]['waiting'] >= 0
                    waiting = [1] + [step['waiting'] for step in survival['steps']]
                    assert waiting == sorted(waiting, reverse=True)
                    assert sum(step['events'] + step['censored'] for step in survival['steps']) == survival['count']


@test
def the_estimate_is_what_a_second_reckoning_gives():
    """Kaplan and Meier once more, from the steps' own counts."""
    side = compartments(report())['flood']['by_us']
    replies, waiting, at_risk = side['estimate_all']['replies'], 1.0, side['all']['asks']['asked']
    for step in replies['steps']:
        assert step['at_risk'] == at_risk
        waiting *= 1 - step['events'] / at_risk
        at_risk -= step['events'] + step['censored']
        assert abs(step['waiting'] - waiting) < 1e-9
        if step['low'] is not None:
            assert 0 <= step['low'] <= step['waiting'] <= step['high'] <= 1
    median = next(step['after_s'] for step in replies['steps'] if step['waiting'] <= 0.5)
    assert replies['median_s'] == median and replies['median_low_s'] <= median <= replies['median_high_s']


@test
def both_parties_count_the_same_of_what_both_hold():
    here, there = compartments(report())['flood'], compartments(report(home=THERE))['flood']
    for ours, theirs in (('by_us', 'by_them'), ('by_them', 'by_us')):
        for mine, yours in zip(every_counts(here[ours]), every_counts(there[theirs])):
            for section in ('statements', 'asks', 'feedback', 'corrections', 'overdue'):
                assert mine[section] == yours[section], (ours, section)
    assert any(quarter['hits']['own'] for quarter in here['by_them']['quarters'])
    assert not any(quarter['hits']['own'] for quarter in there['by_us']['quarters'])  # the other's hits are not told


@test
def an_earlier_report_is_the_one_of_its_time():
    now, then = compartments(report('flood'))['flood'], json.loads(good('flood', '--json', '--at', '2026-03-31'))
    assert then['quarter'] == '2026Q1' and then['at'] == '2026-03-31T23:59:59Z'
    then = compartments(then)['flood']
    assert then['entries'] < now['entries']
    assert then['by_us']['all']['asks']['asked'] < now['by_us']['all']['asks']['asked']
    older = compartments(report('flood', '--quarter', '2026Q1'))['flood']['by_us']['quarters'][-1]
    assert older['quarter'] == '2026Q1' and older['asks']['asked'] == then['by_us']['quarters'][-1]['asks']['asked']
    assert older['asks']['ends']['open'] == 0


@test
def gaps_are_told():
    gaps = compartments(report())['flood']['gaps']
    kinds = {(gap['what'], gap['by'], gap['how']) for gap in gaps}
    assert {('receipt', 'them', 'ended'), ('receipt', 'us', 'ended'), ('cosign', 'them', 'stands'),
            ('suspended', 'them', 'ended')} <= kinds, kinds
    nine_days = next(gap for gap in gaps if gap['begin'].startswith('2025-08-12'))
    assert nine_days['length_s'] == 9 * 86400


@test
def the_text_fits_eighty_columns():
    for words in ([], ['flood'], ['fire', '--verify'], ['--quarter', '2025Q1']):
        text = good('--at', AT, *words)
        for line in text.splitlines():
            assert len(line) <= 80, f'{words}: {len(line)}: {line}'
            assert line == line.rstrip(), f'{words}: blank at the end: {line}'
    assert 'How long a reply takes' in good('--at', AT, 'flood')
    assert 'Fewer than ten' in good('--at', AT, 'fire') and 'How long' not in good('--at', AT, 'fire')


class Page(html.parser.HTMLParser):
    """Every element ends where it should; collects what is in the page."""
    VOID = {'meta', 'br'}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f'</{tag}> ends nothing'

    def handle_data(self, data):
        self.words.append(data)


@test
def the_page_needs_nothing_else_and_is_well_formed():
    text = page()
    parsed = Page(text)
    assert not {'script', 'link', 'img', 'iframe', 'object', 'form', 'a', 'base', 'image', 'use', 'foreignobject'} & set(parsed.tags)
    for name, value in parsed.attributes:
        assert not name.startswith('on') and name not in ('href', 'src', 'style', 'xlink:href'), name
        assert '://' not in (value or '') and 'url(' not in (value or ''), value
    style = text[text.index('<style>'):text.index('</style>')]
    assert 'url(' not in style and '@import' not in style and '@media print' in style and 'prefers-color-scheme:dark' in style
    ids = [value for name, value in parsed.attributes if name == 'id']
    assert len(ids) == len(set(ids))


@test
def each_picture_has_title_and_description_and_only_finite_numbers():
    text = page()
    pictures = re.findall(r'<svg viewBox="0 0 \d+ \d+" role="img".*?</svg>', text, re.DOTALL)
    assert len(pictures) >= 10
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        _, _, width, height = map(float, root.get('viewBox').split())
        names = root.get('aria-labelledby').split()
        found = {child.get('id'): child for child in root if child.tag in ('title', 'desc')}
        assert sorted(found) == sorted(names) and all((child.text or '').strip() for child in found.values())
        assert not re.search(r'\b(nan|inf)\b', picture)
        for element in root.iter():
            for name in ('x', 'x1', 'x2', 'y', 'y1', 'y2', 'width', 'height'):
                value = element.get(name)
                if value is not None:
                    assert -1 <= float(value) <= max(width, height) + 1, (element.tag, name, value)
        for path in root.iter('path'):
            for x, y in re.findall(r'M([\d.]+) ([\d.]+)', path.get('d')):
                assert float(x) <= width and float(y) <= height
            assert re.fullmatch(r'[MHVZ\d. ]+', path.get('d')), path.get('d')


@test
def the_bars_are_as_high_as_the_counts():
    text, flood = page('flood'), compartments(report('flood'))['flood']
    picture = next(p for p in re.findall(r'<svg .*?</svg>', text, re.DOTALL) if 'asked by us' in p and 'One bar a quarter' in p)
    root = ElementTree.fromstring(picture)
    drawn = {}
    for rect in root.iter('rect'):
        quarter, end, count = re.fullmatch(r'(\w+), ([\w-]+): ([\d,]+)', rect.find('title').text).groups()
        drawn[quarter, end] = (int(count.replace(',', '')), float(rect.get('height')))
    unit = {round(height / count, 1) for count, height in drawn.values()}
    assert len(unit) == 1 or max(unit) - min(unit) <= 0.11, unit
    for quarter in flood['by_us']['quarters']:
        for end, count in quarter['asks']['ends'].items():
            assert drawn.get((quarter['quarter'], end), (0,))[0] == count


@test
def text_from_outside_is_escaped():
    copy = os.path.join(FOLDER, 'hostile')
    shutil.copytree(HERE, copy)
    hostile = 'a"b\'><script>alert(1)</script>&amp;\u202eevil'
    with sqlite3.connect(os.path.join(copy, 'entente.db')) as database:
        database.execute("UPDATE compartments SET terms = CAST(replace(CAST(terms AS TEXT), 'persons missing after the flood', ?) AS BLOB)",
                         (hostile,))
    database.close()
    text = page(home=copy)
    parsed = Page(text)
    assert 'script' not in parsed.tags and '<script' not in text and '\u202e' not in text
    assert 'a&quot;b&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;?evil' in text
    assert '\u202e' not in good('--at', AT, home=copy)
    assert hostile in {part['purpose'] for part in report(home=copy)['pairs'][0]['compartments']}


@test
def a_changed_ledger_is_refused_when_it_is_checked():
    copy = os.path.join(FOLDER, 'changed')
    shutil.copytree(HERE, copy)
    with sqlite3.connect(os.path.join(copy, 'entente.db')) as database:
        changed = database.execute("UPDATE entries SET note = CAST(replace(CAST(note AS TEXT), 'outcome: answered', 'outcome: no-trace')"
                                   " AS BLOB) WHERE kind = 'answer'").rowcount
    database.close()
    assert changed > 0
    bad(7, 'corrupt', '--verify', '--at', AT, home=copy)
    path = os.path.join(FOLDER, 'not-written.html')
    bad(7, 'corrupt', '--verify', '--html', path, home=copy)
    assert not os.path.exists(path)


@test
def wrong_command_lines_are_told():
    assert '2026Q4' in bad(2, 'bad-argument', '--quarter', '2026-4')
    assert '2026-12-31' in bad(2, 'bad-argument', '--at', 'yesterday')
    bad(2, 'bad-argument', '--at', '2026-02-30')
    assert 'had not begun' in bad(2, 'bad-argument', '--quarter', '2027Q1', '--at', AT)
    bad(3, 'not-found', 'storm')
    bad(2, 'bad-argument', 'flood', 'fire')
    bad(3, 'not-found', '--html', os.path.join(FOLDER, 'no', 'such', 'folder.html'))
    bad(3, 'not-found', home=os.path.join(FOLDER, 'nobody'))


@test
def before_anything_was_said_there_is_nothing_to_count():
    document = json.loads(good('flood', '--json', '--at', '2025-01-03'))
    flood = compartments(document)['flood']
    assert flood['entries'] == 1 and flood['gaps'] == []
    assert flood['by_us']['all']['asks']['asked'] == 0 and flood['by_us']['estimate_all'] is None
    assert 'nothing was said in it yet' in good('flood', '--at', '2025-01-03')
    path = os.path.join(FOLDER, 'early.html')
    good('flood', '--html', path, '--at', '2025-01-03', '--quiet')
    with open(path, encoding='utf-8') as file:
        assert 'Nothing was said in it yet' in file.read()


def main():
    failed = 0
    print(f'1..{len(TESTS)}')
    for number, function in enumerate(TESTS, 1):
        try:
            function()
            print(f'ok {number} - {function.__name__}')
        except Exception as error:  # noqa: BLE001 - every failure is a line
            failed += 1
            print(f'not ok {number} - {function.__name__}')
            print('\n'.join(f'# {line}' for line in f'{type(error).__name__}: {error}'.splitlines()))
    shutil.rmtree(FOLDER)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
