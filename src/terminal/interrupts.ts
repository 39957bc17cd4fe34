import type { Context } from '../context.js';

/** Milliseconds: nobody presses Ctrl-C twice so fast, and git needs far less to send on what the terminal sent. */
const echoTime = 400;

/**
 * What SIGINT and SIGTERM do: the first asks for an orderly end, a later one ends at once, since the person means it. Under `git comfy` one Ctrl-C
 * comes twice, from the terminal and from git, which sends it on to its child (git `run-command.c`, `clean_on_exit`): the echo is no second one.
 * @param now milliseconds of a clock that never goes back
 */
export function onInterrupt(interrupt: AbortController, end: () => void, now: () => number): () => void {
  let first: number | undefined;
  return () => {
    if (first === undefined) {
      first = now();
      interrupt.abort();
    } else if (now() - first > echoTime) {
      end();
    }
  };
}

/** Ctrl-C while another program has the terminal (an editor, a hook that asks) is that program's to answer. */
export function lendable(onPress: () => void): { readonly press: () => void; readonly lend: Context['lend'] } {
  let lent = 0;
  return {
    press: () => {
      if (lent === 0) onPress();
    },
    lend: async (use) => {
      lent++;
      try {
        return await use();
      } finally {
        lent--;
      }
    },
  };
}
