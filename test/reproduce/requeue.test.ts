import { describe, expect, test } from 'vitest';
import { describeBytes } from '../../src/image/describe-output.js';
import { readEmbedded } from '../../src/image/embedded.js';
import { withOwnPrefix } from '../../src/reproduce/own-prefix.js';
import { requeue } from '../../src/reproduce/requeue.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { startComfy } from '../support/simulator.js';

const prompt = parseJson(`{
  "1": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 48, "batch_size": 1, "color": 255}},
  "2": {"class_type": "ImageAddNoise", "inputs": {"image": ["1", 0], "seed": 18446744073709551615, "strength": 0.5}},
  "9": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "t/img"}}
}`) as JsonObject;
const workflow = parseJson('{"nodes": [], "links": [], "extra": {"ds": {"scale": 1.0}}}') as JsonObject;

const { talk, signal } = captured('.').context;

describe('running a recorded prompt again', () => {
  test('is never served from the cache, and gives the same samples', async () => {
    const server = await startComfy();
    const queued = { prompt: withOwnPrefix(prompt, 'abcd1234'), workflow, outputs: ['9'] };
    const first = await requeue(server, queued, signal, talk);
    const second = await requeue(server, queued, signal, talk);
    expect(first.proof).toEqual({ proven: true, cached: [], doubts: [] });
    expect(second.proof).toEqual({ proven: true, cached: [], doubts: [] });
    expect(second.run.executed).toEqual(['1', '2', '9']);
    const [a, b] = [first, second].map(({ made }) => describeBytes(made[0]?.bytes ?? Buffer.alloc(0)).pixels);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(a).toBe(b);
    expect(server.list('output/git-comfy/abcd1234')).toEqual(['img_00001_.png', 'img_00002_.png']);
  });

  test('embeds the workflow as it was, and the seed to the last digit', async () => {
    const server = await startComfy();
    const { made } = await requeue(server, { prompt, workflow, outputs: ['9'] }, signal, talk);
    const embedded = readEmbedded(made[0]?.bytes ?? Buffer.alloc(0));
    expect(embedded.workflow).toBe('{"nodes": [], "links": [], "extra": {"ds": {"scale": 1.0}}}');
    expect(embedded.prompt).toContain('"seed": 18446744073709551615');
  });

  test('Ctrl-C ends it and leaves nothing in the queue', async () => {
    const server = await startComfy();
    const stop = new AbortController();
    const stopping = requeue(server, { prompt, outputs: ['9'] }, stop.signal, talk);
    stop.abort();
    await expect(stopping).rejects.toMatchObject({ code: 'interrupted' });
    const queue = await (await fetch(`${server.url}/queue`)).json();
    expect(queue).toEqual({ queue_running: [], queue_pending: [] });
  });
});
