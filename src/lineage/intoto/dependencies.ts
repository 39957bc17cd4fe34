import type { InputEntry, ModelEntry, PackEntry } from '../../lock/entries.js';
import { byCodePoint } from '../../workflow/json.js';
import type { RunRecord } from '../record.js';
import type { State } from '../state.js';
import { given, member, type ResourceDescriptor, sha256Of } from './descriptor.js';

/** What a run used, and what of it nobody captured. */
export interface ResolvedDependencies {
  readonly resolved: readonly ResourceDescriptor[];
  /** Name -> why it is not among them. */
  readonly notCaptured: Readonly<Record<string, string>>;
}

/** Commit, workflow, lock, ComfyUI, packs, models and inputs of a run, each by its content. */
export function dependenciesOf(record: RunRecord, state: State | undefined): ResolvedDependencies {
  const found = [...ofCommit(record), ...(state === undefined ? [] : ofState(state))];
  const missing = found.flatMap((one) => ('why' in one ? [[one.name, one.why] as const] : []));
  const nothing = state === undefined ? [['state', 'nothing was observed at the run'] as const] : [];
  return {
    resolved: found.flatMap((one) => ('why' in one ? [] : [one])),
    notCaptured: Object.fromEntries([...nothing, ...missing]),
  };
}

type Dependency = ResourceDescriptor | { readonly name: string; readonly why: string };

const ofCommit = ({ commit, workflow, lock }: RunRecord): Dependency[] => [
  ...(commit === undefined ? [] : [{ name: 'commit', digest: { gitCommit: commit } }]),
  ...(workflow === undefined ? [] : [{ name: workflow.path, digest: { gitBlob: workflow.blob } }]),
  ...(lock === undefined ? [] : [{ name: 'comfy.lock', digest: { gitBlob: lock } }]),
];

const ofState = ({ comfyui, packs, models, inputs }: State): Dependency[] => [
  ...(comfyui === undefined ? [] : [pack('ComfyUI', comfyui)]),
  ...byKey(packs).map(([name, entry]) => pack(`custom_nodes/${name}`, entry)),
  ...byKey(models).map(([key, entry]) => model(key, entry)),
  ...byKey(inputs).map(([key, entry]) => input(key, entry)),
];

/** The order in which things were observed means nothing. */
const byKey = <Entry>(entries: ReadonlyMap<string, Entry>): [string, Entry][] =>
  [...entries].sort(([a], [b]) => byCodePoint(a, b));

function pack(name: string, entry: PackEntry): Dependency {
  const { repository, commit, registry, tree, dirty, version } = entry;
  const digest = given({ gitCommit: commit, gitcomfy_tree: tree?.replace('sha256:', '') });
  const uri = repository === undefined ? registryUri(registry) : gitUri(repository, commit);
  const why = entry.missing === true ? 'it was not installed' : (entry.notCaptured ?? 'nothing says its version');
  if (uri === undefined && digest === undefined) return { name, why };
  const annotations = given({ gitcomfy_dirty: dirty, gitcomfy_version: version, gitcomfy_registry: registry });
  return { name, ...member('uri', uri), ...member('digest', digest), ...member('annotations', annotations) };
}

function model(key: string, { digest, tensors, sources, license }: ModelEntry): Dependency {
  const name = `models/${key}`;
  if (!digest.startsWith('sha256:')) return { name, why: `it was ${digest}` };
  const source = sources?.find((one) => /^https?:/.test(one));
  const annotations = given({ gitcomfy_tensors: tensors, gitcomfy_license: license });
  return {
    name,
    digest: sha256Of(digest),
    ...member('downloadLocation', source),
    ...member('annotations', annotations),
  };
}

function input(key: string, { digest }: InputEntry): Dependency {
  const name = `input/${key}`;
  return digest.startsWith('sha256:') ? { name, digest: sha256Of(digest) } : { name, why: `it was ${digest}` };
}

/** As SLSA writes a place in git: `git+https://host/path@commit`. The short form of ssh is written in full. */
function gitUri(repository: string, commit: string | undefined): string {
  const address = /^[a-z+]+:\/\//i.test(repository) ? repository : `ssh://${repository.replace(':', '/')}`;
  const at = commit === undefined ? '' : `@${commit}`;
  return `${address.startsWith('git+') ? '' : 'git+'}${address}${at}`;
}

/** A package URL; the registry of ComfyUI has no type of its own. */
function registryUri(registry: string | undefined): string | undefined {
  if (registry === undefined) return undefined;
  const at = registry.lastIndexOf('@');
  const [id, version] = at < 0 ? [registry, ''] : [registry.slice(0, at), registry.slice(at)];
  return `pkg:generic/comfyui-registry/${encodeURIComponent(id)}${version}`;
}
