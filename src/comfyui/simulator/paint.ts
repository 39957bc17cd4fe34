import { createHash } from 'node:crypto';

/** One key out of several parts; no two lists of parts share one. */
export function keyOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex');
}

/** Numbers from 0 to below 1, the same for the same key on every machine (sfc32, seeded with a SHA-256). */
export function randomFrom(key: string): () => number {
  const seed = createHash('sha256').update(key).digest();
  let a = seed.readUInt32LE(0);
  let b = seed.readUInt32LE(4);
  let c = seed.readUInt32LE(8);
  let d = seed.readUInt32LE(12);
  return () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

interface Wave {
  readonly x: number;
  readonly y: number;
  readonly phase: number;
  /** How much of it each of the three channels gets. */
  readonly weights: readonly [number, number, number];
}

/**
 * A soft pattern of three channels, about -1 to 1: a few waves across the picture, drawn from the key. `turns` is how many of them
 * fit into the picture at most: few make a composition, many make detail. The same key gives the same pattern at every size.
 */
export function pattern(key: string, width: number, height: number, turns = 3): Float32Array {
  const random = randomFrom(key);
  const signed = () => random() * 2 - 1;
  const waves: Wave[] = Array.from({ length: 6 }, () => ({
    x: signed() * turns * 2 * Math.PI,
    y: signed() * turns * 2 * Math.PI,
    phase: random() * 2 * Math.PI,
    weights: [signed(), signed(), signed()],
  }));
  const out = new Float32Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      for (const { x, y, phase, weights } of waves) {
        const level = Math.sin((x * (column + 0.5)) / width + (y * (row + 0.5)) / height + phase) / 2;
        out[at] = (out[at] ?? 0) + level * weights[0];
        out[at + 1] = (out[at + 1] ?? 0) + level * weights[1];
        out[at + 2] = (out[at + 2] ?? 0) + level * weights[2];
      }
    }
  }
  return out;
}

/** Adds `amount` of one pattern to another, in place. */
export function add(target: Float32Array, source: Float32Array, amount: number): void {
  for (let at = 0; at < target.length; at++) target[at] = (target[at] ?? 0) + amount * (source[at] ?? 0);
}

/** Bends every value towards -1..1, in place: what is added before and what is added after are not the same. */
export function bend(target: Float32Array): void {
  for (let at = 0; at < target.length; at++) target[at] = Math.tanh(target[at] ?? 0);
}
