import { groupName } from './expand-groups.js';
import type { Workflow } from './graph.js';
import { readGroups } from './group-data.js';
import type { Prompt } from './prompt.js';
import { runningClasses, type Source } from './resolved-nodes.js';
import { textOf } from './slot-shapes.js';
import { isGroupNode, isVirtualType } from './virtual-types.js';

/** Classes of the nodes that would run, those inside legacy group nodes included, sorted, each once. */
export function classesUsed(source: Source): string[] {
  const grouped = 'root' in source ? groupedNodes(source).map(({ type }) => type) : [];
  return [...new Set([...runningClasses(source), ...grouped])].filter((name) => !isVirtualType(name)).sort();
}

/** Inner nodes of the legacy groups that some active node is an instance of. */
function groupedNodes(workflow: Workflow) {
  const graphs = [workflow.root, ...workflow.definitions.values()];
  const active = graphs.flatMap((graph) => [...graph.nodes.values()].filter(({ state }) => state === 'active'));
  const used = new Set(active.flatMap(({ type }) => groupName(type) ?? []));
  if (used.size === 0) return [];
  return readGroups(workflow)
    .filter(({ name }) => used.has(name))
    .flatMap(({ nodes }) => nodes)
    .filter(({ type }) => !isGroupNode(type) && !workflow.definitions.has(type));
}

/** Classes whose interfaces a conversion looks at: of all nodes in the file, bypassed ones and those of legacy groups too. */
export function classesInFile(workflow: Workflow): string[] {
  const graphs = [workflow.root, ...workflow.definitions.values()];
  const nodes = [
    ...graphs.flatMap((graph) => [...graph.nodes.values()]),
    ...readGroups(workflow).flatMap((group) => group.nodes),
  ];
  const classes = nodes.map(({ type }) => type).filter((type) => !workflow.definitions.has(type) && !isGroupNode(type));
  return [...new Set(classes)].filter((type) => !isVirtualType(type)).sort();
}

/** What a workflow says itself about the pack that a class comes from. */
export interface PackHint {
  readonly classType: string;
  /** Id in the ComfyUI registry; `comfy-core` is ComfyUI itself. */
  readonly registry?: string;
  /** `<user>/<repository>` on GitHub. */
  readonly github?: string;
  /** As written by the frontend at the last save: a version, a commit or `unknown`. */
  readonly version?: string;
}

/** Hints of all nodes, by class; the first node of a class that says something counts. A prompt says nothing. */
export function packsNamed(source: Workflow | Prompt): Map<string, PackHint> {
  const hints = new Map<string, PackHint>();
  for (const hint of allHints(source)) if (!hints.has(hint.classType)) hints.set(hint.classType, hint);
  return hints;
}

/** Every hint of every node, in file order. */
export function allHints(source: Workflow | Prompt): PackHint[] {
  if (!('root' in source)) return [];
  const graphs = [source.root, ...source.definitions.values()];
  return [...graphs.flatMap((graph) => [...graph.nodes.values()]), ...groupedNodes(source)].flatMap(
    ({ type, properties }) => {
      const [registry, github, version] = ['cnr_id', 'aux_id', 'ver'].map((key) => textOf(properties.get(key)));
      if (registry === undefined && github === undefined) return [];
      return [
        {
          classType: type,
          ...(registry === undefined ? {} : { registry }),
          ...(github === undefined ? {} : { github }),
          ...(version === undefined ? {} : { version }),
        },
      ];
    },
  );
}
