import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCanonicalYaml } from '../../src/lock/canonical-yaml.js';
import { writeLock } from '../../src/lock/lockfile.js';
import { parseYaml } from '../../src/lock/yaml.js';
import { anyLock } from './arbitrary.js';

/** Whatever the short way reads, the real parser reads the same. */
function agree(text: string): void {
  const read = readCanonicalYaml(text);
  if (read !== undefined) expect({ text, read }).toEqual({ text, read: parseYaml(text, 0) });
}

test('a lock as we write it is read the short way', () => {
  const golden = readFileSync(new URL('../fixtures/lock/comfy.lock', import.meta.url), 'utf8');
  expect(readCanonicalYaml(golden)).toEqual(parseYaml(golden, 0));
});

test('any lock that is read the short way is read as the real parser reads it', () => {
  fc.assert(fc.property(anyLock, (lock) => agree(writeLock(lock))));
});

/** What YAML has a meaning for, in places where it has one, and where it has none. */
const pieces = [
  ...['a', 'key', 'é', '漢', '~', 'no', '0x1', '1e3', '.inf', '2020-01-01', 'sha256:ab', 'a b', 'http://x'],
  ...[
    ':',
    ': ',
    ' #',
    '#',
    '-',
    '- ',
    '? ',
    '|',
    '>',
    '&a ',
    '*a',
    '!t ',
    '%',
    '@',
    '`',
    "'",
    '"',
    '"a"',
    '"\\n"',
    '"\\u12"',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    '---',
    '...',
    '<<',
    '\t',
    ' ',
    '  ',
    '    ',
    '\n',
    '\n',
    '\n  ',
    '\n  - ',
    '\r\n',
    'a: b\n',
    'a:\n  b: c\n',
  ],
];

test('any text that is read the short way is read as the real parser reads it', () => {
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => `${parts.join('')}\n`);
  fc.assert(fc.property(text, agree), { numRuns: 3000 });
});

test.each([
  ['a: b', 'no line end'],
  ['a: b\na: c\n', 'a key twice'],
  ['a:\n    b: c\n', 'an indent that we do not write'],
  ['a: b\n  c: d\n', 'a value, and more below'],
  ['- a\n', 'a list on its own'],
  ["a: 'b'\n", 'single quotes'],
  ['a: b # c\n', 'a comment'],
  ['a:  b\n', 'two spaces'],
  ['a: b \n', 'a space at the end'],
])('%j is left to the real parser: %s', (text) => {
  expect(readCanonicalYaml(text)).toBeUndefined();
});
