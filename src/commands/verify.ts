import { join } from 'node:path';
import { exitCode, UsageError } from '../errors.js';
import { readIfThere } from '../files/read.js';
import { openRepository, openWorkTree, type Repository } from '../git/repository.js';
import { isNotice, isProvidable } from '../lock/drift-rules.js';
import { lockPath } from '../lock/lockfile.js';
import type { Coverage } from '../reproduce/read-all.js';
import type { Verification } from '../reproduce/verify.js';
import type { verifyAll } from '../reproduce/verify-all.js';
import { shellWord } from '../shell-word.js';
import { coverageLines } from '../terminal/coverage-text.js';
import { driftAnnotations } from '../terminal/drift-annotations.js';
import { driftCounts, driftLines } from '../terminal/drift-text.js';
import { painter } from '../terminal/paint.js';
import { safeLine } from '../terminal/safe.js';
import { bringIntoReach } from './bring-into-reach.js';
import { cacheOptions, cachePolicy } from './cache-options.js';
import type { Command } from './command.js';
import { formatOption, reportFormat } from './report-format.js';
import { textOption } from './text-option.js';

export const verifyCommand: Command = {
  name: 'verify',
  group: 'everyday',
  summary: "compare the lock, or an output's record, with what is installed",
  about:
    'Says in a line each what differs, and which grade a reproduction can be expected to get: full, approximate or partial. A model that was renamed is found by ' +
    'its content. Ends with 1 where something differs; what cannot be looked at from here is said and is no difference.',
  arguments: [
    {
      name: '[target]',
      about:
        'a commit, an output file or the first digits of its hash, or a lockfile (default: comfy.lock of the work tree)',
    },
  ],
  options: [
    { flags: '--strict', about: 'end with 1 unless everything is the same and was looked at' },
    { flags: '--server <url>', about: 'the ComfyUI server to compare with' },
    {
      flags: '--all',
      about:
        'first read every model file again, those of the target before all others in the model folders; stopped, it goes on from there',
    },
    ...cacheOptions,
    formatOption,
  ],
  examples: ['git comfy verify', 'git comfy verify HEAD~3', 'git comfy verify picture.png'],
  run: async ({ cwd, env, signal, talk, output, now }, input) => {
    const { args, options } = input;
    const policy = cachePolicy(input, now());
    if (policy.bySample === true && options['all'] === true) throw fastAll();
    const format = reportFormat(input);
    // Loaded while git answers: verify is to be quick.
    const [repository, { lookAround }, { verify }] = await Promise.all([
      args[0] === undefined ? openWorkTree(cwd) : openRepository(cwd),
      import('../capture/look-around.js'),
      import('../reproduce/verify.js'),
    ]);
    const flag = textOption(input, 'server');
    const here = await lookAround(repository, { cwd: repository.top, env, flag, signal });
    const around = { ...here, cache: here.cache.trusting(policy) };
    const verifying = { around, signal, talk, cwd };
    const anew = options['cache'] === false;
    const found =
      options['all'] === true
        ? await all(repository, args[0], { ...verifying, anew, now: now() })
        : await verify(repository, args[0], verifying);
    const blind = around.installation === undefined;
    return {
      result: { ...found, renamed: Object.fromEntries(found.renamed) },
      text:
        format === 'github'
          ? await annotated(repository, found)
          : [textOf(found, output.color, blind), ...wayBack(found, args[0])].join('\n'),
      exit: isFine(found, options['strict'] === true) ? exitCode.ok : exitCode.no,
    };
  },
};

/** Loaded only where every file is to be read. */
const all: typeof verifyAll = async (...asked) => (await import('../reproduce/verify-all.js')).verifyAll(...asked);

/** Strictly, what could not be looked at is not fine either. */
function isFine({ same, grade, differences }: Verified, strict: boolean): boolean {
  return same && (!strict || (grade === 'full' && differences.every(({ code }) => isNotice(code))));
}

/** Hints say how to move the lock to what is here; for what was then there is only this way. */
function wayBack({ differences }: Verification, target: string | undefined): string[] {
  const some = differences.some(({ code }) => isProvidable.model(code) || isProvidable.pack(code));
  return some && target !== undefined
    ? [`what of it can be brought back: git comfy provide ${shellWord(target)} --dry-run`]
    : [];
}

type Verified = Verification & { readonly coverage?: Coverage };

const fastAll = () =>
  new UsageError('--all reads everything, and --fast as little as it can', { hint: 'choose one of them' });

/** Beside the lines of the lock, where it is the work tree's. */
async function annotated({ top }: Repository, { differences, file }: Verification): Promise<string> {
  const lock = file === lockPath ? (await readIfThere(join(top, lockPath)))?.toString('utf8') : undefined;
  return driftAnnotations(differences, lock).join('\n');
}

function textOf({ subject, grade, differences, coverage }: Verified, color: boolean, blind: boolean): string {
  const paint = painter(color);
  const style = { full: 'green', approximate: 'yellow', partial: 'red' } as const;
  return [
    ...(coverage === undefined ? [] : coverageLines(coverage)),
    `${safeLine(subject)}: ${driftCounts(differences)}`,
    ...driftLines(differences, paint, blind ? bringIntoReach : undefined),
    `expected grade: ${paint(style[grade], grade)}`,
  ].join('\n');
}
