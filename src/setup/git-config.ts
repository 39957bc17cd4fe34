import { textconvDriver } from '../capture/textconv-driver.js';
import { readIfThere } from '../files/read.js';
import { getConfig, getConfigAll, getLocalConfig } from '../git/config.js';
import { git, gitMaybe } from '../git/exec.js';
import { notesRef } from '../git/notes.js';
import { chooseRemote, fetchRefspecs } from '../git/remote.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { launcherCommand } from './launcher.js';
import { nothing, type Plan, type Step } from './plan.js';
import { planRemoval } from './plan-removal.js';

/** Sections that are ours alone, with what each of their keys has to be. */
const ours: readonly (readonly [section: string, key: string, value: string])[] = [
  ['filter.comfy', 'clean', launcherCommand('clean -- %f')],
  ['filter.comfy', 'smudge', launcherCommand('smudge -- %f')],
  ['filter.comfy', 'process', launcherCommand('filter-process')],
  ['filter.comfy', 'required', 'true'],
  ['diff.comfy', 'cachetextconv', 'true'],
  ['merge.comfy', 'name', 'ComfyUI workflow'],
  ['merge.comfy', 'driver', launcherCommand('merge-file %O %A %B %L %P')],
  // Of a criss-cross the common version is a merge itself: a conflict in there falls back to what was before, and nobody is asked.
  ['merge.comfy', 'recursive', 'binary'],
  ['merge.comfy-lock', 'name', 'lockfile of git comfy'],
  ['merge.comfy-lock', 'driver', launcherCommand('merge-file --lock %O %A %B %L %P')],
  ['merge.comfy-lock', 'recursive', 'binary'],
  ['notes.comfy', 'mergeStrategy', 'cat_sort_uniq'],
];

const abouts: Readonly<Record<string, string>> = {
  'filter.comfy': 'set up the filter that takes layouts out and puts them back',
  'diff.comfy': 'show workflows in words in git diff',
  'merge.comfy': 'merge workflows as workflows',
  'merge.comfy-lock': 'unite lockfiles entry by entry',
  'notes.comfy': 'unite lineage where notes are merged',
};

/** What was added to sections that others write too, as `<key> <value>`, so that `deinit` takes out just that. */
const added = 'comfy.added';

export async function planConfig(repository: Repository): Promise<Plan> {
  const { command, table } = await textconvDriver(repository);
  const about = abouts['diff.comfy'] ?? '';
  const steps: Step[] = (await readIfThere(table.path)) === undefined ? [{ do: 'write', ...table, about }] : [];
  for (const [section, name, value] of [...ours, ['diff.comfy', 'textconv', command] as const]) {
    const key = `${section}.${name}`;
    const [found, ...more] = await getLocalConfig(repository, key);
    if (found !== value || more.length > 0) {
      steps.push({ do: 'set-config', key, value, about: abouts[section] ?? key });
    }
  }
  const shared = [await planNotes(repository), ...(await planRemotes(repository))];
  return {
    steps: [...steps, ...shared.flatMap((plan) => plan.steps)],
    remarks: shared.flatMap((plan) => plan.remarks),
  };
}

/** A pattern that only our notes fit: for a plain name git warns at every amend until the first run is recorded. */
const rewritten = notesRef.replace(/y$/, '[y]');

/** Amend and rebase carry notes over; a squash keeps the lines of all commits. */
async function planNotes(repository: Repository): Promise<Plan> {
  const refs = await getConfigAll(repository, 'notes.rewriteRef');
  const mode = await getConfig(repository, 'notes.rewriteMode');
  const steps = refs.some((ref) => [rewritten, notesRef, 'refs/notes/*'].includes(ref))
    ? []
    : addition('notes.rewriteRef', rewritten, 'keep lineage with its commit through amend and rebase');
  if (mode === undefined)
    steps.push(...addition('notes.rewriteMode', 'cat_sort_uniq', 'unite lineage of squashed commits'));
  const loses = mode === 'overwrite' || mode === 'ignore';
  const remark = `notes.rewriteMode is ${mode}: a squash keeps the lineage of one commit only (cat_sort_uniq keeps all)`;
  return { steps, remarks: loses ? [remark] : [] };
}

async function planRemotes(repository: Repository): Promise<Plan[]> {
  const remotes = (await git(repository.top, ['remote']))
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
  const nearest = await chooseRemote(repository, undefined).catch(() => undefined);
  return Promise.all(remotes.map((remote) => planRemote(repository, remote, remote === nearest)));
}

/** A remote that is new to us is asked at once: a clone that is set up gets the layouts of its author. */
async function planRemote(repository: Repository, remote: string, ask: boolean): Promise<Plan> {
  const key = `remote.${remote}.fetch`;
  const found = await getConfigAll(repository, key);
  const missing = fetchRefspecs(remote).filter((refspec) => !found.includes(refspec));
  const about = `fetch lineage and layouts of ${remote} with every git fetch`;
  const steps = missing.flatMap((refspec) => addition(key, refspec, about));
  if (ask && steps.length > 0) steps.push({ do: 'fetch', remote, about: `fetch lineage and layouts of ${remote} now` });
  return { steps, remarks: [] };
}

const addition = (key: string, value: string, about: string): Step[] => [
  { do: 'add-config', key: added, value: `${key} ${value}`, about },
  { do: 'add-config', key, value, about },
];

export async function planConfigRemoval(repository: Repository): Promise<Plan> {
  const steps: Step[] = [];
  for (const section of new Set(ours.map(([name]) => name))) {
    if (await hasSection(repository, section))
      steps.push({ do: 'remove-section', section, about: `take ${section} out of the configuration` });
  }
  steps.push(...(await planCacheRemoval(repository)));
  const notes = await getLocalConfig(repository, added);
  for (const note of notes) {
    const [key, value] = splitNote(note);
    if ((await getLocalConfig(repository, key)).includes(value)) {
      steps.push({ do: 'unset-config', key, value, about: `take our value out of ${key}` });
    }
  }
  if (notes.length > 0) steps.push({ do: 'unset-config', key: added, about: 'forget what was added' });
  return steps.length === 0 ? nothing : { steps, remarks: [] };
}

/** What git kept of our descriptions, and the names that they were made with. */
async function planCacheRemoval(repository: Repository): Promise<Step[]> {
  const about = 'remove what git kept of workflows in words';
  const ref = await gitMaybe(repository.top, ['rev-parse', '--verify', '--quiet', textconvCache]);
  return [
    ...(ref === undefined ? [] : [{ do: 'delete-ref', ref: textconvCache, about } as const]),
    ...(await planRemoval(comfyPath(repository, 'names'), about)),
  ];
}

const textconvCache = 'refs/notes/textconv/comfy';

const hasSection = async (repository: Repository, section: string) => {
  const pattern = `^${section.replaceAll('.', '\\.')}\\.`;
  return (await gitMaybe(repository.top, ['config', '--local', '--get-regexp', pattern])) !== undefined;
};

/** Names of remotes, the only free part of a key, have no space. */
function splitNote(note: string): [key: string, value: string] {
  const at = note.indexOf(' ');
  return [note.slice(0, at), note.slice(at + 1)];
}

/** Whether `init` was run here: git would call our filter. */
export const hasFilter = async (repository: Repository) =>
  (await getLocalConfig(repository, 'filter.comfy.process')).length > 0;
