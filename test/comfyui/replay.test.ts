import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readCoreClasses } from '../../src/comfyui/simulator/interfaces.js';
import { type Simulator, startSimulator } from '../../src/comfyui/simulator/start.js';
import { writePng } from '../../src/image/write-png.js';
import { isArray, isObject, type Json, type JsonObject } from '../../src/workflow/json.js';
import { failingLoader, labClasses, makeGate } from '../support/lab-nodes.js';
import { bodyOf, type Event, readExchange, replay } from '../support/replay.js';

const made: { simulator?: Simulator; base?: string } = {};

afterEach(async () => {
  await made.simulator?.close();
  if (made.base !== undefined) rmSync(made.base, { recursive: true, force: true });
});

/** The files that the recording machine had, as far as the answers show them. */
function makeBase(): string {
  const base = mkdtempSync(join(tmpdir(), 'git-comfy-sim-'));
  const picture = writePng(64, 48, new Uint8Array(64 * 48 * 3).fill(90), []);
  const header = '{"__metadata__":{"ss_network_module":"networks.lora","ss_tag_frequency":"{\\"a\\": {\\"b\\": 1}}"}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const files: Record<string, string | Buffer> = {
    'models/checkpoints/dummy-a.safetensors': 'a',
    'models/checkpoints/lab/random-sd15.safetensors': 'r',
    'models/checkpoints/sub/dummy-b.ckpt': 'b',
    'models/loras/lab/random-lora.safetensors': 'l',
    'models/loras/dummy-lora.safetensors': Buffer.concat([length, Buffer.from(header)]),
    'models/vae/dummy-vae.pt': 'v',
    'models/embeddings/easyneg.safetensors': 'e',
    'models/embeddings/random-emb.pt': 'm',
    'input/photo.png': picture,
    'input/sub/in.png': picture,
    'output/lab-kept.png': picture,
  };
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(base, name)), { recursive: true });
    writeFileSync(join(base, name), bytes);
  }
  return base;
}

/** The order of outputs that chance gave on the recording machine, by the prompt's history entry. */
function recordedOrders(events: readonly Event[]): Json[][] {
  const found: Json[][] = [];
  const look = (value: Json | undefined): void => {
    if (isArray(value) && value.length === 5 && isObject(value[2]) && isArray(value[4])) found.push(value[4]);
    else if (isArray(value)) value.forEach(look);
    else if (isObject(value)) for (const item of value.values()) look(item);
  };
  for (const event of events) look(event.dir === 'http' ? bodyOf(event) : undefined);
  return found;
}

const same = (a: readonly Json[], b: readonly Json[]) => [...a].sort().join() === [...b].sort().join();

const scenarios = [
  'plain-success',
  'ksampler',
  'ksampler-preview-metadata',
  'fully-cached',
  'partially-cached',
  'cached-without-client-id',
  'refused',
  'partly-refused',
  'execution-error',
  'interrupt',
  'queue-delete',
  'batch-and-lists',
  'temp-previews',
  'odd-values',
  'odd-prompt-ids',
  'history-pages',
  'free-then-again',
  'upload-and-view',
  'load-image',
  'feature-flags',
  'progress-state',
  'partial-targets',
  'is-changed',
  'odd-requests',
];

/** What an earlier scenario had left on the recording machine, where file numbers go on from it. */
const leftovers: Readonly<Record<string, readonly string[]>> = { 'queue-delete': ['output/lab/slow_00001_.png'] };

test.each(scenarios)('answers as a real 0.8.0 did: %s', async (name) => {
  const events = readExchange(name);
  const gate = makeGate();
  const orders = recordedOrders(events);
  made.base = makeBase();
  for (const file of leftovers[name] ?? []) {
    mkdirSync(dirname(join(made.base, file)), { recursive: true });
    writeFileSync(join(made.base, file), '');
  }
  const loader = (await readCoreClasses()).find((found) => found.name === 'CheckpointLoaderSimple');
  made.simulator = await startSimulator({
    base: made.base,
    classes: [...labClasses(gate), failingLoader(loader?.info as JsonObject)],
    orderOutputs: (outputs) => (orders.find((order) => same(order, outputs)) as string[] | undefined) ?? outputs,
  });
  await replay(made.simulator.url, events, gate);
  expect(events.length).toBeGreaterThan(0);
});
