"""Compares the outcomes of stem's tests, directly and through the daemon. usage: compare.py EXPECTED FOLDER TARGET...

A line of EXPECTED is `TARGET test: reason`, `*` standing for every target.
"""

import json
import sys


def read_expected(path):
    expected = {}
    with open(path) as file:
        for line in file:
            if line.strip() and not line.startswith('#'):
                (target, name), reason = line.split(':', 1)[0].split(), line.split(':', 1)[1].strip()
                expected[(target, name)] = reason
    return expected


def main(expected_path, folder, *targets):
    expected, used, unexpected = read_expected(expected_path), set(), 0
    for target in targets:
        direct, filtered = (
            json.load(open('%s/%s-%s.json' % (folder, target, way))) for way in ('direct', 'filtered')
        )
        passing = sorted(name for name, result in direct.items() if result['outcome'] == 'passed')
        differing = [name for name in passing if filtered.get(name, {}).get('outcome') != 'passed']
        print('%s: %d tests pass directly, %d of them through onion-grater' % (
            target, len(passing), len(passing) - len(differing)))
        for name, result in sorted(direct.items()):
            if result['outcome'] == 'failed':
                print('  fails directly too: %s' % name)
        for name in differing:
            key = next((key for key in ((target, name), ('*', name)) if key in expected), None)
            if key:
                used.add(key)
                print('  differs, as expected: %s: %s' % (name, expected[key]))
            else:
                unexpected += 1
                detail = filtered.get(name, {}).get('detail', 'it did not run')
                print('  DIFFERS: %s\n    %s' % (name, detail.strip().replace('\n', '\n    ')))
    stale = [key for key in expected if key not in used and (key[0] == '*' or key[0] in targets)]
    for key in stale:
        print('DIFFERS NO LONGER: %s %s' % key)
    return 1 if unexpected or stale else 0


sys.exit(main(*sys.argv[1:]))
