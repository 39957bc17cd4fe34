import { filterPipes } from './capture/filter-process.js';
import type { Showing } from './capture/shown-texts.js';
import { exitCode } from './errors.js';
import { failureText } from './terminal/envelope.js';
import { safe } from './terminal/safe.js';

/** Of the process, from `git-comfy.cts`: descriptors of the pipes from and to git, and where to talk. */
export interface ProcessEnds {
  readonly cwd: string;
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: NodeJS.WritableStream;
  readonly showing: Showing;
  readonly unled: boolean;
}

/**
 * `git comfy filter-process`, started early: git starts it for every command that touches a workflow, so none of the command line's
 * machinery is loaded. Returns the exit code.
 */
export async function filter({ cwd, stdin, stdout, stderr, ...world }: ProcessEnds): Promise<number> {
  const say = (line: string) => void stderr.write(`${safe(line)}\n`);
  try {
    await filterPipes({ cwd, say, now: () => new Date(), ...world }, stdin, stdout);
    return exitCode.ok;
  } catch (error) {
    say(failureText(error));
    return exitCode.cannot;
  }
}
