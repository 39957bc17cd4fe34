// An ffmpeg that decodes files of ours: JSON with `size`, `frames` (lists of RGBA samples), `times` (milliseconds), `sound` (blocks of samples).
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './git.js';

const program = `#!${process.execPath}
const { createHash } = require('node:crypto');
const args = process.argv.slice(2);
const path = args[args.indexOf('-i') + 1].slice('file:'.length);
const { size = [8, 8], frames = [], times, sound } = JSON.parse(require('node:fs').readFileSync(path, 'utf8'));
const samples = sound && Buffer.from(new Float32Array(sound.flat()).buffer);
const hash = (list) => createHash('sha256').update(JSON.stringify(list)).digest('hex');
const film = ['#tb 0: 1/1000', '#media_type 0: video', '#dimensions 0: ' + size.join('x')];
const audio = ['#tb 1: 1/1000', '#media_type 1: audio', '#sample_rate 1: 8000', '#channel_layout_name 1: mono'];
if (args.includes('rawvideo')) process.stdout.write(Buffer.from(frames.flat()));
else if (args.includes('f32le')) process.stdout.write(samples);
else {
  const rows = frames.map((frame, at) => [0, 0, times ? times[at] : at * 100, 1, 9, hash(frame)].join(', '));
  const blocks = (sound ?? []).map((block, at) => [1, 0, at * 10, 1, 9, hash(block)].join(', '));
  console.log(['#format: frame checksums', ...film, ...(sound ? audio : []), ...rows, ...blocks].join('\\n'));
}
`;

/** Puts it first on PATH until the test has ended. */
export function fakeFfmpeg(): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ffmpeg'), program);
  chmodSync(join(folder, 'ffmpeg'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A file of a film of 8 x 8, each frame of one grey, with a sound where there is one. */
export const film = (greys: readonly number[], more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ frames: greys.map((grey) => Array(64).fill([grey, grey, grey, 255]).flat()), ...more }));
