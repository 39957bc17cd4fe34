import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pattern, randomFrom } from '../comfyui/simulator/paint.js';
import { toBytes } from '../comfyui/simulator/sample-bytes.js';
import { InputError } from '../errors.js';
import { ownFile } from '../files/own-files.js';
import { writePng } from '../image/write-png.js';

/** Where the demo plays. All paths are absolute. */
export interface DemoFolder {
  readonly top: string;
  /** What the simulated server works in: models, inputs, outputs, a pack. */
  readonly comfyui: string;
  /** The artist's repository. */
  readonly project: string;
}

const workflows = ['portrait.json', 'hires.json', 'repaint.json'] as const;

/**
 * Lays out a small ComfyUI and a project beside it. The models are tiny safetensors files of random bytes, the pictures soft patterns.
 * @throws InputError `demo-folder` when the folder has something in it
 */
export async function makeDemoFolder(top: string): Promise<DemoFolder> {
  await mkdir(top, { recursive: true });
  if ((await readdir(top)).length > 0) {
    throw new InputError('demo-folder', `${top} is not empty`, { hint: 'name a folder that does not exist yet' });
  }
  const folder = { top, comfyui: join(top, 'ComfyUI'), project: join(top, 'project') };
  await writeModel(folder, 'checkpoints/painter.safetensors', 'painter, first version');
  await writeModel(folder, 'loras/ink-style.safetensors', 'ink');
  await writeModel(folder, 'controlnet/depth.safetensors', 'depth');
  await writePicture(folder, 'pose.png', 'pose');
  await writePicture(folder, 'reference.png', 'harbour');
  for (const name of workflows)
    await copyTo(join(folder.project, 'workflows', name), `templates/demo/workflows/${name}`);
  for (const name of ['__init__.py', 'simulated.json']) {
    await copyTo(join(folder.comfyui, 'custom_nodes/demo-grain', name), `templates/demo/pack/${name}`);
  }
  return folder;
}

/** Writes a model file; other words give other content under the same name. */
export async function writeModel({ comfyui }: DemoFolder, name: string, words: string): Promise<void> {
  await writeInto(join(comfyui, 'models', name), safetensors(words));
}

async function writePicture({ comfyui }: DemoFolder, name: string, words: string): Promise<void> {
  const samples = pattern(words, 256, 256).map((sample) => 0.5 + sample / 2);
  await writeInto(join(comfyui, 'input', name), writePng(256, 256, toBytes(samples), []));
}

/** The smallest whole safetensors file: header length, header, one tensor. */
function safetensors(words: string): Buffer {
  const count = 256;
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt', made_by: 'git comfy demo' },
      weight: { dtype: 'F32', shape: [count], data_offsets: [0, count * 4] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const random = randomFrom(words);
  const tensor = Float32Array.from({ length: count }, () => random() - 0.5);
  return Buffer.concat([length, header, Buffer.from(tensor.buffer)]);
}

async function copyTo(path: string, source: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await copyFile(await ownFile(source), path);
}

async function writeInto(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
