import { shellWord } from '../shell-word.js';
import type { Environment } from './state.js';

/** What brings a fact of the machine back to what a run had; `undefined` where nothing that can be typed does. */
export function environmentHint(field: keyof Environment, { torch, python, devices, arguments: words }: Environment) {
  if (field === 'torch' && torch !== undefined) return torchHint(torch);
  if (field === 'python' && python !== undefined)
    return `run ComfyUI in a virtual environment of Python ${python.split(' ')[0]}`;
  if (field === 'devices' && devices !== undefined) return 'the same samples come from the same kind of device only';
  if (field === 'arguments' && words !== undefined) return `start ComfyUI with ${argumentWords(words)}`;
  return undefined;
}

const argumentWords = (words: readonly string[]) =>
  words.length === 0 ? 'none of them' : `these: ${words.map(argumentWord).join(' ')}`;

/** Options begin with `-` here, and mean to. */
const argumentWord = (word: string) => (/^--[\w=.,-]+$/.test(word) ? word : shellWord(word));

/** Builds for CUDA, ROCm and the CPU (`2.9.1+cu130`) come from an index each (https://pytorch.org/get-started/locally). */
function torchHint(torch: string): string | undefined {
  const [, version, build] = /^([\d.]{1,20})(?:\+(cpu|cu\d{1,4}|rocm[\d.]{1,8}|xpu))?$/.exec(torch) ?? [];
  if (version === undefined) return /^[\w.+-]{1,40}$/.test(torch) ? `in ComfyUI's Python: torch ${torch}` : undefined;
  const index = build === undefined ? '' : ` --index-url https://download.pytorch.org/whl/${build}`;
  return `in ComfyUI's Python: pip install torch==${version}${index}`;
}

export const packageHint = (name: string, version: string) =>
  `in ComfyUI's Python: pip install ${shellWord(`${name}==${version}`)}`;
