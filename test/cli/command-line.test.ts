import { expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';

test('an unknown command is exit 2 and suggests the nearest', async () => {
  const { context, err } = captured('/');
  expect(await run(context, ['statsu'])).toBe(2);
  expect(err()).toBe('git comfy: there is no command "statsu"\n  did you mean: git comfy status\n');
});

test('with --json a failure is one envelope on stdout and stderr is silent', async () => {
  const { context, out, err } = captured('/');
  expect(await run(context, ['nonsense', '--json'])).toBe(2);
  expect(JSON.parse(out())).toEqual({
    schemaVersion: 1,
    command: 'nonsense',
    ok: false,
    error: { code: 'usage', message: 'there is no command "nonsense"', hint: 'git comfy -h lists the commands' },
  });
  expect(err()).toBe('');
});

test('an inherited property name is no command', async () => {
  const { context } = captured('/');
  expect(await run(context, ['constructor'])).toBe(2);
});

test('after -- come paths, also those that look like options', async () => {
  const { context, out, err } = captured('/');
  expect(await run(context, ['run', '--', '-h', '--json'])).toBe(2);
  expect(out()).toBe('');
  expect(err()).toContain('too many arguments');
});

test('no arguments show the commands', async () => {
  const { context, out } = captured('/');
  expect(await run(context, [])).toBe(0);
  expect(out()).toContain('usage: git comfy <command>');
});

test('a wrong option names itself and the help', async () => {
  const { context, err } = captured('/');
  expect(await run(context, ['status', '--nonsense'])).toBe(2);
  expect(err()).toContain("unknown option '--nonsense'");
  expect(err()).toContain('git comfy status -h shows the usage; a name that begins with - comes after --');
});

test.each([
  [['verify', '--sever', 'x'], 'did you mean --server? git comfy verify -h'],
  [['run', 'a', '--sed', '5'], 'did you mean --seed or --set? git comfy run -h'],
])('an option that is nearly right: %j', async (words, hint) => {
  const { context, err } = captured('/');
  expect(await run(context, words)).toBe(2);
  expect(err()).toMatch(/^git comfy: unknown option '--\w+'\n {2}\S.*\n$/);
  expect(err()).toContain(hint);
});
