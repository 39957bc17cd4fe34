import { apiClasses } from '../../workflow/api-nodes.js';
import { byCodePoint } from '../../workflow/json.js';
import { allHints } from '../../workflow/packs-named.js';
import { type Finding, type Linted, lineOf } from './finding.js';

/** Nodes that ask a service. */
export function apiFindings({ path, source, text }: Linted): Finding[] {
  return apiClasses(source).map((name) => ({
    path,
    ...lineOf(text, JSON.stringify(name)),
    code: 'api-node',
    text: `${path}: node ${name} asks a service, and no run of it can be repeated`,
    hint: 'keep its output and load that instead, where the picture has to be made again',
  }));
}

/** Classes that nodes of these workflows say are of several packs: which one runs depends on what is installed. */
export function claimFindings(files: readonly Linted[]): Finding[] {
  const claims = new Map<string, Claims>();
  for (const { path, source, text } of files) {
    for (const { classType, registry, github } of allHints(source)) {
      const known = claims.get(classType) ?? { file: { path, text }, registry: new Map(), github: new Map() };
      if (registry !== undefined) known.registry.set(registry.toLowerCase(), registry);
      else if (github !== undefined) known.github.set(github.toLowerCase(), github);
      claims.set(classType, known);
    }
  }
  return [...claims].flatMap(([name, { file, registry, github }]) => {
    const packs = [registry, github].find((one) => one.size > 1);
    if (packs === undefined) return [];
    return [
      {
        path: file.path,
        ...lineOf(file.text, JSON.stringify(name)),
        code: 'class-claimed-twice' as const,
        text: `node ${name} is said to be of ${[...packs.values()].sort(byCodePoint).join(' and of ')}`,
        hint: 'open the workflows where only the right pack is installed, and save',
      },
    ];
  });
}

/** Ids of the registry and repositories are told apart: nobody knows here which belong together. */
interface Claims {
  /** The first workflow that says something. */
  readonly file: { readonly path: string; readonly text: string };
  /** As written, by lower case. */
  readonly registry: Map<string, string>;
  readonly github: Map<string, string>;
}
