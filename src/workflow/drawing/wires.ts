import { outputNodeId } from '../graph.js';
import { shownInputs } from './boxes.js';
import type { Marks } from './marks.js';
import type { Box, Mark, Port, Wire } from './scene.js';
import type { Sheet } from './sheet.js';

/** A link of a graph by its ends' ids, and the name of the input that it enters. */
export interface Joint {
  readonly origin: string;
  readonly originSlot: number;
  readonly target: string;
  readonly input: string;
  readonly at: number;
}

/** The links that end at an input or at the subgraph's border. */
export function jointsOf({ graph, border }: Sheet): Joint[] {
  const inner = [...graph.nodes.values()].flatMap((node) =>
    shownInputs(node).flatMap(({ name, link }, at): Joint[] => {
      const found = link === undefined ? undefined : graph.links.get(link);
      if (found === undefined) return [];
      return [{ origin: found.origin, originSlot: found.originSlot, target: node.id, input: name, at }];
    }),
  );
  const out = border === undefined ? [] : [...graph.links.values()].filter(({ target }) => target === outputNodeId);
  return [
    ...inner,
    ...out.map(({ origin, originSlot, targetSlot }) => ({
      origin,
      originSlot,
      target: outputNodeId,
      input: border?.outputs[targetSlot]?.name ?? '',
      at: targetSlot,
    })),
  ];
}

/** How a link is marked: as it was told, else as the node at its end that is new or gone. */
export function markOf({ origin, target, input }: Joint, { nodes, links }: Marks, mark: Mark): Mark {
  const ends = [nodes.get(origin), nodes.get(target)];
  return links.has(`${target} ${input}`) || ends.includes(mark) ? mark : 'same';
}

/** The wire between two boxes; `undefined` where one of them is not drawn. */
export function wireOf(joint: Joint, from: Box | undefined, to: Box | undefined, mark: Mark): Wire | undefined {
  if (from === undefined || to === undefined) return undefined;
  const y = (ports: readonly Port[], at: number, { rect }: Box) => ports[at]?.y ?? rect.y + 15;
  return {
    mark,
    from: { x: from.rect.x + from.rect.width, y: y(from.outputs, joint.originSlot, from) },
    to: { x: to.rect.x, y: y(to.inputs, joint.at, to) },
  };
}
