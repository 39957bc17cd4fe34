import type { ClassEntry, InputEntry, ModelEntry, PackEntry } from './entries.js';
import type { YamlOut } from './yaml.js';

export type EntryWriter<Entry> = (entry: Entry) => YamlOut;

/** Members in a fixed order; what is absent is not written, a map without members is nothing after the colon. */
function members(pairs: readonly (readonly [string, YamlOut | undefined])[]): YamlOut {
  const there = pairs.filter((pair): pair is [string, YamlOut] => pair[1] !== undefined);
  return there.length === 0 ? null : new Map(there);
}

const list = (items: readonly string[] | undefined) => (items === undefined || items.length === 0 ? undefined : items);

export const writeModel: EntryWriter<ModelEntry> = (entry) =>
  members([
    ['digest', entry.digest],
    ['size', entry.size],
    ['tensors', entry.tensors],
    ['guess', entry.guess],
    ['executed', entry.executed],
    ['sources', list(entry.sources)],
    ['license', entry.license],
  ]);

export const writePack: EntryWriter<PackEntry> = (entry) =>
  members([
    ['repository', entry.repository],
    ['branch', entry.branch],
    ['commit', entry.commit],
    ['dirty', entry.dirty],
    ['tree', entry.tree],
    ['registry', entry.registry],
    ['version', entry.version],
    ['missing', entry.missing],
    ['disabled', entry.disabled],
    ['guess', entry.guess],
    ['notCaptured', entry.notCaptured],
  ]);

export const writeInput: EntryWriter<InputEntry> = (entry) =>
  members([
    ['digest', entry.digest],
    ['guess', entry.guess],
  ]);

export const writeClass: EntryWriter<ClassEntry> = (entry) =>
  members([
    ['pack', entry.pack],
    ['interface', entry.interface],
    ['widgets', list(entry.widgets)],
  ]);
