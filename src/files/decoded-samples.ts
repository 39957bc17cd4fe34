import { spawn } from 'node:child_process';
import { reading } from './ffmpeg.js';

/** Frames one by one as RGBA, 8 bits each: what a screen would show. With times of our own none is left out or shown twice. */
const asFrames = ['-map', '0:V:0', '-vf', 'settb=1/25,setpts=N', '-r', '25', '-pix_fmt', 'rgba', '-f', 'rawvideo', '-'];
/** Samples from -1 to 1, channels in turn. */
const asSamples = ['-map', '0:a:0', '-c:a', 'pcm_f32le', '-f', 'f32le', '-'];
/** Bytes that are compared at once. */
const block = 1 << 18;

/**
 * The frames of the film in a file, in pairs with those of another of the same size; one that both have alike is left out.
 * @yields its place from 0 on, and the samples of both, RGBA, 8 bits each
 */
export function differingFrames(
  paths: Paths,
  size: { readonly width: number; readonly height: number },
  signal: AbortSignal,
) {
  return differing(paths, { args: asFrames, bytes: size.width * size.height * 4, signal });
}

/**
 * The sounds of two files in pairs of blocks; what both have alike is left out.
 * @yields blocks of 32-bit numbers, little-endian
 */
export function differingSamples(paths: Paths, signal: AbortSignal) {
  return differing(paths, { args: asSamples, bytes: block, signal });
}

type Paths = readonly [before: string, after: string];

interface Decoding {
  readonly args: readonly string[];
  readonly bytes: number;
  readonly signal: AbortSignal;
}

async function* differing([before, after]: Paths, decoding: Decoding) {
  const [first, second] = [chunks(before, decoding), chunks(after, decoding)];
  try {
    for (let at = 0; ; at++) {
      const [a, b] = await Promise.all([first.next(), second.next()]);
      if (a.done === true || b.done === true) return;
      if (!a.value.equals(b.value)) yield { at, before: a.value, after: b.value };
    }
  } finally {
    await first.return(undefined);
    await second.return(undefined);
  }
}

/** What ffmpeg writes, in pieces of one length; the last may be shorter. It is ended with whoever reads. */
async function* chunks(path: string, { args, bytes, signal }: Decoding): AsyncGenerator<Buffer, void, undefined> {
  const child = spawn('ffmpeg', [...reading(path), ...args], { stdio: ['ignore', 'pipe', 'ignore'], signal });
  child.on('error', () => {}); // then it writes nothing
  let [rest, length]: [Buffer[], number] = [[], 0];
  try {
    for await (const data of child.stdout as AsyncIterable<Buffer>) {
      rest.push(data);
      length += data.length;
      if (length < bytes) continue;
      const all = Buffer.concat(rest);
      const whole = length - (length % bytes);
      for (let at = 0; at < whole; at += bytes) yield all.subarray(at, at + bytes);
      [rest, length] = [[all.subarray(whole)], length - whole];
    }
    if (length > 0) yield Buffer.concat(rest);
  } finally {
    child.kill('SIGKILL');
  }
}
