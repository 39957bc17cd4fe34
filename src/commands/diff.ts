import { resolve } from 'node:path';
import { refreshFirst } from '../capture/refresh-first.js';
import { lockedWidgetNames } from '../capture/widget-names.js';
import type { Context } from '../context.js';
import { exitCode, UsageError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { findRepository, openWorkTree, type Repository } from '../git/repository.js';
import { compareVersions, diffVersions } from '../sharing/diff.js';
import { askedFiles, askedPicture, askedRange } from '../sharing/diff-arguments.js';
import { versionsOfFiles } from '../sharing/file-versions.js';
import { versionsOfPicture } from '../sharing/picture-origin.js';
import { layoutDifference, layoutReader } from '../sharing/version-layouts.js';
import { type FileVersions, versionsIn } from '../sharing/versions.js';
import { diffMarkdown } from '../terminal/diff-markdown.js';
import { diffText } from '../terminal/diff-text.js';
import { painter } from '../terminal/paint.js';
import { type FileDiff, isTold } from '../workflow/file-diff.js';
import type { Answer, Command, Input } from './command.js';
import { paged } from './paged.js';
import { plainChange } from './plain-change.js';

export const diffCommand: Command = {
  name: 'diff',
  group: 'everyday',
  summary: 'what changed in the workflows, in words',
  about:
    'Without arguments: from the last commit to the files as they are, staged or not. With one commit: from that commit to the files; with two, or a..b: from one to the ' +
    'other. Layout never counts. Two files (workflows, prompts in API format, or pictures that have them embedded) are compared as they are, in no repository too; a ' +
    'picture alone with the tracked workflow that it came from. Ends with 0, and with --exit-code with 1 where something differs. At a terminal long answers are shown in ' +
    "git's pager. Plain git diff shows the same facts, one line each.",
  arguments: [{ name: '[what...]', about: 'up to two commits, then paths; or two files; or a picture' }],
  options: [
    { flags: '--staged', about: 'compare the last commit with what is staged' },
    { flags: '--unstaged', about: 'compare what is staged with the files' },
    { flags: '--layout', about: 'count in one line what only moved' },
    { flags: '--md', about: 'Markdown, for a pull request' },
    { flags: '-o, --output <file>', about: 'write the answer there' },
    { flags: '--no-pager', about: 'print, at a terminal too' },
    { flags: '--exit-code', about: 'end with 1 where something differs' },
  ],
  examples: [
    'git comfy diff',
    'git comfy diff HEAD~3 workflows/portrait.json',
    'git comfy diff main..my-branch --html -o diff.html',
    'git comfy diff old.png new.png',
    'git comfy diff portrait.png',
  ],
  run,
};

interface Compared {
  readonly repository: Repository | undefined;
  readonly versions: readonly FileVersions[];
  /** The files were named one by one: one that is no workflow is an error. */
  readonly chosen: boolean;
}

async function run(context: Context, input: Input): Promise<Answer> {
  const { options } = input;
  if (options['md'] === true && options['html'] === true)
    throw new UsageError('--md and --html cannot be given together');
  if (options['staged'] === true && options['unstaged'] === true) {
    throw new UsageError('--staged and --unstaged cannot be given together', {
      hint: 'git comfy diff compares both at once',
    });
  }
  const compared = await compare(context, input);
  const files = await differences(context, compared, options['layout'] === true);
  const text = textOf(context, files, input);
  return {
    result: { files: files.map((file) => ({ ...file, changes: file.changes.map(plainChange) })) },
    text: await delivered(context, text, input),
    exit: options['exitCode'] === true && files.some(differs) ? exitCode.no : exitCode.ok,
  };
}

async function compare({ cwd, talk }: Context, { args, options }: Input): Promise<Compared> {
  const files = await askedFiles(cwd, args);
  if (files !== undefined) {
    return { repository: await findRepository(cwd), versions: [await versionsOfFiles(...files)], chosen: true };
  }
  const repository = await openWorkTree(cwd);
  const picture = await askedPicture(cwd, args);
  if (picture !== undefined)
    return { repository, versions: [await versionsOfPicture(repository, picture)], chosen: true };
  const side = options['staged'] === true ? 'staged' : options['unstaged'] === true ? 'unstaged' : undefined;
  const { range, paths } = await askedRange(repository, cwd, args, side);
  if (!('to' in range)) await refreshFirst(repository, talk);
  return { repository, versions: await versionsIn(repository, range, { paths, cwd }), chosen: false };
}

async function differences(
  { cwd, now }: Context,
  { repository, versions, chosen }: Compared,
  layout: boolean,
): Promise<FileDiff[]> {
  const names = await lockedWidgetNames(repository?.top ?? cwd);
  const reader = layout ? layoutReader(repository, now) : undefined;
  const diff = chosen ? compareVersions : diffVersions;
  const files: FileDiff[] = [];
  for (const file of versions) {
    const moved = reader && (await layoutDifference(reader, file));
    files.push({ ...diff(file, names), ...(moved === undefined ? {} : { layout: moved }) });
  }
  reader?.close();
  return files.filter(isTold);
}

function textOf(context: Context, files: readonly FileDiff[], { options }: Input): string {
  if (options['md'] === true) return diffMarkdown(files);
  const { color, width, interactive } = context.output;
  const painted = color && options['output'] === undefined;
  return diffText(files, { paint: painter(painted), color: painted, ...(interactive ? { width } : {}) });
}

const differs = ({ status, renamedFrom }: FileDiff) => status !== 'same' || renamedFrom !== undefined;

/** What is left to print. */
async function delivered(context: Context, text: string, { options }: Input): Promise<string> {
  const { output } = options;
  if (options['json'] === true) return '';
  if (typeof output !== 'string') return paged(context, text, options['pager'] !== false);
  await writeFileAtomic(resolve(context.cwd, output), `${text}\n`);
  return '';
}
