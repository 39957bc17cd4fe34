import { picture, scenePrompt } from '../../support/scene.js';
import { answers, machine, nothing, type Row } from './row.js';

const pose = 'input/refs/pose.png';
const stats = (before: string, after: string) => answers('/system_stats', before, after);
const site = 'venv/lib/python3.11/site-packages';

export const inputRows: readonly Row[] = [
  {
    what: 'input edited',
    change: (scene) => scene.put(pose, picture(9)),
    grade: 'partial',
    says: ['input refs/pose.png: other content than *'],
  },
  {
    what: 'input deleted',
    change: (scene) => scene.remove(pose),
    grade: 'partial',
    says: ['input refs/pose.png: no such file'],
  },
  {
    what: 'input moved',
    change: (scene) => scene.move(pose, 'input/poses/standing.png'),
    grade: 'full',
    says: ["input refs/pose.png: no longer there, its content is poses/standing.png in ComfyUI's input folder"],
  },
  {
    what: 'input replaced, and kept under another name',
    change: (scene) => {
      scene.move(pose, 'input/refs/pose old.png');
      scene.put(pose, picture(9));
    },
    grade: 'full',
    says: [
      "input refs/pose.png: another file has this name now, its content is refs/pose old.png in ComfyUI's input folder",
    ],
  },
];

/** What is in the repository: git has it, and a recorded run has its own copy of the prompt. */
export const workflowRows: readonly Row[] = [
  {
    what: 'strength of a LoRA changed in the workflow',
    change: (scene) => scene.write('workflows/portrait.json', scenePrompt(0.5)),
    ...nothing,
  },
  {
    what: 'order of the LoRAs changed in the workflow',
    change: (scene) => scene.write('workflows/portrait.json', scenePrompt(0.8, ['paper', 'ink'])),
    ...nothing,
  },
  {
    what: 'lock moved to a replaced checkpoint: what is here is right for it, and not for the picture',
    change: (scene) => {
      scene.put('models/checkpoints/dream.safetensors', 'other');
      const digest = 'd9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa';
      const text = scene
        .read('comfy.lock')
        .replace(/(dream\.safetensors:\n)(?: {4}.*\n)+/, `$1    digest: sha256:${digest}\n    size: 5\n`);
      scene.write('comfy.lock', text);
    },
    ...nothing,
    record: { grade: 'partial', says: ['checkpoint dream.safetensors: other content than *'] },
  },
  {
    what: 'model in the lock that nobody has hashed',
    change: (scene) => {
      const unhashed = (text: string) =>
        text.replace(/(ink\.safetensors:\n) {4}digest: .*\n(.*\n) {4}tensors: .*\n/, '$1    digest: unhashed\n$2');
      scene.write('comfy.lock', unhashed(scene.read('comfy.lock')));
    },
    grade: 'approximate',
    says: ['LoRA ink.safetensors: same size, not hashed yet'],
    record: nothing,
  },
];

export const machineRows: readonly Row[] = [
  machine(
    'another version of torch',
    stats('2.9.1+simulated', '2.10.0+simulated'),
    "torch: the record's is 2.9.1+simulated, here it is 2.10.0+simulated",
  ),
  machine(
    'another build of the same torch',
    stats('2.9.1+simulated', '2.9.1+cu130'),
    "torch: the record's is 2.9.1+simulated, here it is 2.9.1+cu130",
  ),
  machine(
    'another GPU',
    stats('simulated (no model runs here)', 'cuda:0 NVIDIA GeForce RTX 4090'),
    "devices: the record's is simulated (no model runs here), here it is cuda:0 NVIDIA GeForce RTX 4090",
  ),
  machine(
    'another Python',
    stats('3.11.7 (simulated)', '3.11.9 (simulated)'),
    "Python: the record's is 3.11.7 (simulated), here it is 3.11.9 (simulated)",
  ),
  machine(
    'another operating system',
    stats('"linux"', '"win32"'),
    "operating system: the record's is linux, here it is win32",
  ),
  machine(
    'a flag of the server more',
    stats('"--simulated"', '"--simulated", "--fast"'),
    "server arguments: the record's is --cpu, --simulated, here it is --cpu, --simulated, --fast",
  ),
  machine(
    'a flag of the server less',
    stats('"--cpu", ', ''),
    "server arguments: the record's is --cpu, --simulated, here it is --simulated",
  ),
  {
    what: 'server on another port, from another folder',
    alter: stats('"--base-directory"', '"--port", "9999", "--base-directory"'),
    ...nothing,
  },
  {
    what: 'less free memory',
    alter: stats('4294967296', '1000000'),
    ...nothing,
  },
  {
    what: 'Python package updated',
    change: (scene) => scene.move(`${site}/numpy-2.1.0.dist-info`, `${site}/numpy-2.2.0.dist-info`),
    ...nothing,
    record: { grade: 'approximate', says: ["package numpy: the record's is 2.1.0, here it is 2.2.0"] },
  },
  {
    what: 'Python package uninstalled',
    change: (scene) => scene.remove(`${site}/numpy-2.1.0.dist-info`),
    ...nothing,
    record: { grade: 'approximate', says: ["package numpy: the record's is 2.1.0, here it is not installed"] },
  },
];

export const severalRows: readonly Row[] = [
  {
    what: 'three weeks: checkpoint replaced, LoRA renamed, pack updated, workflow edited',
    change: (scene) => {
      scene.put('models/checkpoints/dream.safetensors', 'another');
      scene.move('models/loras/ink.safetensors', 'models/loras/tidy/ink.safetensors');
      scene.put('custom_nodes/Clone/__init__.py', '# other\n');
      scene.git('custom_nodes/Clone', 'commit', '--quiet', '--all', '-m', 'update');
      scene.write('workflows/portrait.json', scenePrompt(0.5));
    },
    grade: 'partial',
    says: [
      'checkpoint dream.safetensors: other content than *',
      'LoRA ink.safetensors: not under this name, its content is loras/tidy/ink.safetensors',
      'pack Clone: * is <id>, here it is <id>',
    ],
  },
];
