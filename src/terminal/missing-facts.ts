import type { Variable, VariableKey } from '../lineage/account.js';
import type { Fact } from './facts.js';

/** Why something is missing -> what is missing for that. */
export type Reasons = ReadonlyMap<string, readonly string[]>;

/** Why things are missing, with what is missing for that: whole variables, and hashes or commits where several share the reason. */
export function sharedReasons(variables: readonly Variable[]): Reasons {
  const whole = new Map<string, string[]>();
  const parts = new Map<string, string[]>();
  const note = (reasons: Map<string, string[]>, why: string, what: string) => {
    const known = reasons.get(why) ?? [];
    if (!known.includes(what)) reasons.set(why, [...known, what]);
  };
  for (const { key, label, values, notCaptured } of variables) {
    if (notCaptured !== undefined) note(whole, notCaptured, label);
    for (const value of values) {
      if (value.notCaptured !== undefined) note(parts, value.notCaptured, `${missingPart(key)}of ${label}`);
    }
  }
  for (const [why, labels] of parts) {
    if (labels.length > 1 || whole.has(why)) whole.set(why, [...labels, ...(whole.get(why) ?? [])]);
  }
  return whole;
}

/** Reasons that hold in several sections; who reads a picture without a record reads them once. */
export function reasonsOfSeveral(sections: readonly (readonly Variable[])[]): Reasons {
  const each = sections.map(sharedReasons);
  const all = sharedReasons(sections.flat());
  return new Map([...all].filter(([why]) => each.filter((reasons) => reasons.has(why)).length > 1));
}

/** One line a reason. */
export const missingFacts = (reasons: Iterable<readonly [string, readonly string[]]>): Fact[] =>
  [...reasons].map(([why, labels]) => ({
    label: 'not captured',
    text: `${labels.join(', ')}, because ${why}`,
    style: 'yellow',
  }));

/** What of a value is missing where its name is known. */
export function missingPart(key: VariableKey): string {
  if (hashed.has(key)) return 'hash ';
  return versioned.has(key) ? 'commit ' : key === 'packages' ? 'versions ' : '';
}

const versioned: ReadonlySet<VariableKey> = new Set(['packs', 'comfyui']);

const hashed: ReadonlySet<VariableKey> = new Set(['models', 'loras', 'control', 'embeddings', 'inputs']);
