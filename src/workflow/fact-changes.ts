import type { End, Fact } from './facts.js';
import { canonicalJson, isArray, isObject, type Json } from './json.js';
import { plainChanges } from './plain-diff.js';
import type { About, ValueChange, WorkflowChange } from './workflow-change.js';

/** Whether two nodes at the ends of links, one of each version, are the same. */
export type SameNode = (before: string, after: string) => boolean;

/** What differs between the facts of a node or graph. */
export function factChanges(
  before: readonly Fact[],
  after: readonly Fact[],
  about: About,
  same: SameNode,
): WorkflowChange[] {
  if (isUnchanged(before, after, same)) return [];
  const [old, fresh] = [byKey(before), byKey(after)];
  const keys = new Set([...fresh.keys(), ...old.keys()]);
  return [...keys].flatMap((key) => factChange(old.get(key), fresh.get(key), about, same));
}

/** Nearly all nodes are as they were: that is seen without a table of their facts. */
const isUnchanged = (before: readonly Fact[], after: readonly Fact[], same: SameNode) =>
  before.length === after.length && before.every((fact, at) => isSameFact(fact, after[at], same));

function isSameFact(before: Fact, after: Fact | undefined, same: SameNode): boolean {
  if (after?.kind !== before.kind || after.key !== before.key) return false;
  if (before.kind === 'group' || after.kind === 'group') return true;
  if (before.kind === 'link' || after.kind === 'link') {
    return before.kind === 'link' && after.kind === 'link' && isSameEnd(before.value, after.value, same);
  }
  const [was, is] = [before.value, after.value];
  return was === is || (typeof was === 'object' && typeof is === 'object' && canonicalJson(was) === canonicalJson(is));
}

const byKey = (facts: readonly Fact[]) => new Map(facts.map((fact) => [`${fact.kind} ${fact.key}`, fact]));

function factChange(before: Fact | undefined, after: Fact | undefined, about: About, same: SameNode): WorkflowChange[] {
  const fact = after ?? before;
  if (fact === undefined) return [];
  const { kind, key } = fact;
  if (kind === 'state') {
    const [was, is] = [before, after].map((each) => (each?.kind === 'state' ? each.value : 'active'));
    return was === is || was === undefined || is === undefined ? [] : [{ kind, ...about, before: was, after: is }];
  }
  if (kind === 'link') {
    const [was, is] = [before, after].map((each) => (each?.kind === 'link' ? each.value : undefined));
    return isSameEnd(was, is, same) ? [] : [{ kind, key, ...about, before: was, after: is }];
  }
  if (kind === 'group') {
    return before !== undefined && after !== undefined
      ? []
      : [{ kind, ...about, title: key, added: after !== undefined }];
  }
  const [was, is] = [before, after].map((each) => (each?.kind === kind ? each.value : undefined));
  return valueChanges(kind, key, was, is).map((change) => ({ ...change, ...about }));
}

const isSameEnd = (before: End | undefined, after: End | undefined, same: SameNode) =>
  before !== undefined && after !== undefined && before.slot === after.slot && same(before.node, after.node);

/** Objects and lists are taken apart, so that one member's change does not show the whole. */
function valueChanges(
  kind: 'value' | 'property',
  key: string,
  before: Json | undefined,
  after: Json | undefined,
): ValueChange[] {
  if (before === after) return [];
  const change = (suffix: readonly string[], was: Json | undefined, is: Json | undefined): ValueChange => ({
    kind,
    key: [key, ...suffix].join('.'),
    before: was,
    after: is,
  });
  if (before === undefined || after === undefined) return [change([], before, after)];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const nested = (isObject(before) && isObject(after)) || (isArray(before) && isArray(after));
  if (!nested) return [change([], before, after)];
  return plainChanges(before, after).map(({ path, before: was, after: is }) => change(path, was, is));
}
