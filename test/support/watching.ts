// A repository with one workflow, a simulated server, clients that queue, and watchers.
import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { watch } from '../../src/capture/watch.js';
import type { Seen, WatchWishes } from '../../src/capture/watch-stage.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { toPlain } from '../../src/workflow/json.js';
import { captured } from './context.js';
import { makeRepository, type TestRepository } from './git.js';
import { labClasses, makeGate } from './lab-nodes.js';
import { makeBase, plainPrompt } from './simulated.js';

export const file = 'noise.json';

/** What the frontend saves and embeds: noise on a plain picture. */
export const workflow = (seed: number | string = 5, strength = 0.5, more: object = {}) => ({
  id: '7a1c0e1e-0000-4000-8000-000000000001',
  last_node_id: 9,
  last_link_id: 2,
  nodes: [
    {
      id: 1,
      type: 'EmptyImage',
      pos: [0, 0],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [1] }],
      widgets_values: [64, 48, 1, 255],
    },
    {
      id: 2,
      type: 'ImageAddNoise',
      pos: [300, 0],
      inputs: [{ name: 'image', type: 'IMAGE', link: 1 }],
      outputs: [{ name: 'IMAGE', type: 'IMAGE', links: [2] }],
      widgets_values: [seed, 'randomize', strength],
    },
    {
      id: 9,
      type: 'SaveImage',
      pos: [600, 0],
      inputs: [{ name: 'images', type: 'IMAGE', link: 2 }],
      widgets_values: ['t/img'],
    },
  ],
  links: [
    [1, 1, 0, 2, 0, 'IMAGE'],
    [2, 2, 0, 9, 0, 'IMAGE'],
  ],
  version: 0.4,
  ...more,
});

export interface Stage {
  readonly repository: TestRepository;
  readonly url: string;
  /** Folder of the server. */
  readonly base: string;
  /** Queues as a browser or a script does; resolves when the run has ended. */
  queue(seed: number, body?: object): Promise<string>;
}

export async function stage(): Promise<Stage> {
  const repository = makeRepository();
  repository.commit({ [file]: JSON.stringify(workflow()), '.gitattributes': '*.json -text filter=comfy\n' });
  const base = makeBase();
  const { url, close } = await startSimulator({ base, classes: labClasses(makeGate()) });
  onTestFinished(close);
  return { repository, url, base, queue: (seed, body) => queue(url, seed, body) };
}

export async function queue(url: string, seed: number, body: object = {}): Promise<string> {
  const message = {
    prompt: toPlain(plainPrompt(seed)),
    client_id: randomUUID(),
    extra_data: { extra_pnginfo: { workflow: workflow(seed) } },
    ...body,
  };
  const answer = await fetch(`${url}/prompt`, { method: 'POST', body: JSON.stringify(message) });
  const { prompt_id: id } = (await answer.json()) as { prompt_id: string };
  for (;;) {
    const entry = (await (await fetch(`${url}/history/${id}`)).json()) as Record<string, unknown>;
    if (entry[id] !== undefined) return id;
  }
}

export interface Watcher {
  readonly seen: Seen[];
  readonly err: () => string;
  /** Resolves when so many runs have been seen. */
  until(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startWatch(
  repository: TestRepository,
  url: string | readonly string[],
  wishes: Partial<WatchWishes> = {},
): Promise<Watcher> {
  const stopping = new AbortController();
  const { context, err } = captured(repository.path, { signal: stopping.signal });
  const seen: Seen[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const onSeen = async (one: Seen) => {
    seen.push(one);
    for (const { count, resolve } of waiting) if (seen.length >= count) resolve();
  };
  const done = watch(
    await repository.open(),
    [url].flat().map((one) => ({ url: one })),
    { all: false, once: false, onSeen, pollEvery: 50, ...wishes },
    context,
  );
  const stop = async () => {
    stopping.abort();
    await done;
  };
  onTestFinished(stop);
  return {
    seen,
    err,
    stop,
    until: (count) => new Promise((resolve) => (seen.length >= count ? resolve() : waiting.push({ count, resolve }))),
  };
}

export const recordsOf = async (repository: TestRepository) =>
  (await readLineage(await repository.open())).records.map(({ record }) => record);
