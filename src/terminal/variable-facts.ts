import type { Origin, Value, Variable, VariableKey } from '../lineage/account.js';
import type { Fact } from './facts.js';
import { duration } from './units.js';

/** Sections in the order of product.md's table. */
export const sections: readonly { readonly title: string; readonly keys: readonly VariableKey[] }[] = [
  {
    title: 'Parameters',
    keys: [
      'positive',
      'negative',
      'seed',
      'cfg',
      'steps',
      'sampler',
      'scheduler',
      'denoise',
      'resolution',
      'checkpoint',
    ],
  },
  { title: 'Files and code', keys: ['models', 'vae', 'loras', 'control', 'embeddings', 'inputs', 'packs', 'comfyui'] },
  {
    title: 'Environment',
    keys: ['python', 'packages', 'gpu', 'vram', 'driver', 'os', 'determinism', 'arguments', 'tokenizer'],
  },
  { title: 'Run', keys: ['start', 'duration', 'server', 'batch', 'order', 'cached', 'output'] },
];

/** Facts of a section: values first, then what is not captured, a reason a line. `usual` is the origin that the section's title names. */
export function sectionFacts(variables: readonly Variable[], usual: Origin | undefined, width: number): Fact[] {
  const facts = variables.filter(isCaptured).flatMap((variable) => variableFacts(variable, usual, width));
  const reasons = new Map<string, string[]>();
  for (const { label, notCaptured } of variables) {
    if (notCaptured !== undefined) reasons.set(notCaptured, [...(reasons.get(notCaptured) ?? []), label]);
  }
  const missing = [...reasons].map(([why, labels]): Fact => {
    return { label: 'not captured', text: `${labels.join(', ')}, because ${why}`, style: 'yellow' };
  });
  return [...facts, ...missing];
}

const isCaptured = ({ notCaptured }: Variable) => notCaptured === undefined;

/** One fact a value. */
export function variableFacts(variable: Variable, usual: Origin | undefined, width: number): Fact[] {
  const { label, values, origin, notCaptured } = variable;
  if (notCaptured !== undefined) return [{ label, text: `not captured, because ${notCaptured}`, style: 'yellow' }];
  const known = origin === usual || origin === undefined || values[0]?.text === 'none';
  const from = known ? '' : `  (${originWords[origin]})`;
  return values.map((value, at) => ({
    label: at === 0 ? label : '',
    text: `${valueText(variable, value, width)}${from}`,
    ...(value.notCaptured === undefined ? {} : { style: 'yellow' as const }),
  }));
}

export const originWords: Readonly<Record<Origin, string>> = {
  'executed prompt': 'from the executed prompt',
  'embedded data': 'from the data embedded in the file',
  disk: 'read on disk at the run',
  server: 'as the server told it',
  run: 'from the messages of the run',
  output: 'from the output itself',
  'capture pack': 'from the capture pack',
};

/** A value with its hash, its node where there are several, and why its hash is missing. */
export function valueText({ key, values }: Variable, value: Value, width: number): string {
  const several = new Set(values.map(({ node }) => node)).size > 1;
  const parts = [plainWords(key, value.text)];
  if (value.digest !== undefined) parts.push(shortDigest(value.digest, width));
  if (value.node !== undefined && several) parts.push(`(${value.node})`);
  if (value.notCaptured !== undefined)
    parts.push(`${hashed.has(key) ? 'hash ' : ''}not captured, because ${value.notCaptured}`);
  return parts.filter((part) => part !== '').join('  ');
}

function plainWords(key: VariableKey, text: string): string {
  if (key === 'duration') return duration(Number.parseFloat(text));
  return key === 'start' ? `${text.slice(0, 19).replace('T', ' ')} UTC` : text;
}

const hashed: ReadonlySet<VariableKey> = new Set(['models', 'loras', 'control', 'embeddings', 'inputs']);

/** Whole where there is room, else enough to tell files apart; `--json` has all of it. */
const shortDigest = (digest: string, width: number) =>
  width >= 120 ? digest : digest.replace(/^((?:sha256:)?[0-9a-f]{12})[0-9a-f]+$/, '$1');

/** The origin that most values of a section share; that there is `none` of something is no value. */
export function usualOrigin(variables: readonly Variable[]): Origin | undefined {
  const counts = new Map<Origin, number>();
  for (const { origin, values } of variables) {
    const told = values.filter(({ text }) => text !== 'none').length;
    if (origin !== undefined && told > 0) counts.set(origin, (counts.get(origin) ?? 0) + told);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
