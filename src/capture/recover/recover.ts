import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Talk } from '../../context.js';
import { checkInterrupted, InputError } from '../../errors.js';
import { readBounded } from '../../files/read.js';
import { type ImportedCommit, importCommits } from '../../git/import-commits.js';
import { blobId } from '../../git/objects.js';
import type { Repository } from '../../git/repository.js';
import { maxOutputBytes } from '../../image/describe-output.js';
import { findTarget, withValue } from '../../workflow/assignment.js';
import { writeLayout } from '../../workflow/layout-document.js';
import { normalise } from '../../workflow/normal-form.js';
import { writeNormalText } from '../../workflow/normal-text.js';
import { type Prompt, promptIdentity, readPrompt, seedsOf } from '../../workflow/prompt.js';
import { embeddedSnapshot } from '../embedded-snapshot.js';
import { layoutName } from '../layout-names.js';
import { openSources } from '../layout-sources.js';
import { type Recording, type RefusedFile, recordFiles, refusal } from '../record.js';
import { type EmbeddedVersion, type PlacedVersion, placeVersions } from './versions.js';

export interface Recovered {
  readonly branch: string;
  readonly commits: number;
  /** Paths of the workflows on the branch. */
  readonly workflows: readonly string[];
  /** Outputs that embed no workflow. */
  readonly without: readonly string[];
  readonly recording: Recording;
}

export interface RecoverOptions {
  readonly cwd: string;
  readonly branch: string;
  readonly signal: AbortSignal;
  readonly talk: Talk;
}

const folder = 'workflows';
const attributes = `${folder}/** -text filter=comfy diff=comfy merge=comfy\n`;

/**
 * Makes history of outputs: every workflow that they embed, seeds aside, is a commit at the time of its first output, on a branch of its own; then each
 * output is recorded. Branches, index and files of the user stay as they are. Where it was stopped in the middle it goes on when it is called again.
 * @throws InputError `nothing-embedded`; GitError of `importCommits`, `git-failed`; Interrupted
 */
export async function recover(
  repository: Repository,
  files: readonly string[],
  options: RecoverOptions,
): Promise<Recovered> {
  const { versions, without, refused } = await readVersions(files, options);
  if (versions.length === 0) {
    const [first] = refused;
    if (first !== undefined && files.length === 1) throw new InputError(first.code, first.reason, first);
    throw new InputError('nothing-embedded', 'none of these files has a workflow in it', {
      hint: 'name pictures or videos as ComfyUI saved them; a chat or a website may have taken their metadata out',
    });
  }
  const placed = placeVersions(versions);
  const head = await importCommits(repository, options.branch, commitsOf(placed));
  keepLayouts(repository, placed);
  options.talk.progress(undefined);
  const left = new Set([...without, ...refused.map(({ file }) => file)]);
  const embedding = files.filter((file) => !left.has(file));
  const recorded = await recordFiles(repository, embedding, { ...options, head });
  const recording = { ...recorded, refused: [...refused, ...recorded.refused] };
  const workflows = [...new Set(placed.map(pathOf))].sort();
  return { branch: options.branch, commits: placed.length, workflows, without, recording };
}

/** Each version once, the oldest output of it, in the order of their times. One file is in memory at a time. */
async function readVersions(files: readonly string[], { cwd, signal, talk }: RecoverOptions) {
  const oldest = new Map<string, EmbeddedVersion>();
  const without: string[] = [];
  const refused: RefusedFile[] = [];
  for (const [done, file] of files.entries()) {
    checkInterrupted(signal);
    talk.progress({ label: 'reading outputs', done, total: files.length, unit: 'count' });
    const version = await readVersion(resolve(cwd, file), file).catch((error: unknown) => refusal(file, error));
    if (version !== undefined && 'reason' in version) refused.push(version);
    else if (version === undefined) without.push(file);
    else if ((oldest.get(version.key)?.time ?? version.time) >= version.time) oldest.set(version.key, version);
  }
  const versions = [...oldest.values()].sort(
    (a, b) => a.time.getTime() - b.time.getTime() || (a.file < b.file ? -1 : 1),
  );
  return { versions, without, refused };
}

async function readVersion(path: string, file: string): Promise<EmbeddedVersion | undefined> {
  const snapshot = embeddedSnapshot(await readBounded(path, maxOutputBytes));
  if (snapshot?.workflow === undefined) return undefined;
  const { workflow } = snapshot;
  const { mtime: time } = await stat(path);
  return { file, time, workflow, key: withoutSeeds(readPrompt(snapshot.prompt)) };
}

/** What a prompt computes, whatever its seeds are. */
function withoutSeeds(prompt: Prompt): string {
  const places = Object.keys(seedsOf(prompt));
  const plain = places.reduce((json, place) => withValue(json, findTarget(prompt, place), 0), prompt.source);
  return promptIdentity(readPrompt(plain));
}

const pathOf = ({ name }: PlacedVersion) => `${folder}/${name}.json`;

const normalTextOf = ({ workflow }: PlacedVersion) => writeNormalText(normalise(workflow).normal);

function commitsOf(placed: readonly PlacedVersion[]): ImportedCommit[] {
  return placed.map((version, index) => ({
    message: `${version.name}, as ${version.file.split(/[/\\]/).at(-1)} has it\n`,
    time: version.time,
    files: [
      ...(index === 0 ? [{ path: '.gitattributes', bytes: attributes }] : []),
      { path: pathOf(version), bytes: normalTextOf(version) },
    ],
  }));
}

/** So that a checkout of the branch shows each graph as it was. */
function keepLayouts(repository: Repository, placed: readonly PlacedVersion[]): void {
  const sources = openSources(repository, () => new Date());
  try {
    for (const version of placed) {
      const blob = blobId(repository.objectFormat, normalTextOf(version));
      const layout = { ...normalise(version.workflow).layout, time: version.time.toISOString() };
      sources.keep(layoutName(blob, pathOf(version)), writeLayout(layout));
    }
  } finally {
    sources.close();
  }
}
