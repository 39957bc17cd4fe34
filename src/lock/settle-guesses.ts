import { byCodePoint } from '../workflow/json.js';
import type { Lock, WorkflowNeeds } from './entries.js';
import { addNeed, type ModelNeed, unknownFolder } from './model-needs.js';
import { splitModelKey } from './model-words.js';
import type { Needs } from './needs.js';

/**
 * Gives models whose folder is guessed the one that the lock has for them (another machine may have had a server to ask), or that another
 * workflow is certain of. They stay guesses. The lock that is made of the outcome settles them the same way: of several folders the first one by name counts.
 */
export function settleGuesses(needs: Needs, lock: Lock): Needs {
  const settled = renamedKeys(needs, lock);
  if (settled.size === 0) return needs;
  const rename = (key: string) => settled.get(key) ?? key;
  const models = new Map<string, ModelNeed>();
  for (const [key, need] of needs.models) addNeed(models, rename(key), need);
  const renamed = ({ models: keys, ...rest }: WorkflowNeeds) => ({
    ...rest,
    models: [...new Set(keys.map(rename))].sort(byCodePoint),
  });
  return { ...needs, models, workflows: new Map([...needs.workflows].map(([path, used]) => [path, renamed(used)])) };
}

function renamedKeys(needs: Needs, lock: Lock): Map<string, string> {
  const certain = [...needs.models].filter(([, { guess }]) => !guess).map(([key]) => key);
  const known = keysByName([...certain, ...lock.models.keys()]);
  // Another guess is better than none.
  const guessed = keysByName(needs.models.keys());
  const settled = new Map<string, string>();
  for (const [key, { guess }] of needs.models) {
    const { folder, name } = splitModelKey(key);
    if (!guess || (folder !== unknownFolder && lock.models.has(key))) continue;
    const better = known.get(name) ?? (folder === unknownFolder ? guessed.get(name) : undefined);
    if (better !== undefined && better !== key) settled.set(key, better);
  }
  return settled;
}

function keysByName(keys: Iterable<string>): Map<string, string> {
  const byName = new Map<string, string>();
  for (const key of [...keys].sort(byCodePoint)) {
    const { folder, name } = splitModelKey(key);
    if (folder !== unknownFolder && !byName.has(name)) byName.set(name, key);
  }
  return byName;
}
