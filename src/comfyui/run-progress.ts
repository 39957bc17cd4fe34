import { isObject, type Json, type JsonObject, toDouble } from '../workflow/json.js';
import type { Message, SocketEvents } from './socket.js';

/** How far a run is. */
export interface RunProgress {
  /** Id of the node that runs. */
  readonly node: string;
  /** Steps of that node, where it reports them. */
  readonly done?: number;
  readonly total?: number;
}

export interface Follow extends SocketEvents {
  /** Says which prompt to follow; messages that came before count too. */
  readonly expect: (promptId: string) => void;
  /** Resolves when something has happened since the last call. */
  readonly woken: () => Promise<void>;
  /** Node ids in the order in which they ran; `undefined` when messages were missed. */
  readonly executed: () => string[] | undefined;
}

/** Turns the messages about one prompt into progress, and any message into a reason to look at the history. */
export function followRun(onProgress: (progress: RunProgress) => void): Follow {
  const nodesByPrompt = new Map<string, Set<string>>();
  let expected: string | undefined;
  let gap = false;
  let wake = () => {};
  let pending = false;
  const rouse = () => {
    pending = true;
    wake();
  };
  return {
    onMessage: (message) => {
      const promptId = message.data.get('prompt_id');
      if (typeof promptId === 'string') note(nodesByPrompt, promptId, message);
      if (promptId === expected) report(message, onProgress);
      if (endsSomething(message)) rouse();
    },
    onGap: () => {
      gap = true;
      rouse();
    },
    expect: (promptId) => {
      expected = promptId;
    },
    woken: () => {
      const happened = pending ? Promise.resolve() : new Promise<void>((resolve) => (wake = resolve));
      pending = false;
      return happened;
    },
    executed: () => (gap || expected === undefined ? undefined : [...(nodesByPrompt.get(expected) ?? [])]),
  };
}

/** A message after which the history may hold the prompt. */
function endsSomething({ type, data }: Message): boolean {
  return type === 'status' || (type === 'executing' && data.get('node') === null);
}

/** A node with lazy inputs is announced twice; it ran once. */
function note(nodesByPrompt: Map<string, Set<string>>, promptId: string, { type, data }: Message): void {
  const node = data.get('node');
  if (type !== 'executing' || typeof node !== 'string') return;
  const nodes = nodesByPrompt.get(promptId) ?? new Set();
  nodes.delete(node);
  nodes.add(node);
  nodesByPrompt.set(promptId, nodes);
}

function report({ type, data }: Message, onProgress: (progress: RunProgress) => void): void {
  if (type === 'progress_state') reportState(data.get('nodes'), onProgress);
  const node = data.get('node');
  if (typeof node !== 'string') return;
  if (type === 'executing') onProgress({ node });
  if (type === 'progress') onProgress({ node, ...steps(data) });
}

function reportState(nodes: Json | undefined, onProgress: (progress: RunProgress) => void): void {
  for (const [node, state] of isObject(nodes) ? nodes : []) {
    if (isObject(state) && state.get('state') === 'running') onProgress({ node, ...steps(state) });
  }
}

/** `max` 1 is what nodes without steps report. */
function steps(data: JsonObject): { done?: number; total?: number } {
  const done = toDouble(data.get('value'));
  const total = toDouble(data.get('max'));
  return done === undefined || total === undefined || !(total > 1) ? {} : { done, total };
}
