import { inputNodeId, outputNodeId, readWorkflow } from '../graph.js';
import type { JsonObject } from '../json.js';
import type { NodeIdentity } from '../node-identity.js';
import type { WidgetNames } from '../node-values.js';
import { around, firstFree, type Rectangle } from '../rectangles.js';
import type { WorkflowChange } from '../workflow-change.js';
import { identifyWorkflow } from '../workflow-identity.js';
import { boxesOf } from './boxes.js';
import { allMarked, type Marks, marksOf } from './marks.js';
import type { Box, Scene, Wire } from './scene.js';
import { type Sheet, sheetsOf } from './sheet.js';
import { jointsOf, markOf, wireOf } from './wires.js';

/** One graph of a workflow, drawn in both versions and both in one. */
export interface GraphDrawing {
  /** Names of the subgraphs around it; empty at the root. */
  readonly path: readonly string[];
  readonly before: Scene | undefined;
  readonly after: Scene | undefined;
  readonly both: Scene;
}

/**
 * Draws the graphs in which something changed, the root first. Both documents have their layouts.
 * @param changes as `diffWorkflows` told them
 * @throws InputError `workflow-damaged`
 */
export function compareDrawings(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  changes: readonly WorkflowChange[],
  names?: WidgetNames,
): GraphDrawing[] {
  const old = before === undefined ? new Map<string | undefined, Sheet>() : sheetsOf(before, names);
  const fresh = after === undefined ? new Map<string | undefined, Sheet>() : sheetsOf(after, names);
  const identity =
    before === undefined || after === undefined
      ? undefined
      : identifyWorkflow(readWorkflow(before), readWorkflow(after));
  const pairs = identity?.definitions ?? new Map<string, string>();
  const former = new Set(pairs.values());
  const drawings = [...fresh].flatMap(([key, sheet]) => {
    const was = old.get(key === undefined ? undefined : (pairs.get(key) ?? ''));
    return drawGraph(was, sheet, changes, identity?.nodes.get(key));
  });
  const gone = [...old].filter(([key]) => (key === undefined ? !fresh.has(key) : !former.has(key)));
  return [...drawings, ...gone.flatMap(([, sheet]) => drawGraph(sheet, undefined, changes))];
}

function drawGraph(
  before: Sheet | undefined,
  after: Sheet | undefined,
  all: readonly WorkflowChange[],
  identity: NodeIdentity = new Map(),
): GraphDrawing[] {
  const path = (after ?? before)?.facts.path ?? [];
  const own = all.filter(
    (change) =>
      (change.kind === 'node-removed' ? before : (after ?? before))?.facts.path.join('/') === change.path.join('/') &&
      !change.kind.startsWith('subgraph-'),
  );
  if (before !== undefined && after !== undefined && own.length === 0) return [];
  const oldMarks =
    before && (after === undefined ? allMarked(before.graph.nodes.keys(), 'removed') : marksOf(own, 'before'));
  const newMarks =
    after && (before === undefined ? allMarked(after.graph.nodes.keys(), 'added') : marksOf(own, 'after'));
  const was = before && oldMarks && side(before, oldMarks, 'before');
  const is = after && newMarks && side(after, newMarks, 'after');
  const both = overlaid(
    before && oldMarks && { sheet: before, marks: oldMarks },
    after && newMarks && { sheet: after, marks: newMarks },
    identity,
  );
  return [{ path, before: was, after: is, both }];
}

function side(sheet: Sheet, marks: Marks, view: 'before' | 'after'): Scene {
  const boxes = boxesOf(sheet, marks, view);
  return sceneOf(boxes, wiresIn(sheet, marks, byId(boxes), view === 'before' ? 'removed' : 'added'), sheet.frames);
}

const byId = (boxes: readonly Box[]) => new Map(boxes.map((box) => [box.id, box]));

function wiresIn(sheet: Sheet, marks: Marks, boxes: ReadonlyMap<string, Box>, mark: 'added' | 'removed'): Wire[] {
  return jointsOf(sheet).flatMap((joint) => {
    const wire = wireOf(joint, boxes.get(joint.origin), boxes.get(joint.target), markOf(joint, marks, mark));
    return wire ?? [];
  });
}

interface Marked {
  readonly sheet: Sheet;
  readonly marks: Marks;
}

/** The version after, with what is gone where it was, or as near as there is room. */
function overlaid(before: Marked | undefined, after: Marked | undefined, identity: NodeIdentity): Scene {
  const boxes = after === undefined ? [] : boxesOf(after.sheet, after.marks, 'both');
  const taken: Rectangle[] = boxes.map(({ rect }) => rect);
  const gone =
    before === undefined ? [] : boxesOf(before.sheet, before.marks, 'both').filter(({ mark }) => mark === 'removed');
  const ghosts = gone.map((box) => {
    const moved = movedTo(box, firstFree(box.rect, taken, 12));
    taken.push(moved.rect);
    return moved;
  });
  const wires = after === undefined ? [] : wiresIn(after.sheet, after.marks, byId(boxes), 'added');
  const ends = endsOf(boxes, ghosts, identity);
  const lost = before === undefined ? [] : lostWires(before, ends);
  return sceneOf([...boxes, ...ghosts], [...lost, ...wires], (after ?? before)?.sheet.frames ?? []);
}

function movedTo(box: Box, y: number): Box {
  const down = y - box.rect.y;
  const shift = <T extends { readonly y: number }>(each: T): T => ({ ...each, y: each.y + down });
  return {
    ...box,
    rect: { ...box.rect, y },
    inputs: box.inputs.map(shift),
    outputs: box.outputs.map(shift),
    rows: box.rows.map(shift),
  };
}

/** Where a node of the version before is drawn, by its id then. */
function endsOf(boxes: readonly Box[], ghosts: readonly Box[], identity: NodeIdentity): Map<string, Box> {
  const ends = new Map<string, Box>();
  for (const box of boxes) {
    const was = isBorder(box.id) ? box.id : identity.get(box.id);
    if (was !== undefined) ends.set(was, box);
  }
  for (const ghost of ghosts) ends.set(ghost.id, ghost);
  return ends;
}

const isBorder = (id: string) => id === inputNodeId || id === outputNodeId;

const lostWires = ({ sheet, marks }: Marked, ends: ReadonlyMap<string, Box>): Wire[] =>
  jointsOf(sheet).flatMap((joint) => {
    if (markOf(joint, marks, 'removed') !== 'removed') return [];
    return wireOf(joint, ends.get(joint.origin), ends.get(joint.target), 'removed') ?? [];
  });

function sceneOf(boxes: readonly Box[], wires: readonly Wire[], frames: Scene['frames']): Scene {
  const marked = boxes.filter(({ mark }) => mark !== 'same').map(({ rect }) => rect);
  const whole = around([...boxes.map(({ rect }) => rect), ...frames.map(({ rect }) => rect)]);
  return {
    boxes,
    wires,
    frames,
    whole: grown(whole, 40),
    changed: marked.length === 0 ? undefined : grown(around(marked), 160),
  };
}

const grown = ({ x, y, width, height }: Rectangle, by: number): Rectangle => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});
