// Reproducing a run whose LoRA was loaded by a pack's own node, which no table of ours knows.
import { expect, test } from 'vitest';
import type { SimulatedClass } from '../../src/comfyui/simulator/node-class.js';
import { loaders } from '../../src/comfyui/simulator/nodes/loaders.js';
import { reproduceCommand } from '../../src/commands/reproduce.js';
import type { Reproduction } from '../../src/reproduce/reproduction.js';
import { type JsonObject, parseJson, writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { runAndRecord } from '../support/recorded-run.js';
import { paintPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

const info = parseJson(`{
  "input": {"required": {"model": ["MODEL"], "lora_name": [["models:loras"]], "strength_model": ["FLOAT", {"default": 1.0}]}},
  "input_order": {"required": ["model", "lora_name", "strength_model"]},
  "output": ["MODEL"], "output_is_list": [false], "output_name": ["MODEL"], "name": "PaintLora", "display_name": "Paint LoRA",
  "category": "paint", "python_module": "custom_nodes.paint-pack", "output_node": false
}`) as JsonObject;

const paintLora: SimulatedClass = {
  name: 'PaintLora',
  info,
  run: loaders['LoraLoaderModelOnly']?.run as SimulatedClass['run'],
};

const prompt = writeJson(
  paintPrompt({
    '2': { class_type: 'PaintLora', inputs: { model: ['4', 0], lora_name: 'ink.safetensors', strength_model: 0.8 } },
  }),
);

async function scene() {
  const comfy = await startComfy(
    {
      'models/checkpoints/dream.safetensors': Buffer.from('dream'),
      'models/loras/ink.safetensors': Buffer.from('ink'),
    },
    [paintLora],
  );
  const repository = makeWorkflowRepository();
  repository.commit({ '.gitattributes': repository.read('.gitattributes'), 'workflows/a.json': prompt });
  repository.write('a.png', await runAndRecord(await repository.open(), comfy.url, prompt));
  const { context, err } = captured(repository.path);
  const again = () => reproduceCommand.run(context, { args: ['a.png'], options: { server: comfy.url } });
  return { comfy, again, err };
}

test('a renamed model is used under its new name', async () => {
  const { comfy, again } = await scene();
  comfy.move('models/loras/ink.safetensors', 'models/loras/style/ink-final.safetensors');
  const [found] = ((await again()).result as { reproductions: Reproduction[] }).reproductions;
  expect(found?.grade).toBe('full');
  expect(found?.expected.differences.map(({ code }) => code)).toEqual(['model-renamed']);
});

test('where the server refuses, what had been expected is said', async () => {
  const { comfy, again, err } = await scene();
  comfy.move('models/loras/ink.safetensors', 'backup/ink.safetensors');
  await expect(again()).rejects.toMatchObject({ code: 'prompt-refused' });
  expect(err()).toContain('expected: partial');
  expect(err()).toContain('LoRA ink.safetensors: no such file in any model folder');
});
