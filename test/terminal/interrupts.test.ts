import { expect, test } from 'vitest';
import { lendable, onInterrupt } from '../../src/terminal/interrupts.js';

function pressing() {
  const interrupt = new AbortController();
  const state = { now: 1000, ended: false };
  const press = onInterrupt(
    interrupt,
    () => {
      state.ended = true;
    },
    () => state.now,
  );
  return { interrupt, state, press };
}

test('one Ctrl-C that comes twice, from the terminal and from git, is one', () => {
  const { interrupt, state, press } = pressing();
  press();
  state.now += 3;
  press();
  expect(interrupt.signal.aborted).toBe(true);
  expect(state.ended).toBe(false);
});

test('a second Ctrl-C of a person ends at once', () => {
  const { state, press } = pressing();
  press();
  state.now += 700;
  press();
  expect(state.ended).toBe(true);
});

test('Ctrl-C in a program that has the terminal is none of ours', async () => {
  let pressed = 0;
  const { press, lend } = lendable(() => {
    pressed++;
  });
  const failing = lend(async () => {
    press();
    throw new Error('the editor failed');
  });
  await expect(failing).rejects.toThrow('the editor failed');
  expect(pressed).toBe(0);
  press();
  expect(pressed).toBe(1);
});
