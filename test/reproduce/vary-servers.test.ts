import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLineage } from '../../src/capture/read-lineage.js';
import { run } from '../../src/cli.js';
import { readCoreClasses } from '../../src/comfyui/simulator/interfaces.js';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import type { TestRepository } from '../support/git.js';
import { runAndRecord } from '../support/recorded-run.js';
import { makeBase, paintPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const model = { 'models/checkpoints/dream.safetensors': Buffer.from('weights') };
const prompt = writeJson(
  paintPrompt({
    '3': {
      class_type: 'KSampler',
      inputs: {
        ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] },
        ...{ seed: 7, steps: 2, cfg: 7.5, sampler_name: 'euler', scheduler: 'normal', denoise: 1 },
      },
    },
  }),
);

/** A repository with `final.png`, made on a server that has the model. */
async function scene() {
  const comfy = await startComfy(model);
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/hero.json': prompt });
  repository.write('final.png', await runAndRecord(await repository.open(), comfy.url, prompt));
  return { repository, comfy };
}

async function vary(repository: TestRepository, servers: readonly string[], ...words: string[]) {
  const { context, out, err } = captured(repository.path);
  const named = servers.flatMap((url) => ['--server', url]);
  const code = await run(context, ['vary', 'final.png', '--json', ...named, ...words]);
  return { code, err: err(), result: JSON.parse(out()).result };
}

/** A server that is killed when it has painted so many pictures, in the middle of the next one. */
async function dying(after: number): Promise<string> {
  const core = (await readCoreClasses()).find(({ name }) => name === 'VAEDecode') as SimulatedClass;
  let painted = 0;
  const mortal: SimulatedClass = {
    ...core,
    async run(inputs, work) {
      if (painted++ < after) return core.run(inputs, work);
      void simulator.close();
      return new Promise(() => {});
    },
  };
  const simulator = await startSimulator({ base: makeBase(model), classes: [mortal] });
  onTestFinished(simulator.close);
  return simulator.url;
}

const variations = async (repository: TestRepository) =>
  (await readLineage(await repository.open())).records.filter(({ record }) => record.varies !== undefined);

test('a grid of 5 x 4 over three servers of which one dies: each picture once, and the sheet is complete', async () => {
  const { repository, comfy } = await scene();
  const other = await startComfy(model);
  const mortal = await dying(2);
  const grid = ['--set', 'cfg=5,6,7,8,9', '--set', 'steps=1,2,3,4', '--grid'];
  const { code, err, result } = await vary(repository, [mortal, comfy.url, other.url], ...grid);
  expect([code, result.variations.length]).toEqual([0, 20]);
  expect(result.leftOut).toMatchObject([{ name: mortal.slice('http://'.length) }]);
  expect(err).toContain('is left out');
  const records = await variations(repository);
  expect(new Set(records.map(({ record }) => record.identity)).size).toBe(20);
  expect(records).toHaveLength(20);
  const made = result.variations.map(({ server }: { server: string }) => server);
  expect(new Set(made).size).toBe(3);
  const page = readFileSync(result.sheet, 'utf8');
  expect([page.match(/<img /g)?.length, page.includes('class="missing"')]).toEqual([21, false]);
});

test('a server that lacks the model is left out, with the reason', async () => {
  const { repository, comfy } = await scene();
  const bare = await startComfy();
  const { code, err, result } = await vary(repository, [bare.url, comfy.url], '--set', 'cfg=5,6');
  expect(code).toBe(0);
  expect(err).toMatch(/is left out: checkpoint dream\.safetensors: no such file/);
  expect(result.leftOut).toHaveLength(1);
  expect(result.variations.every(({ server }: { server: string }) => comfy.url.endsWith(server))).toBe(true);
  const alone = captured(repository.path);
  expect(await run(alone.context, ['vary', 'final.png', '--server', bare.url, '--set', 'cfg=4'])).toBe(2);
  expect(alone.err()).toMatch(
    /\n {2}bring back what can be found or fetched: git comfy provide --models [0-9a-f]{12}\n$/,
  );
});

test('one that is away is left out; where all are, nothing is queued and it is said', async () => {
  const { repository, comfy } = await scene();
  const away = await startSimulator({ base: makeBase(model) });
  await away.close();
  const { code, result } = await vary(repository, [away.url, comfy.url], '--set', 'cfg=5');
  expect([code, result.leftOut.length]).toEqual([0, 1]);
  const { context, err } = captured(repository.path);
  expect(await run(context, ['vary', 'final.png', '--server', away.url, '--set', 'cfg=6'])).toBe(2);
  expect(err()).toMatch(/answers|listens|reach/);
});

test('a model is swapped by its hash, whatever its name', async () => {
  const { repository, comfy } = await scene();
  comfy.write('models/checkpoints/other name.safetensors', 'other weights');
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update('other weights').digest('hex').slice(0, 12);
  const { code, result } = await vary(repository, [comfy.url], '--set', `ckpt_name=sha256:${hash},dream.safetensors`);
  expect(code).toBe(0);
  const [swapped] = (await variations(repository)).filter(({ record }) => record.differs?.includes('4.ckpt_name'));
  expect(swapped).toBeDefined();
  expect(result.axes[0].steps).toEqual([`sha256:${hash}`, 'dream.safetensors']);
  const wrong = captured(repository.path);
  const words = ['vary', 'final.png', '--server', comfy.url, '--set'];
  expect(await run(wrong.context, [...words, 'ckpt_name=sha256:0123456789'])).toBe(2);
  expect(wrong.err()).toMatch(/no file in checkpoints with sha256:0123456789/);
  expect(await run(captured(repository.path).context, [...words, 'sampler_name=sha256:0123456789'])).toBe(2);
});

test('a combination that the server cannot make is a cell with the reason; the others are made', async () => {
  const { repository, comfy } = await scene();
  const { code, result } = await vary(repository, [comfy.url], '--set', 'sampler_name=ddim,no_such_sampler,heun');
  expect(code).toBe(1);
  const kinds = result.variations.map((one: object) => ('failed' in one ? 'failed' : 'made'));
  expect(kinds).toEqual(['made', 'failed', 'made']);
  expect(readFileSync(result.sheet, 'utf8')).toContain('no_such_sampler');
  expect(join(result.picture)).toMatch(/\.png$/);
});
