import { execFile } from 'node:child_process';
import { reading } from './ffmpeg.js';

/** Longer films are not decoded here. */
const patience = 600_000;
const maxOutput = 256 * 1024 * 1024;

/** One film or sound of a file, decoded. */
export interface DecodedStream {
  readonly kind: 'video' | 'audio';
  /** `512x512`; of a sound `44100 Hz, stereo`. */
  readonly shape: string;
  /** Frames of a film; of a sound blocks of 4096 samples. */
  readonly frames: readonly DecodedFrame[];
}

export interface DecodedFrame {
  /** SHA-256 of its samples, as precise as the file has them. */
  readonly hash: string;
  /** Milliseconds from the begin. */
  readonly at: number;
}

/** Blocks of sound end elsewhere in each container; in samples of 64 bits nothing is rounded, whatever a decoder gives. */
const sound = ['-af', 'asetnsamples=n=4096:p=0', '-c:a', 'pcm_f64le'];

/** A picture of the cover of a sound is no film. */
const films = '0:V?';
const sounds = '0:a?';

/**
 * The decoded frames and blocks of samples of a file, by the ffmpeg of this machine (its framehash muxer).
 * @returns `no-ffmpeg` where there is none on PATH, `not-decoded` where it can make nothing of the file
 */
export function decodedFrames(
  path: string,
  signal: AbortSignal,
): Promise<readonly DecodedStream[] | 'no-ffmpeg' | 'not-decoded'> {
  const wanted = ['-map', films, '-map', sounds, ...sound, '-f', 'framehash', '-hash', 'sha256', '-'];
  const options = { signal, timeout: patience, maxBuffer: maxOutput };
  return new Promise((done) => {
    execFile('ffmpeg', [...reading(path), ...wanted], options, (error, stdout) => {
      if (error !== null) return done(error.code === 'ENOENT' ? 'no-ffmpeg' : 'not-decoded');
      const streams = streamsIn(stdout);
      done(streams.some(({ frames }) => frames.length > 0) ? streams : 'not-decoded');
    });
  });
}

/**
 * Header lines are `#name stream: value`, the others `stream, dts, pts, duration, size, hash` in the time base of the stream
 * (FFmpeg `libavformat/hashenc.c`, `framehash.c`).
 */
function streamsIn(text: string): DecodedStream[] {
  const lines = text.split('\n');
  const facts = new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^#(\w+ \d+): (.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
  const rows = lines.filter((line) => /^\d/.test(line)).map((line) => line.split(',').map((part) => part.trim()));
  const numbers = [...new Set(rows.map(([number = '']) => number))];
  return numbers.map((number) => streamOf(number, facts, rows));
}

function streamOf(
  number: string,
  facts: ReadonlyMap<string, string>,
  rows: readonly (readonly string[])[],
): DecodedStream {
  const fact = (name: string) => facts.get(`${name} ${number}`) ?? '';
  const kind = fact('media_type') === 'audio' ? 'audio' : 'video';
  const [ticks = 1, perSecond = 1] = fact('tb').split('/').map(Number);
  const frames = rows
    .filter(([stream]) => stream === number)
    .map((row) => ({ hash: row.at(-1) ?? '', at: Math.round((Number(row[2]) * ticks * 1000) / perSecond) }));
  const channels = fact('channel_layout_name');
  const shape = kind === 'video' ? fact('dimensions') : `${fact('sample_rate')} Hz, ${channels}`;
  return { kind, shape, frames };
}
