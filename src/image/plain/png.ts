import { isPng } from '../png-chunks.js';

/** What a picture or animation needs to look as it does (W3C PNG, 11.2 and 11.3); everything else is text, times and what programs left. */
const looks = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

/** A PNG without what is embedded in it, prompt and workflow above all; other files as they are. */
export function plainPng(bytes: Uint8Array): Uint8Array {
  if (!isPng(bytes)) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (looks.has(type)) kept.push(bytes.subarray(at, Math.min(end, bytes.length)));
    at = end;
  }
  return Buffer.concat(kept);
}
