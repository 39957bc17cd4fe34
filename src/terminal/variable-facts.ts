import { type Origin, parameterKeys, type Value, type Variable, type VariableKey } from '../lineage/account.js';
import type { Fact } from './facts.js';
import { missingFacts, missingPart, type Reasons, sharedReasons } from './missing-facts.js';
import { duration } from './units.js';

/** Sections in the order of product.md's table. */
export const sections: readonly { readonly title: string; readonly keys: readonly VariableKey[] }[] = [
  {
    title: 'Parameters',
    keys: parameterKeys,
  },
  { title: 'Files and code', keys: ['models', 'vae', 'loras', 'control', 'embeddings', 'inputs', 'packs', 'comfyui'] },
  {
    title: 'Environment',
    keys: ['python', 'packages', 'gpu', 'vram', 'driver', 'os', 'determinism', 'arguments', 'tokenizer'],
  },
  { title: 'Run', keys: ['start', 'duration', 'server', 'batch', 'order', 'cached', 'output'] },
];

/**
 * Facts of a section: values first, then what is not captured, a reason a line.
 * @param usual the origin that the section's title names
 * @param elsewhere reasons that are told for several sections at once
 */
export function sectionFacts(
  variables: readonly Variable[],
  usual: Origin | undefined,
  width: number,
  elsewhere: Reasons,
): Fact[] {
  const own = sharedReasons(variables);
  const told = new Map([...own, ...elsewhere]);
  const facts = variables.filter(isCaptured).flatMap((variable) => variableFacts(variable, usual, width, told));
  return [...facts, ...missingFacts([...own].filter(([why]) => !elsewhere.has(why)))];
}

const isCaptured = ({ notCaptured }: Variable) => notCaptured === undefined;

/** One fact a value; a reason that is told once for the section is not told again. */
export function variableFacts(
  variable: Variable,
  usual: Origin | undefined,
  width: number,
  told: Reasons = new Map(),
): Fact[] {
  const { label, values, origin, notCaptured } = variable;
  if (notCaptured !== undefined) return [{ label, text: `not captured, because ${notCaptured}`, style: 'yellow' }];
  const known = origin === usual || origin === undefined || values[0]?.text === 'none';
  const from = known ? '' : `  (${originWords[origin]})`;
  return values.map((value, at) => ({
    label: at === 0 ? label : '',
    text: `${valueText(variable, value, width, told)}${at === values.length - 1 ? from : ''}`,
    ...(value.notCaptured === undefined || told.has(value.notCaptured) ? {} : { style: 'yellow' as const }),
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
  user: 'as you gave it',
};

/** A value with its hash, its node where there are several, and why its hash is missing. */
function valueText({ key, values }: Variable, value: Value, width: number, told: Reasons): string {
  const several = !named.has(key) && new Set(values.map(({ node }) => node)).size > 1;
  const parts = [plainWords(key, value.text)];
  if (value.digest !== undefined) parts.push(shortDigest(value.digest, width));
  if (value.node !== undefined && several) parts.push(`(${value.node})`);
  if (value.notCaptured !== undefined && !told.has(value.notCaptured)) {
    parts.push(`${missingPart(key)}not captured, because ${value.notCaptured}`);
  }
  return parts.filter((part) => part !== '').join('  ');
}

function plainWords(key: VariableKey, text: string): string {
  if (key === 'duration') return duration(Number.parseFloat(text));
  return key === 'start' ? `${text.slice(0, 19).replace('T', ' ')} UTC` : text;
}

/** What a file or a node is called says enough; which node loads it is in `--json`. */
const named: ReadonlySet<VariableKey> = new Set(['models', 'loras', 'control', 'checkpoint']);

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
