import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { talkOn } from '../../src/terminal/talk.js';

/** A terminal, and what is typed into it once it has asked. */
function asking(typed: string): Promise<boolean> {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  output.once('data', () => input.write(typed));
  return talkOn(output, input).confirm('go on?');
}

test.each([
  ['y\r', true],
  ['yes\r', true],
  ['n\r', false],
  ['\r', false],
  ['\u0004', false],
])('an answer: %j', async (typed, answer) => {
  expect(await asking(typed)).toBe(answer);
});

test('Ctrl-C at a question interrupts, although the terminal sends no signal then', async () => {
  await expect(asking('\u0003')).rejects.toMatchObject({ code: 'interrupted' });
});

test('where nobody can answer, nothing is asked', async () => {
  const said: Buffer[] = [];
  const output = Object.assign(new PassThrough(), { isTTY: false }).on('data', (data: Buffer) => said.push(data));
  expect(await talkOn(output, new PassThrough()).confirm('go on?')).toBe(false);
  expect(said).toEqual([]);
});
