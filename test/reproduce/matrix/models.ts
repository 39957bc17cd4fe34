import { join } from 'node:path';
import { type Alter, type Scene, safetensors } from '../../support/scene.js';
import type { Row } from './row.js';

const dream = 'models/checkpoints/dream.safetensors';
const ink = 'models/loras/ink.safetensors';

/** A second folder of checkpoints, which ComfyUI looks through first or last. */
const shelf = (scene: Scene, isDefault: boolean, weights: string) => {
  scene.put('../shelf/dream.safetensors', safetensors(weights));
  const first = isDefault ? '  is_default: true\n' : '';
  scene.put('extra_model_paths.yaml', `shelf:\n${first}  checkpoints: ${join(scene.folder, 'shelf')}\n`);
};

/** What the server says of its folders then. */
const withShelf =
  (isDefault: boolean): Alter =>
  (asked, text, { folder }) => {
    if (asked !== '/internal/folder_paths') return text;
    const folders = JSON.parse(text);
    folders.checkpoints.splice(isDefault ? 0 : 1, 0, join(folder, 'shelf'));
    return JSON.stringify(folders);
  };

export const modelRows: readonly Row[] = [
  {
    what: 'checkpoint replaced under its name',
    change: (scene) => scene.put(dream, safetensors('another')),
    grade: 'partial',
    says: ['checkpoint dream.safetensors: other content than *'],
  },
  {
    what: 'VAE replaced by one of another size',
    change: (scene) => scene.put('models/vae/soft.safetensors', 'short'),
    grade: 'partial',
    says: ['VAE soft.safetensors: other content than *'],
  },
  {
    what: 'same tensors under other metadata',
    change: (scene) => scene.put(dream, safetensors('dream', 'another title')),
    grade: 'full',
    says: ['checkpoint dream.safetensors: same tensors as *, under another header'],
  },
  {
    what: 'one byte of a LoRA flipped',
    change: (scene) => scene.put(ink, safetensors('iNk')),
    grade: 'partial',
    says: ['LoRA ink.safetensors: other content than *'],
  },
  {
    what: 'LoRA renamed',
    change: (scene) => scene.move(ink, 'models/loras/ink v2.safetensors'),
    grade: 'full',
    says: ['LoRA ink.safetensors: not under this name, its content is loras/ink v2.safetensors'],
  },
  {
    what: 'LoRA moved into a sub-folder',
    change: (scene) => scene.move(ink, 'models/loras/styles/ink.safetensors'),
    grade: 'full',
    says: ['LoRA ink.safetensors: not under this name, its content is loras/styles/ink.safetensors'],
  },
  {
    what: 'LoRA moved to a folder of another type',
    change: (scene) => scene.move(ink, 'models/checkpoints/ink.safetensors'),
    grade: 'partial',
    says: ['LoRA ink.safetensors: no such file in any model folder; the same content is checkpoints/ink.safetensors'],
  },
  {
    what: 'LoRA deleted',
    change: (scene) => scene.remove(ink),
    grade: 'partial',
    says: ['LoRA ink.safetensors: no such file in any model folder'],
  },
  {
    what: 'checkpoint moved away, and a link left in its place',
    change: (scene) => {
      scene.move(dream, '../shelf/blob');
      scene.link(join(scene.folder, 'shelf/blob'), dream);
    },
    grade: 'full',
    says: [],
  },
  {
    what: 'link to the checkpoint that leads nowhere',
    change: (scene) => {
      scene.remove(dream);
      scene.link(join(scene.folder, 'gone'), dream);
    },
    grade: 'partial',
    says: ['checkpoint dream.safetensors: no such file in any model folder'],
  },
  {
    what: 'another checkpoint of that name, which ComfyUI finds first',
    change: (scene) => shelf(scene, true, 'another'),
    alter: withShelf(true),
    grade: 'partial',
    says: [
      'checkpoint dream.safetensors: its content is in <path>/models/checkpoints/dream.safetensors, where ComfyUI loads another file of that name',
      'checkpoint dream.safetensors: ComfyUI loads <path>/shelf/dream.safetensors, which hides <path>/models/checkpoints/dream.safetensors',
    ],
  },
  {
    what: 'another checkpoint of that name, which ComfyUI finds last',
    change: (scene) => shelf(scene, false, 'another'),
    alter: withShelf(false),
    grade: 'full',
    says: [
      'checkpoint dream.safetensors: ComfyUI loads <path>/models/checkpoints/dream.safetensors, which hides <path>/shelf/dream.safetensors',
    ],
  },
  {
    what: 'checkpoint moved to a folder of extra_model_paths.yaml',
    change: (scene) => {
      shelf(scene, false, 'dream');
      scene.remove(dream);
    },
    alter: withShelf(false),
    grade: 'full',
    says: [],
  },
  {
    what: 'checkpoint cut short, as by a full disk',
    change: (scene) => scene.put(dream, safetensors('dream').subarray(0, 100)),
    grade: 'partial',
    says: ['checkpoint dream.safetensors: other content than *'],
  },
  {
    what: 'checkpoint emptied',
    change: (scene) => scene.put(dream, ''),
    grade: 'partial',
    says: ['checkpoint dream.safetensors: other content than *'],
  },
  {
    what: 'checkpoint replaced, and kept under another name',
    change: (scene) => {
      scene.move(dream, 'models/checkpoints/dream old.safetensors');
      scene.put(dream, safetensors('another'));
    },
    grade: 'full',
    says: [
      'checkpoint dream.safetensors: another file has this name now, its content is checkpoints/dream old.safetensors',
    ],
  },
  {
    what: 'two LoRAs swapped',
    change: (scene) => {
      scene.put(ink, safetensors('paper'));
      scene.put('models/loras/paper.safetensors', safetensors('ink'));
    },
    grade: 'full',
    says: [
      'LoRA ink.safetensors: another file has this name now, its content is loras/paper.safetensors',
      'LoRA paper.safetensors: another file has this name now, its content is loras/ink.safetensors',
    ],
  },
  {
    what: 'embedding replaced',
    change: (scene) => scene.put('models/embeddings/easy.safetensors', safetensors('hard')),
    grade: 'partial',
    says: ['embedding easy: other content than *'],
  },
  {
    what: 'embedding moved into a sub-folder, where ComfyUI finds it as well',
    change: (scene) => scene.move('models/embeddings/easy.safetensors', 'models/embeddings/sdxl/easy.safetensors'),
    grade: 'full',
    says: [],
  },
  {
    what: 'checkpoint touched, its content the same',
    change: (scene) => scene.put(dream, safetensors('dream')),
    grade: 'full',
    says: [],
  },
];
