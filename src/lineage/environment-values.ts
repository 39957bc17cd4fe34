import type { Value } from './account.js';
import { freezeDigest } from './freeze.js';
import type { Environment } from './state.js';

// What `show` says of a machine: each variable of tier 3 as a few words.

export const texts = (...words: (string | undefined)[]): Value[] =>
  words.flatMap((text) => (text === undefined || text === '' ? [] : [{ text }]));

/** Packages that are known to change pictures; the others are in the digest. */
const named = [
  'torchvision',
  'xformers',
  'flash-attn',
  'sageattention',
  'triton',
  'transformers',
  'tokenizers',
  'numpy',
];

/** Those that matter most by name, then all of them in one digest. */
export function packageValues({ torch, packages }: Environment): Value[] {
  const first = texts(torch === undefined ? undefined : `torch ${torch}`);
  if (packages === undefined) return first;
  const listed = named.filter((name) => packages[name] !== undefined).map((name) => `${name} ${packages[name]}`);
  const count = Object.keys(packages).length;
  return [...first, ...texts(listed.join(', ')), { text: `${count} in all`, digest: freezeDigest(packages) }];
}

export function memoryValues({ vramTotal, flags }: Environment): Value[] {
  const state = flags?.['vram_state'];
  const size = vramTotal === undefined ? undefined : `${(vramTotal / 2 ** 30).toFixed(1)} GiB`;
  return texts(
    state === undefined || size === undefined
      ? size
      : `${size}, VRAM state ${state.toLowerCase().replaceAll('_', ' ')}`,
  );
}

/** A processor needs no driver, and what torch was built for does not matter to it. */
export function driverValues(environment: Environment): Value[] {
  const { driver, cuda, rocm, cudnn, pack } = environment;
  if (pack !== undefined && onProcessor(environment)) return texts('none: the processor did it');
  if (driver === undefined) return [];
  const built = [cuda && `CUDA ${cuda}`, rocm && `ROCm ${rocm}`, cudnn && `cuDNN ${cudnn}`];
  return texts(driver, built.filter(Boolean).join(', '));
}

/** Whether no GPU took part. */
export const onProcessor = ({ devices }: Environment): boolean =>
  devices !== undefined && devices.length > 0 && devices.every((name) => /^cpu\b/.test(name));

const memory = ['vram_state'];
const threads = ['threads', 'interop_threads'];
const arithmetic = ['attention', 'fp16', 'bf16', 'vae_dtype', 'text_encoder_dtype'];

/** What decides the arithmetic, what decides whether it is the same each time, and how many threads share it: a line each. */
export function flagValues({ flags = {} }: Environment): Value[] {
  const rest = Object.keys(flags).filter((name) => ![...memory, ...threads, ...arithmetic].includes(name));
  return [arithmetic, rest, threads].flatMap((names) => {
    const known = names.filter((name) => flags[name] !== undefined);
    return texts(known.map((name) => `${name} ${flags[name]}`).join(', '));
  });
}

/** An empty list is an answer: the server was started with defaults. */
export function argumentValues({ arguments: words }: Environment): Value[] {
  if (words === undefined) return [];
  return [{ text: words.length === 0 ? 'defaults' : words.join(' ') }];
}

export function tokenizerValues({ packages = {} }: Environment): Value[] {
  const known = ['tokenizers', 'transformers', 'sentencepiece'].filter((name) => packages[name] !== undefined);
  return texts(known.map((name) => `${name} ${packages[name]}`).join(', '));
}
