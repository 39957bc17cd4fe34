import type { JsonObject } from '../../workflow/json.js';
import { inputsAt, linkOf } from './prompt-view.js';

/** What still has to run: which nodes wait, and for how many others each. */
export interface Plan {
  readonly pending: Map<string, number>;
  /** Node -> the nodes that wait for it. */
  readonly blocking: Map<string, Set<string>>;
}

export interface PlanView {
  readonly prompt: JsonObject;
  readonly isCached: (id: string) => boolean;
  readonly isOutput: (id: string) => boolean;
}

/** Everything that the outputs need and the cache does not have; an output itself is planned in any case. */
export function makePlan(view: PlanView, outputs: readonly string[]): Plan {
  const plan: Plan = { pending: new Map(), blocking: new Map() };
  for (const id of outputs) addNode(plan, view, id);
  return plan;
}

function addNode(plan: Plan, view: PlanView, first: string): void {
  const waiting = [first];
  const links: [from: string, to: string][] = [];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (plan.pending.has(id)) continue;
    plan.pending.set(id, 0);
    plan.blocking.set(id, new Set());
    for (const value of inputsAt(view.prompt, id).values()) {
      const link = linkOf(value);
      if (link === undefined || view.isCached(link.node)) continue;
      waiting.push(link.node);
      links.push([link.node, id]);
    }
  }
  for (const [from, to] of links) {
    const blocked = plan.blocking.get(from);
    if (blocked === undefined || blocked.has(to)) continue;
    blocked.add(to);
    plan.pending.set(to, (plan.pending.get(to) ?? 0) + 1);
  }
}

/**
 * The next node, as ComfyUI picks it so that people see pictures early: an output node, else one right before an output, else one
 * two steps before, else the first that is ready.
 */
export function pick(plan: Plan, view: PlanView): string | undefined {
  const ready = [...plan.pending].filter(([, blockedBy]) => blockedBy === 0).map(([id]) => id);
  const after = (ids: Iterable<string>) => [...ids].flatMap((id) => [...(plan.blocking.get(id) ?? [])]);
  return (
    ready.find((id) => view.isOutput(id)) ??
    ready.find((id) => after([id]).some(view.isOutput)) ??
    ready.find((id) => after(after([id])).some(view.isOutput)) ??
    ready[0]
  );
}

export function complete(plan: Plan, id: string): void {
  plan.pending.delete(id);
  for (const blocked of plan.blocking.get(id) ?? []) {
    plan.pending.set(blocked, (plan.pending.get(blocked) ?? 1) - 1);
  }
  plan.blocking.delete(id);
}
