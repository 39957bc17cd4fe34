import { type Form, forms, hasLayout, isLayout } from './forms.js';
import { keys } from './key-ids.js';
import { type Out, putBytes, putMember, putText } from './put-value.js';
import type { TapeGraph, TapeGroup, TapeNode } from './read-graph.js';
import { linkIdOf } from './read-links.js';
import type { TapeWorkflow } from './read-workflow.js';
import { behind, endOf, isObjectAt, memberOf, startOf, type Tape, width } from './tape.js';

/** What stands before the next member of an object. */
type Before = '{' | ',';

/** The layout of a workflow as `layoutBody` writes it. */
export function putLayoutBody(out: Out, { tape, root, definitions }: TapeWorkflow): void {
  putText(out, '\n"root":');
  putGraphLayout(out, tape, root, forms.root);
  putText(out, ',\n"subgraphs":{');
  for (const [at, { graph, id }] of definitions.entries()) {
    putText(out, at === 0 ? '\n' : ',\n');
    putWritten(out, tape, id);
    putText(out, ':');
    putGraphLayout(out, tape, graph, forms.definition);
  }
  putText(out, '}}');
}

function putGraphLayout(out: Out, tape: Tape, graph: TapeGraph, form: Form): void {
  const { entry, nodes, groups, links } = graph;
  putText(out, `{"order":[${nodes.map(({ id }) => `"${id}"`).join(',')}],\n"nodes":`);
  let before: Before = '{';
  for (const node of nodes) before = putNode(out, tape, node, before);
  close(out, before);
  putText(out, ',\n"groupOrder":[');
  for (const [at, group] of groups.entries()) {
    if (at > 0) putText(out, ',');
    putGroupName(out, tape, group);
  }
  putText(out, '],\n"groups":');
  before = '{';
  for (const group of groups) before = putGroup(out, tape, group, before);
  close(out, before);
  putText(out, ',\n"links":');
  before = '{';
  for (const link of links) before = putLink(out, tape, link, before);
  close(out, before);
  putText(out, ',\n"members":');
  close(out, putFurniture(out, tape, graph, putTaken(out, tape, entry, form, '{')));
  putText(out, '}');
}

/** Ends an object, which may be empty. */
function close(out: Out, before: Before): void {
  putText(out, before === '{' ? '{}' : '}');
}

function putNode(out: Out, tape: Tape, { entry, id, inputs, outputs }: TapeNode, before: Before): Before {
  const start = out.length;
  putText(out, `${before}\n"${id}":`);
  let inner = putTaken(out, tape, entry, forms.node, '{');
  inner = putTakenOf(out, tape, entry, 'flags', forms.flags, inner);
  inner = putSlots(out, tape, 'inputs', inputs, forms.nodeSlot, inner);
  inner = putSlots(out, tape, 'outputs', outputs, forms.nodeSlot, inner);
  return endOrUndo(out, start, before, inner);
}

/** Ends an object; takes back all of it, from `start`, where it is empty. */
function endOrUndo(out: Out, start: number, before: Before, inner: Before): Before {
  if (inner === '{') {
    out.length = start;
    return before;
  }
  putText(out, '}');
  return ',';
}

/** The layout members of an object. */
function putTaken(out: Out, tape: Tape, object: number, form: Form, before: Before): Before {
  let now = before;
  const end = behind(tape, object);
  for (let key = object + width; key < end; key = behind(tape, key + width)) {
    if (!isLayout(form, tape, key)) continue;
    putText(out, now);
    putMember(out, tape, key, 'dense');
    now = ',';
  }
  return now;
}

/** Members that are objects with a layout of their own. */
type Furnished = 'flags' | 'extra' | 'inputNode' | 'outputNode';

/** Those of an object that is itself a member. */
function putTakenOf(out: Out, tape: Tape, object: number, name: Furnished, form: Form, before: Before): Before {
  const member = memberOf(tape, object, keys[name]);
  if (member < 0 || !isObjectAt(tape, member)) return before;
  const start = out.length;
  putText(out, `${before}"${name}":`);
  return endOrUndo(out, start, before, putTaken(out, tape, member, form, '{'));
}

/** Slots that have a layout, by their names. */
function putSlots(
  out: Out,
  tape: Tape,
  name: string,
  slots: readonly number[] | undefined,
  form: Form,
  before: Before,
): Before {
  const start = out.length;
  putText(out, `${before}"${name}":`);
  let inner: Before = '{';
  for (const slot of slots ?? []) {
    if (!hasLayout(form, tape, slot)) continue;
    putText(out, inner);
    putWritten(out, tape, memberOf(tape, slot, keys.name));
    putText(out, ':');
    close(out, putTaken(out, tape, slot, form, '{'));
    inner = ',';
  }
  return endOrUndo(out, start, before, inner);
}

/** A value that is one word or text, as the file has it. */
const putWritten = (out: Out, tape: Tape, entry: number) =>
  putBytes(out, tape.bytes, startOf(tape, entry), endOf(tape, entry));

function putGroup(out: Out, tape: Tape, group: TapeGroup, before: Before): Before {
  const start = out.length;
  putText(out, `${before}\n`);
  putGroupName(out, tape, group);
  putText(out, ':');
  return endOrUndo(out, start, before, putTaken(out, tape, group.entry, forms.group, '{'));
}

function putGroupName(out: Out, tape: Tape, { entry, id }: TapeGroup): void {
  if (id === undefined) putWritten(out, tape, memberOf(tape, entry, keys.title));
  else putText(out, `"#${id}"`);
}

function putLink(out: Out, tape: Tape, link: number, before: Before): Before {
  if (!isObjectAt(tape, link)) return before;
  const start = out.length;
  putText(out, `${before}\n"${linkIdOf(tape, link)}":`);
  return endOrUndo(out, start, before, putTaken(out, tape, link, forms.link, '{'));
}

/** What belongs to the graph as a whole: `extra`, and in a definition its slots and their two panels. */
function putFurniture(out: Out, tape: Tape, { entry, inputs, outputs }: TapeGraph, before: Before): Before {
  let now = putTakenOf(out, tape, entry, 'extra', forms.extra, before);
  now = putTakenOf(out, tape, entry, 'inputNode', forms.box, now);
  now = putTakenOf(out, tape, entry, 'outputNode', forms.box, now);
  now = putSlots(out, tape, 'inputs', inputs, forms.definitionSlot, now);
  return putSlots(out, tape, 'outputs', outputs, forms.definitionSlot, now);
}
