import { type Difference, difference } from '../lock/drift.js';
import type { DriftCode } from '../lock/drift-rules.js';
import { environmentHint, packageHint } from './environment-hints.js';
import { onProcessor } from './environment-values.js';
import type { Environment } from './state.js';

const words = {
  python: 'Python',
  torch: 'torch',
  os: 'operating system',
  devices: 'devices',
  driver: 'driver',
  cuda: 'CUDA',
  rocm: 'ROCm',
  cudnn: 'cuDNN',
  cpu: 'processor',
  arguments: 'server arguments',
} as const;

const codes = {
  python: 'python-changed',
  torch: 'torch-changed',
  os: 'system-changed',
  devices: 'device-changed',
  driver: 'driver-changed',
  cuda: 'driver-changed',
  rocm: 'driver-changed',
  cudnn: 'driver-changed',
  cpu: 'device-changed',
  arguments: 'arguments-changed',
} as const satisfies Readonly<Record<keyof typeof words, DriftCode>>;

/**
 * What of the machine differs from the machine of a run. A field that the run did not capture says nothing; memory that happens to be free
 * and the like are no part of an environment.
 */
export function environmentDrift(expected: Environment, observed: Environment | undefined): Difference[] {
  if (observed === undefined) {
    return [difference('environment-unchecked', 'environment', 'environment: not checked here, no server answers')];
  }
  const fields = Object.keys(words) as (keyof typeof words)[];
  return [
    ...fields.flatMap((field) => fieldDrift(field, expected, observed)),
    ...flagDrift(expected, observed),
    ...packageDrift(expected, observed),
  ];
}

/** What is known of a machine, each fact with its name for people. */
export function environmentFacts(environment: Environment): Map<string, string> {
  const fields = Object.keys(words) as (keyof typeof words)[];
  const named = fields.map((field) => [words[field], textOf(environment[field])] as const);
  const packages = Object.entries(environment.packages ?? {}).map(
    ([name, version]) => [`package ${name}`, version] as const,
  );
  const flags = Object.entries(environment.flags ?? {}).filter(([name]) => name !== 'vram_state');
  return new Map(
    [...named, ...flags, ...packages].flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])),
  );
}

function fieldDrift(field: keyof typeof words, expected: Environment, observed: Environment): Difference[] {
  const was = textOf(expected[field]);
  const is = textOf(observed[field]);
  if (was === undefined || was === is || isIdle(field, expected)) return [];
  // Without the capture pack a server does not tell it, and that is no difference.
  if (is === undefined && packOnly.has(field)) return [];
  const text = `${words[field]}: the record's is ${was}, here it is ${is ?? 'not known'}`;
  return [difference(codes[field], field, text, environmentHint(field, expected))];
}

/** Only the capture pack tells these. */
const packOnly: ReadonlySet<string> = new Set(['driver', 'cuda', 'rocm', 'cudnn', 'cpu']);

/** A processor does not matter where a GPU computes, nor a GPU's libraries where the processor does. */
const isIdle = (field: string, expected: Environment) =>
  packOnly.has(field) && (field === 'cpu') !== onProcessor(expected);

/** What torch and ComfyUI were set to, each flag that both captured. */
function flagDrift({ flags: before = {} }: Environment, { flags: now }: Environment): Difference[] {
  if (now === undefined) return [];
  return Object.entries(before)
    .filter(([name, value]) => name !== 'vram_state' && now[name] !== value)
    .map(([name, value]) => {
      const text = `${name}: the record's is ${value}, here it is ${now[name] ?? 'not known'}`;
      return difference('flag-changed', name, text);
    });
}

const textOf = (value: string | readonly string[] | undefined) =>
  value === undefined || typeof value === 'string' ? value : value.length === 0 ? 'none' : value.join(', ');

function packageDrift(expected: Environment, observed: Environment): Difference[] {
  if (expected.packages === undefined || observed.packages === undefined) return [];
  const before = new Map(Object.entries(expected.packages));
  const now = new Map(Object.entries(observed.packages));
  return [...before]
    .filter(([name, version]) => now.get(name) !== version)
    .map(([name, version]) => {
      const here = now.get(name) ?? 'not installed';
      const text = `package ${name}: the record's is ${version}, here it is ${here}`;
      return difference('package-changed', name, text, packageHint(name, version));
    });
}
