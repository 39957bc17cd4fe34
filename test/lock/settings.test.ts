import { expect, test } from 'vitest';
import { defaultSettings, readSettings, writeSettings } from '../../src/lock/settings.js';

test('what init writes is read', () => {
  expect(writeSettings(defaultSettings)).toBe('normalForm: 1\n');
  expect(readSettings(writeSettings(defaultSettings))).toEqual({ normalForm: 1 });
});

test.each(['', '# a comment\n', 'other: setting\n', 'normalForm: "1"\n'])('%j means normal form 1', (text) => {
  expect(readSettings(text)).toEqual({ normalForm: 1 });
});

test('a newer normal form is refused by name', () => {
  expect(() => readSettings('normalForm: 2\n')).toThrow(expect.objectContaining({ code: 'settings-newer' }));
  expect(() => readSettings('normalForm: 2\n')).toThrow('normal form 2');
});

test.each(['- a\n', 'normalForm: x\n', 'normalForm:\n  - 1\n', 'normalForm: [\n'])('%j is damaged', (text) => {
  expect(() => readSettings(text)).toThrow(expect.objectContaining({ code: 'settings-damaged' }));
});
