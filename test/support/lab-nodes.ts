// The node classes of the recording machine, as far as the recordings need them.
import { readFileSync } from 'node:fs';
import {
  constant,
  type Inputs,
  imageOf,
  jsonOf,
  type NodeClass,
  numberOf,
  type SimulatedClass,
  textOf,
} from '../../src/comfyui/simulator/node-class.js';
import { files } from '../../src/comfyui/simulator/nodes/files.js';
import { loaders } from '../../src/comfyui/simulator/nodes/loaders.js';
import { PythonError } from '../../src/comfyui/simulator/python.js';
import type { Image, Value } from '../../src/comfyui/simulator/values.js';
import { type Json, type JsonObject, parseJson } from '../../src/workflow/json.js';

/** Lets a sleeping node go on, one step at a time: the test decides how far it is, not the clock. */
export interface Gate {
  readonly open: () => void;
  readonly pass: (signal: AbortSignal) => Promise<void>;
}

export function makeGate(): Gate {
  let permits = 0;
  let waiting: (() => void) | undefined;
  return {
    open: () => {
      permits++;
      waiting?.();
    },
    pass: (signal) =>
      new Promise((resolve) => {
        const look = () => {
          if (!signal.aborted && permits === 0) return;
          if (!signal.aborted) permits--;
          waiting = undefined;
          resolve();
        };
        waiting = look;
        signal.addEventListener('abort', look, { once: true });
        look();
      }),
  };
}

export function labClasses(gate: Gate): SimulatedClass[] {
  const text = readFileSync(new URL('../fixtures/comfyui/lab-object-info.json', import.meta.url), 'utf8');
  const interfaces = parseJson(text) as JsonObject;
  const classes: Record<string, NodeClass> = { ...plainClasses, LabSleep: sleeping(gate) };
  return Object.entries(classes).map(([name, behaviour]) => ({
    name,
    info: interfaces.get(name) as JsonObject,
    ...behaviour,
  }));
}

/** A loader that cannot make anything of the dummy checkpoint, as the real one. */
export function failingLoader(info: JsonObject): SimulatedClass {
  const { run } = loaders['CheckpointLoaderSimple'] as NodeClass;
  return {
    name: 'CheckpointLoaderSimple',
    info,
    run: (inputs, work) => {
      if (textOf(inputs, 'ckpt_name') !== 'dummy-a.safetensors') return run(inputs, work);
      const path = '<base>/models/checkpoints/dummy-a.safetensors';
      throw new PythonError('RuntimeError', `ERROR: Could not detect model type of: ${path}\n`);
    },
  };
}

const image = (width: number, level: number): Image => ({
  kind: 'image',
  width,
  height: 16,
  frames: [new Float32Array(width * 16 * 3).fill(level)],
});

const passOn = async (inputs: Inputs) => ({ outputs: [imageOf(inputs, 'image')] });

const plainClasses: Readonly<Record<string, NodeClass>> = {
  LabRaise: {
    run: async (inputs) => {
      throw new PythonError('ValueError', textOf(inputs, 'message'));
    },
  },
  LabText: {
    run: async (inputs) => {
      const items: Json[] = [1, 2.5, null, true, 's', new Map([['a', [1]]]), { lexeme: '18446744073709551615' }];
      return { outputs: [constant(textOf(inputs, 'text'))], ui: { text: [textOf(inputs, 'text')], lab_items: items } };
    },
  },
  LabListOut: {
    run: async (inputs) => {
      const count = numberOf(inputs, 'count');
      const pictures = Array.from({ length: count }, (_, at) => image(16 * (at + 1), (at + 1) / 10));
      return { outputs: [pictures, constant(count)] };
    },
  },
  LabListIn: {
    run: async () => ({ outputs: [] }),
    runOnLists: async (lists) => {
      const images = (lists.get('images') ?? []) as readonly Value[] as readonly Image[];
      const [label] = lists.get('label') ?? [];
      const named = label?.kind === 'constant' ? String(label.value) : '';
      const shapes = images.map(({ width, height }) => `(1, ${height}, ${width}, 3)`);
      return { outputs: [constant(images.length)], ui: { text: [`${named}=${images.length}`, ...shapes] } };
    },
  },
  LabV3: {
    run: async (inputs, work) => {
      const shown = await files['PreviewImage']?.run(new Map([['images', imageOf(inputs, 'image')]]), work);
      return { outputs: [imageOf(inputs, 'image')], ui: { ...shown?.ui, animated: [false] } };
    },
  },
  LabProgressText: {
    run: async (inputs, work) => {
      work.text(textOf(inputs, 'text'));
      return passOn(inputs);
    },
  },
  LabValidate: {
    validates: ['even'],
    validate: async (inputs) => {
      const even = inputs.get('even');
      return typeof even === 'number' && even % 2 === 0 ? undefined : `${String(even)} is odd`;
    },
    run: async (inputs) => ({ outputs: [constant(jsonOf(inputs, 'even'))] }),
  },
  LabIsChanged: {
    fingerprint: async (inputs) => {
      const mode = String(inputs.get('mode'));
      return mode === 'constant' ? 'same' : mode === 'time' ? performance.now() : { lexeme: 'NaN' };
    },
    run: async (inputs) => ({ outputs: [constant(jsonOf(inputs, 'color'))] }),
  },
  LabFloat: { run: passOn },
};

/** Sleeps in steps of 50 ms and tells a quarter of them; here every told step waits at the gate. */
function sleeping(gate: Gate): NodeClass {
  return {
    run: async (inputs, work) => {
      const steps = Math.max(1, Math.trunc(numberOf(inputs, 'seconds') / 0.05));
      const most = Math.min(steps, 4);
      const every = Math.max(1, Math.floor(steps / 4));
      for (let step = 1, told = 0; step <= steps; step++) {
        if (step % every !== 0) continue;
        told = Math.min(told + 1, most);
        await gate.pass(work.signal);
        await work.step(told, most);
      }
      await gate.pass(work.signal);
      return passOn(inputs);
    },
  };
}
