import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Context } from '../context.js';
import { ComfyError, exitCode, Interrupted } from '../errors.js';
import { runGit } from '../git/exec.js';
import { shellWord } from '../shell-word.js';
import type { DemoFolder } from './demo-folder.js';
import { scriptPath } from './launcher.js';

/** What the demo shows, piece by piece. */
export interface DemoPiece {
  readonly kind: 'act' | 'say' | 'command' | 'output' | 'proposal';
  /** A proposal is lines for a shell, to be typed by whoever reads it. */
  readonly text: string;
}

/** A command that was typed, and what came of it. */
export interface Typed {
  readonly command: string;
  readonly exit: number;
  /** stdout, then stderr, as a terminal shows them. */
  readonly output: string;
}

export interface Shell {
  readonly act: (title: string) => Promise<void>;
  readonly say: (text: string) => Promise<void>;
  /** Proposes what to type next, in a shell that may not know `git comfy`. */
  readonly propose: (commands: readonly string[]) => Promise<void>;
  /**
   * Types `git` and these words in the project: git's own commands or ours, as a person would.
   * @throws ComfyError `demo-failed` for any exit code but the one that belongs to the story; Interrupted
   */
  readonly type: (words: readonly string[], exit?: number) => Promise<Typed>;
  /** Everything that was typed so far. */
  readonly typed: readonly Typed[];
}

type Tools = Pick<Context, 'env' | 'program' | 'signal' | 'output'>;

/**
 * A shell in which `git comfy` is this very program, whatever is installed, and which knows nothing of the person's git settings: these may
 * sign commits or run hooks.
 */
export async function openShell(
  folder: DemoFolder,
  tools: Tools,
  show: (piece: DemoPiece) => Promise<void>,
): Promise<Shell> {
  const env = await environment(folder, tools);
  const typed: Typed[] = [];
  return {
    typed,
    act: (text) => show({ kind: 'act', text }),
    say: (text) => show({ kind: 'say', text }),
    propose: (commands) => {
      const there = [`cd ${shellWord(folder.project)}`, `export PATH=${shellWord(binOf(folder))}:"$PATH"`];
      return show({ kind: 'proposal', text: [...there, ...commands].join('\n') });
    },
    type: async (words, exit = 0) => {
      const command = ['git', ...words].map(asTyped).join(' ');
      await show({ kind: 'command', text: command });
      const { code, stdout, stderr } = await runGit(folder.project, words, { env, signal: tools.signal });
      if (code === exitCode.interrupted) throw new Interrupted();
      const output = `${stdout.toString('utf8')}${stderr}`.replace(/\n$/, '');
      await show({ kind: 'output', text: output === '' ? '(nothing)' : output });
      const done = { command, exit: code, output };
      typed.push(done);
      if (code === exit) return done;
      throw new ComfyError('demo-failed', `the demo expected ${exit} from "${command}" and got ${code}`, {
        hint: `look at what it printed above, and at ${folder.top}`,
      });
    },
  };
}

/** Options stand as people type them; where a file's name could be one, `shellWord` quotes it. */
const asTyped = (word: string) => (/^--?[\w.=,-]+$/.test(word) ? word : shellWord(word));

const binOf = ({ top }: DemoFolder) => join(top, 'bin');

async function environment(folder: DemoFolder, { env, program, output }: Tools) {
  const bin = binOf(folder);
  const settings = join(folder.top, 'gitconfig');
  await mkdir(bin, { recursive: true });
  const launcher = join(bin, 'git-comfy');
  await writeFile(launcher, `#!/bin/sh\nexec ${scriptPath(program.node)} ${scriptPath(program.script)} "$@"\n`);
  await chmod(launcher, 0o755);
  await writeFile(
    settings,
    '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[core]\n\tpager = cat\n',
  );
  return {
    PATH: `${bin}${delimiter}${env['PATH'] ?? ''}`,
    GIT_CONFIG_GLOBAL: settings,
    GIT_CONFIG_NOSYSTEM: '1',
    // Of the repository that the demo was started in, if any.
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
    GIT_PREFIX: undefined,
    GIT_COMFY_SERVER: undefined,
    ...(output.color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
  };
}
