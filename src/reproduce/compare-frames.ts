import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkInterrupted } from '../errors.js';
import { type DecodedFrame, type DecodedStream, decodedFrames } from '../files/decoded-frames.js';
import type { Metrics } from '../image/metrics.js';
import { measuredWords } from '../lineage/measured-words.js';
import { measureFilm, measureSound } from './measure-decoded.js';

/** What comparing two films, sounds or pictures by what ffmpeg decodes of them found. */
export interface FrameComparison {
  /** In words. */
  readonly text: string;
  /** Of films that have the same sound: of the frame that differs most. Absent where sounds or lengths differ. */
  readonly metrics?: Metrics;
}

/** Why there is no such comparison. */
export interface NotDecoded {
  readonly notDecoded: string;
}

/**
 * Compares files that are not decoded here by what ffmpeg decodes of them.
 * @throws Interrupted
 */
export async function compareFrames(
  before: Uint8Array,
  after: Uint8Array,
  signal: AbortSignal,
): Promise<FrameComparison | NotDecoded> {
  const folder = await mkdtemp(join(tmpdir(), 'git-comfy-frames-'));
  const paths = [join(folder, 'before'), join(folder, 'after')] as const;
  try {
    await writeFile(paths[0], before);
    const a = await decodedFrames(paths[0], signal);
    if (typeof a === 'string') return { notDecoded: whyNot[a] };
    await writeFile(paths[1], after);
    const b = await decodedFrames(paths[1], signal);
    return typeof b === 'string' ? { notDecoded: whyNot[b] } : await compared(paths, a, b, signal);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    checkInterrupted(signal);
  }
}

const whyNot = {
  'no-ffmpeg': 'with ffmpeg on PATH films, sounds and other pictures would be',
  'not-decoded': 'ffmpeg can make nothing of it',
} as const;

type Streams = readonly DecodedStream[];

async function compared(
  paths: readonly [string, string],
  before: Streams,
  after: Streams,
  signal: AbortSignal,
): Promise<FrameComparison> {
  const [was, is] = [shapeOf(before), shapeOf(after)];
  if (was !== is) {
    return { text: `decoded by ffmpeg: ${was} then, ${is} now`, metrics: { comparable: false, equal: false } };
  }
  const found = before.map((stream, at) => streamDifference(stream, after[at] ?? stream));
  const text = `decoded by ffmpeg: ${found.map(wordsOf).join('; ')}`;
  if (found.every(isSame)) return { text, metrics: { comparable: true, equal: true } };
  const more = await measured(paths, found, signal);
  return { ...more, text: [text, ...(more?.text === undefined ? [] : [more.text])].join('; ') };
}

const shapeOf = (streams: Streams) => streams.map(({ kind, shape }) => `${names[kind]} of ${shape}`).join(' and ');

const names = { video: 'pictures', audio: 'a sound' } as const;

interface StreamDifference extends Pick<DecodedStream, 'kind' | 'shape'> {
  readonly counts: readonly [before: number, after: number];
  readonly differing: number;
  /** The same frames, at other times. */
  readonly moved: boolean;
}

/** What rounding to the time base of a container does; milliseconds. */
const sameTime = 1;

function streamDifference(before: DecodedStream, after: DecodedStream): StreamDifference {
  const { kind, shape } = before;
  const [a, b] = [before.frames, after.frames];
  const differing = a.filter(({ hash }, at) => hash !== b[at]?.hash).length;
  return { kind, shape, counts: [a.length, b.length], differing, moved: areMoved(a, b) };
}

const areMoved = (before: readonly DecodedFrame[], after: readonly DecodedFrame[]) =>
  before.some(({ at }, index) => Math.abs(at - (after[index]?.at ?? at)) > sameTime);

const isSame = ({ counts: [before, after], differing, moved }: StreamDifference) =>
  before === after && differing === 0 && !moved;

function wordsOf({ kind, counts: [before, after], differing, moved }: StreamDifference): string {
  const [one, many] = kind === 'video' ? ['frame', 'frames'] : ['block of sound', 'blocks of sound'];
  const of = (count: number) => `${count} ${count === 1 ? one : many}`;
  if (before !== after) return `${of(before)} then, ${after} now`;
  const single = differing === 0 ? `the ${one} is the same` : `the ${one} differs`;
  const several =
    differing === 0
      ? `all ${of(before)} are the same`
      : `${differing} of ${of(before)} ${differing === 1 ? 'differs' : 'differ'}`;
  return `${before === 1 ? single : several}${moved ? ', and they come at other times' : ''}`;
}

/** Where one film and at most one sound are equally long: by how much they differ. */
async function measured(
  paths: readonly [string, string],
  found: readonly StreamDifference[],
  signal: AbortSignal,
): Promise<FrameComparison | undefined> {
  const [film, ...films] = found.filter(({ kind }) => kind === 'video');
  const [sound, ...sounds] = found.filter(({ kind }) => kind === 'audio');
  const isLevel = found.every(({ counts: [before, after], moved }) => before === after && !moved);
  if (!isLevel || films.length > 0 || sounds.length > 0) return undefined;
  if (sound !== undefined && sound.differing > 0) {
    const { largest, psnr } = await measureSound(paths, signal);
    return { text: `the sound by at most ${largest.toPrecision(2)} of full scale, PSNR ${psnr.toFixed(1)} dB there` };
  }
  const worst = film === undefined ? undefined : await measureFilm(paths, film.shape, signal);
  if (film === undefined || worst === undefined) return undefined;
  const which = film.counts[0] === 1 ? '' : `frame ${worst.at + 1} most: `;
  const words = worst.metrics.largest === 0 ? 'by less than 8 bits a sample show' : measuredWords(worst.metrics);
  return { text: `${which}${words}`, metrics: worst.metrics };
}
