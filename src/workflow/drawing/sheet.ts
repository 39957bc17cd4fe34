import { factsOf, type GraphFacts } from '../facts.js';
import { type Definition, type Graph, readWorkflow } from '../graph.js';
import { graphsOf, looseId, nodesOf, objectsOf } from '../graphs.js';
import { isObject, type JsonObject } from '../json.js';
import { sizeOf } from '../node-size.js';
import type { WidgetNames } from '../node-values.js';
import { boxOf, coveredBy, type Rectangle, titleHeight } from '../rectangles.js';

/** A group box. */
export interface Frame {
  readonly title: string;
  readonly rect: Rectangle;
}

/** One graph of one version, with where everything is. */
export interface Sheet {
  readonly graph: Graph;
  /** What a subgraph shows to the outside; `undefined` for the root. */
  readonly border: Definition | undefined;
  readonly facts: GraphFacts;
  /** Node id to what it covers, title bar included. */
  readonly places: ReadonlyMap<string, Rectangle>;
  readonly frames: readonly Frame[];
}

/** The graphs of a workflow that has its layout, by definition; `undefined` is the root. */
export function sheetsOf(document: JsonObject, names?: WidgetNames): Map<string | undefined, Sheet> {
  const workflow = readWorkflow(document);
  const facts = new Map(factsOf(workflow, names).map((graph) => [graph.definition, graph]));
  const sheets = new Map<string | undefined, Sheet>();
  for (const { graph: source, key } of graphsOf(document)) {
    const border = key === undefined ? undefined : workflow.definitions.get(key);
    const about = facts.get(key);
    if (about === undefined || (key !== undefined && border === undefined) || sheets.has(key)) continue;
    sheets.set(key, {
      graph: border ?? workflow.root,
      border,
      facts: about,
      places: placesOf(source),
      frames: framesOf(source),
    });
  }
  return sheets;
}

function placesOf(graph: JsonObject): Map<string, Rectangle> {
  const places = new Map<string, Rectangle>();
  for (const node of nodesOf(graph)) {
    const flags = node.get('flags');
    const rect = coveredBy(node, sizeOf(node));
    const folded = isObject(flags) && flags.get('collapsed') === true;
    if (rect !== undefined) places.set(looseId(node.get('id')), folded ? { ...rect, height: titleHeight } : rect);
  }
  return places;
}

const framesOf = (graph: JsonObject): Frame[] =>
  objectsOf(graph.get('groups')).flatMap((group) => {
    const rect = boxOf(group.get('bounding'));
    const title = group.get('title');
    return rect === undefined || rect.width <= 0 ? [] : [{ title: typeof title === 'string' ? title : '', rect }];
  });
