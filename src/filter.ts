import { filterProcess } from './capture/filter-process.js';
import { exitCode } from './errors.js';
import { failureText } from './terminal/envelope.js';
import { safe } from './terminal/safe.js';

/** The streams of the process, from `git-comfy.cts`. */
export interface ProcessStreams {
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/**
 * `git comfy filter-process`, started early: git starts it for every command that touches a workflow, so none of the command line's
 * machinery is loaded. Returns the exit code.
 */
export async function filter({ cwd, stdin, stdout, stderr }: ProcessStreams): Promise<number> {
  const say = (line: string) => void stderr.write(`${safe(line)}\n`);
  try {
    await filterProcess({
      cwd,
      input: stdin,
      write: (bytes) => new Promise((done) => stdout.write(bytes, () => done())),
      say,
      now: () => new Date(),
    });
    return exitCode.ok;
  } catch (error) {
    say(failureText(error));
    return exitCode.cannot;
  }
}
