import type { Context } from '../context.js';
import { pagerOf, showInPager } from '../git/pager.js';

/** Shows text as git does: in the person's pager where they sit at a terminal. Returns what is left to print. */
export async function paged({ cwd, env, output }: Context, text: string, wanted: boolean): Promise<string> {
  if (!wanted || !output.interactive || text === '') return text;
  const pager = await pagerOf(cwd);
  return pager !== undefined && (await showInPager(cwd, pager, text, env)) ? '' : text;
}
