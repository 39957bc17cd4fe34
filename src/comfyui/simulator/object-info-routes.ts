import type { JsonObject } from '../../workflow/json.js';
import { currentInfo } from './interfaces.js';
import type { Classes } from './node-class.js';
import { json, type Reply } from './reply.js';
import type { Simulation } from './simulation.js';

/** Interfaces of all classes, or of one; a class that is not there gives an empty object. */
export async function objectInfo({ classes, base }: Simulation, name?: string): Promise<Reply> {
  const found: JsonObject = new Map();
  for (const [known, { info }] of classes) {
    if (name === undefined || name === known) found.set(known, await currentInfo(info, base));
  }
  return json(found);
}

/** The classes with their combos as the disk fills them now, for validation. */
export async function currentClasses({ classes, base }: Simulation): Promise<Classes> {
  const current = [...classes].map(
    async ([name, found]) => [name, { ...found, info: await currentInfo(found.info, base) }] as const,
  );
  return new Map(await Promise.all(current));
}
