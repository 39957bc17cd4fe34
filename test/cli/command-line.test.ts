import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';
import { temporaryFolder } from '../support/git.js';

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

test('an option before the command is told where it belongs', async () => {
  const { context, err } = captured('/');
  expect(await run(context, ['--json', 'status'])).toBe(2);
  const { context: other, err: told } = captured('/');
  expect(await run(other, ['-n', '5'])).toBe(2);
  expect(err()).toBe('');
  expect(told()).toBe(
    'git comfy: there is no command "-n"\n  options come after the command: git comfy <command> -n\n',
  );
});

// A terminal obeys C1 controls and direction marks, which JSON may hold as they are.
test('what comes from outside is harmless in an envelope, and reads the same', async () => {
  const { context, out } = captured('/');
  const name = 'x\u009b2J\u202e.png';
  expect(await run(context, ['compare', name, name, '--json'])).toBe(2);
  expect(out()).not.toMatch(/[\u0080-\u009f\u202e]/);
  expect(JSON.parse(out()).error.message).toContain(name);
});

test.each(['clean', 'smudge', 'textconv'])(
  'with --json %s has one envelope on stdout, and the bytes in it',
  async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.json'), '{"a": 1}');
    const { context, out } = captured(folder);
    const input = async function* () {
      yield Buffer.from('{"a": 1}');
    };
    expect(await run({ ...context, input }, [name, 'a.json', '--json'])).toBe(0);
    expect(JSON.parse(out()).result).toEqual({ text: '{"a": 1}' });
  },
);

test('with --json bytes that are no text are in base64', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.bin'), Buffer.from([0xff, 0xfe]));
  const { context, out } = captured(folder);
  expect(await run(context, ['textconv', 'a.bin', '--json'])).toBe(0);
  expect(JSON.parse(out()).result).toEqual({ base64: '//4=' });
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
