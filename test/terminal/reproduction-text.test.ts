import { expect, test } from 'vitest';
import { painter } from '../../src/terminal/paint.js';
import { reportText } from '../../src/terminal/reproduction-text.js';

const lines = [
  'expected: partial',
  "  checkpoint painter.safetensors: other content than the record's",
  '      put the file with sha256 00f8a7f5ca7b anywhere into models/checkpoints',
  'grade: full',
];

test('long lines break below their beginning; what is to be copied stays in one piece', () => {
  expect(reportText(lines, 40, painter(false)).split('\n')).toEqual([
    'expected: partial',
    '  checkpoint painter.safetensors: other',
    "    content than the record's",
    '      put the file with sha256 00f8a7f5ca7b anywhere into models/checkpoints',
    'grade: full',
  ]);
});

test('where nobody reads it as it comes, a line is a line', () => {
  expect(reportText(lines, Number.POSITIVE_INFINITY, painter(false))).toBe(lines.join('\n'));
});

test('grades have their colour, and nothing from outside has', () => {
  const text = reportText(['grade: full', '  evil\u001b[31m.png'], 80, painter(true));
  expect(text).toContain('grade: \u001b[32mfull\u001b[0m');
  expect(text).not.toContain('\u001b[31m');
});
