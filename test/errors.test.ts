import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { limited } from '../src/errors.js';

test('a limit is kept, however often garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const soon = limited(new AbortController().signal, 60);
  const fired = new Promise<string>((resolve) => soon.addEventListener('abort', () => resolve('fired')));
  await wait(5);
  collect();
  expect(await Promise.race([fired, wait(5000, 'never')])).toBe('fired');
});

test('it fires with the signal that it is made of, and at once where nothing is left', () => {
  const outer = new AbortController();
  const long = limited(outer.signal, 60_000);
  expect(long.aborted).toBe(false);
  outer.abort();
  expect([long.aborted, limited(new AbortController().signal, 0).aborted]).toEqual([true, true]);
});
