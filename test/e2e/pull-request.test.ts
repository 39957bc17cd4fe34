// Two people edit one workflow in two clones, one of them inside a subgraph; the work is pushed and merged, and both open the result.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { syncCommand } from '../../src/commands/sync.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { readWorkflow } from '../../src/workflow/graph.js';
import { parseJson, toPlain, writeJson } from '../../src/workflow/json.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { commitFiles, setUp, tryGit } from '../support/merging.js';
import { objectInfo, sketch } from '../workflow/build.js';

const path = 'flows/portrait.json';

interface Placed {
  readonly id: number;
  readonly pos: number[];
}
interface File {
  nodes: (Placed & Record<string, unknown>)[];
  definitions: { subgraphs: { nodes: (Placed & Record<string, unknown>)[] }[] };
}

const ends = (...values: unknown[]) =>
  Object.fromEntries(
    ['id', 'origin_id', 'origin_slot', 'target_id', 'target_slot', 'type'].map((key, at) => [key, values[at]]),
  );
const socket = (name: string, type: string) => ({ name, type });

/** Checkpoint, prompts and sampler at the root; decoding and saving are in the subgraph `Finish`. */
function saved(): File {
  const at = (id: number) => ({ id, pos: [id * 300, 50], size: [250, 100] });
  const finish = {
    id: 'ffff-1',
    version: 1,
    state: { lastNodeId: 12, lastLinkId: 20, lastGroupId: 0, lastRerouteId: 0 },
    name: 'Finish',
    inputNode: { id: -10, bounding: [0, 0, 100, 60] },
    outputNode: { id: -20, bounding: [900, 0, 100, 60] },
    inputs: [
      { id: 'i1', ...socket('samples', 'LATENT'), linkIds: [15] },
      { id: 'i2', ...socket('vae', 'VAE'), linkIds: [16] },
    ],
    outputs: [],
    nodes: [
      {
        ...at(8),
        type: 'VAEDecode',
        inputs: [
          { ...socket('samples', 'LATENT'), link: 15 },
          { ...socket('vae', 'VAE'), link: 16 },
        ],
        outputs: [socket('IMAGE', 'IMAGE')],
      },
      {
        ...at(9),
        type: 'SaveImage',
        inputs: [{ ...socket('images', 'IMAGE'), link: 17 }],
        widgets_values: ['ComfyUI'],
      },
    ],
    links: [ends(15, -10, 0, 8, 0, 'LATENT'), ends(16, -10, 1, 8, 1, 'VAE'), ends(17, 8, 0, 9, 0, 'IMAGE')],
  };
  return sketch(
    [
      {
        ...at(4),
        type: 'CheckpointLoaderSimple',
        outputs: [socket('MODEL', 'MODEL'), socket('CLIP', 'CLIP'), socket('VAE', 'VAE')],
        widgets_values: ['dummy-a.safetensors'],
      },
      { ...at(5), type: 'EmptyLatentImage', outputs: [socket('LATENT', 'LATENT')], widgets_values: [512, 512, 1] },
      {
        ...at(6),
        type: 'CLIPTextEncode',
        inputs: [socket('clip', 'CLIP')],
        outputs: [socket('CONDITIONING', 'CONDITIONING')],
        widgets_values: ['a red house'],
      },
      {
        ...at(3),
        type: 'KSampler',
        inputs: [
          socket('model', 'MODEL'),
          socket('positive', 'CONDITIONING'),
          socket('negative', 'CONDITIONING'),
          socket('latent_image', 'LATENT'),
        ],
        outputs: [socket('LATENT', 'LATENT')],
        widgets_values: [42, 'fixed', 20, 8, 'euler', 'normal', 1],
      },
      { ...at(10), type: 'ffff-1', inputs: [socket('samples', 'LATENT'), socket('vae', 'VAE')], outputs: [] },
    ],
    [
      [1, 4, 0, 3, 0, 'MODEL'],
      [2, 4, 1, 6, 0, 'CLIP'],
      [3, 6, 0, 3, 1, 'CONDITIONING'],
      [4, 6, 0, 3, 2, 'CONDITIONING'],
      [5, 5, 0, 3, 3, 'LATENT'],
      [6, 3, 0, 10, 0, 'LATENT'],
      [7, 4, 2, 10, 1, 'VAE'],
    ],
    { last_node_id: 12, last_link_id: 20, definitions: { subgraphs: [finish] } },
  ) as unknown as File;
}

/** Opens the file, changes it, and saves it as ComfyUI does, on one line. */
function save(clone: TestRepository, change: (file: File) => void): void {
  const file: File = JSON.parse(clone.read(path));
  change(file);
  clone.write(path, JSON.stringify(file));
}

const node = (nodes: File['nodes'], id: number) =>
  nodes.find((each) => each.id === id) as Placed & Record<string, unknown>;
const inside = (file: File) => file.definitions.subgraphs[0]?.nodes ?? [];
const promptOf = (clone: TestRepository) =>
  toPlain(toPrompt(readWorkflow(parseJson(clone.read(path))), objectInfo)) as Record<
    string,
    { inputs: Record<string, unknown> }
  >;

const sync = (clone: TestRepository) =>
  syncCommand.run(captured(clone.path, { program }).context, { args: [], options: {} });

async function clone(hub: TestRepository, name: string): Promise<TestRepository> {
  const folder = join(temporaryFolder(), name);
  execFileSync('git', ['clone', '--quiet', hub.path, folder]);
  const made = repositoryAt(folder);
  await setUp(made);
  made.git('checkout', '--quiet', '--', '.');
  return made;
}

test('one edits the root, one the inside of a subgraph; merged, both open the same graph with both layouts', async () => {
  const hub = makeRepository('--bare');
  const first = makeRepository();
  await setUp(first);
  first.git('remote', 'add', 'origin', hub.path);
  commitFiles(first, { [path]: JSON.stringify(saved()) }, 'portrait');
  first.git('push', '--quiet', '-u', 'origin', 'main');
  await sync(first);
  const [ann, ben] = [await clone(hub, 'ann'), await clone(hub, 'ben')];

  ann.git('switch', '--quiet', '-c', 'more-steps');
  save(ann, (file) => {
    (node(file.nodes, 3)['widgets_values'] as unknown[])[2] = 30;
    node(file.nodes, 3).pos.splice(0, 2, 777, 70);
  });
  ann.git('commit', '--quiet', '-am', 'more steps');
  ann.git('push', '--quiet', '-u', 'origin', 'more-steps');
  await sync(ann);

  save(ben, (file) => {
    node(inside(file), 9)['widgets_values'] = ['portrait'];
    node(inside(file), 8).pos.splice(0, 2, 888, 80);
  });
  ben.git('commit', '--quiet', '-am', 'another name');
  ben.git('fetch', '--quiet');
  await sync(ben);
  expect(tryGit(ben, 'merge', '--no-edit', 'origin/more-steps')).toMatchObject({ code: 0 });
  ben.git('push', '--quiet', 'origin', 'main');
  await sync(ben);

  ann.git('switch', '--quiet', 'main');
  await sync(ann);
  ann.git('pull', '--quiet');

  const prompt = promptOf(ben);
  expect(prompt['3']?.inputs).toMatchObject({ steps: 30, cfg: 8, model: ['4', 0] });
  expect(prompt['10:9']?.inputs).toEqual({ filename_prefix: 'portrait', images: ['10:8', 0] });
  expect(promptOf(ann)).toEqual(prompt);
  for (const each of [ben, ann]) {
    const file: File = JSON.parse(each.read(path));
    expect(node(file.nodes, 3).pos).toEqual([777, 70]);
    expect(node(inside(file), 8).pos).toEqual([888, 80]);
    expect(node(file.nodes, 4).pos).toEqual([1200, 50]);
    expect(each.git('status', '--porcelain')).toBe('');
  }
  expect(writeJson(parseJson(ann.read(path)))).toBe(writeJson(parseJson(readFileSync(join(ben.path, path), 'utf8'))));
});
