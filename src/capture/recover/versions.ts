import { basename } from 'node:path';
import { frontendId } from '../../workflow/frontend-id.js';
import { looseId, nodesOf } from '../../workflow/graphs.js';
import type { JsonObject } from '../../workflow/json.js';

/** A workflow as an output embedded it. */
export interface EmbeddedVersion {
  /** The output, as it was named. */
  readonly file: string;
  readonly time: Date;
  readonly workflow: JsonObject;
  /** The same for outputs that differ in nothing but seeds. */
  readonly key: string;
}

/** A version of a workflow on its way into a commit. */
export interface PlacedVersion extends EmbeddedVersion {
  /** Name of its file, without folder and ending. */
  readonly name: string;
}

/** So much of two graphs has to be the same for one to be a later version of the other. */
const likeness = 0.6;

/**
 * Tells which outputs hold versions of one workflow: by the id that the frontend gave it, else by how many nodes they share; of several the most similar
 * one. A file is named for the first output's prefix.
 * @param versions the oldest first, each key once
 */
export function placeVersions(versions: readonly EmbeddedVersion[]): PlacedVersion[] {
  const groups: Group[] = [];
  return versions.map((version) => {
    const nodes = nodesIn(version.workflow);
    const id = frontendId(version.workflow);
    const group =
      groups.find((one) => id !== undefined && one.id === id) ??
      mostSimilar(groups, nodes) ??
      newGroup(groups, version, id);
    group.nodes = nodes;
    return { ...version, name: group.name };
  });
}

interface Group {
  readonly name: string;
  readonly id: string | undefined;
  nodes: ReadonlySet<string>;
}

function newGroup(groups: Group[], { file }: EmbeddedVersion, id: string | undefined): Group {
  const base = prefixOf(file);
  const taken = new Set(groups.map(({ name }) => name.toLowerCase()));
  let name = base;
  for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}-${count}`;
  const group: Group = { name, id, nodes: new Set() };
  groups.push(group);
  return group;
}

/** `portrait` of `portrait_00012_.png`; plain characters only, since it becomes the name of a file everywhere. */
function prefixOf(file: string): string {
  const stem = basename(file.replaceAll('\\', '/'))
    .replace(/\.[^.]*$/, '')
    .replace(/[_-]*\d+[_-]*$/, '');
  const plain = stem
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '')
    .slice(0, 80);
  return plain === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? 'workflow' : plain;
}

const nodesIn = (workflow: JsonObject): ReadonlySet<string> =>
  new Set(nodesOf(workflow).map((node) => `${looseId(node.get('id'))} ${String(node.get('type'))}`));

function mostSimilar(groups: readonly Group[], nodes: ReadonlySet<string>): Group | undefined {
  const scored = groups.map((group) => ({ group, score: shared(group.nodes, nodes) }));
  const [best] = scored.sort((a, b) => b.score - a.score);
  return best !== undefined && best.score >= likeness ? best.group : undefined;
}

/** Nodes in both, of all that are in either. */
function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((node) => b.has(node)).length;
  return both === 0 ? 0 : both / (a.size + b.size - both);
}
