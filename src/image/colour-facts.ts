import { isPng, pngChunks } from './png-chunks.js';

/** What a PNG says about how its samples are to be shown; comparing goes by the samples as stored. */
export type ColourFacts = ReadonlyMap<string, string>;

/** @throws InputError where the file is damaged */
export function colourFacts(bytes: Uint8Array): ColourFacts {
  const facts = new Map<string, string>();
  if (!isPng(bytes)) return facts;
  for (const { type, data } of pngChunks(bytes)) {
    if (type === 'IDAT') break;
    const fact = readers[type]?.(Buffer.from(data));
    if (fact !== undefined) facts.set(...fact);
  }
  return facts;
}

const readers: Readonly<Record<string, (data: Buffer) => [string, string] | undefined>> = {
  gAMA: (data) => (data.length === 4 ? ['gamma', (data.readUInt32BE() / 100_000).toString()] : undefined),
  sRGB: (data) => ['sRGB', `rendering intent ${data[0] ?? 'unknown'}`],
  iCCP: (data) => ['colour profile', data.toString('latin1', 0, Math.max(0, data.indexOf(0))).slice(0, 79)],
  cICP: (data) => ['coding points', [...data.subarray(0, 4)].join('/')],
};

/** Where two files ask to be shown differently, a line each. */
export function colourNotes(a: Uint8Array, b: Uint8Array): string[] {
  const [before, after] = [colourFacts(a), colourFacts(b)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map(
      (name) =>
        `${name}: ${before.get(name) ?? 'none'} -> ${after.get(name) ?? 'none'}; samples are compared as they are stored`,
    );
}
