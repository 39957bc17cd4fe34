import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { compareFrames } from '../../src/reproduce/compare-frames.js';
import { fakeFfmpeg, film } from '../support/fake-ffmpeg.js';
import { temporaryFolder } from '../support/git.js';

const { signal } = new AbortController();
const compare = (a: Uint8Array, b: Uint8Array) => compareFrames(a, b, signal);

describe('what ffmpeg decodes', () => {
  test('frames that are all the same are the same film', async () => {
    fakeFfmpeg();
    expect(await compare(film([10, 20]), film([10, 20]))).toEqual({
      text: 'decoded by ffmpeg: all 2 frames are the same',
      metrics: { comparable: true, equal: true },
    });
  });

  test('of frames that differ the worst is measured', async () => {
    fakeFfmpeg();
    expect(await compare(film([10, 20, 30]), film([10, 21, 90]))).toMatchObject({
      text: expect.stringMatching(/^decoded by ffmpeg: 2 of 3 frames differ; frame 3 most: SSIM 0\.\d+, .* 60$/),
      metrics: { comparable: true, equal: false, largest: 60 },
    });
    expect(await compare(film([10]), film([11]))).toMatchObject({
      text: expect.stringMatching(/^decoded by ffmpeg: the frame differs; same but for rounding; SSIM/),
      metrics: { largest: 1 },
    });
  });

  test('another length, size or pace is told, and not measured', async () => {
    fakeFfmpeg();
    expect(await compare(film([1, 2]), film([1]))).toEqual({ text: 'decoded by ffmpeg: 2 frames then, 1 now' });
    expect(await compare(film([1, 2]), film([1, 2], { times: [0, 50] }))).toEqual({
      text: 'decoded by ffmpeg: all 2 frames are the same, and they come at other times',
    });
    expect(await compare(film([1]), film([1], { size: [4, 16] }))).toEqual({
      text: 'decoded by ffmpeg: pictures of 8x8 then, pictures of 4x16 now',
      metrics: { comparable: false, equal: false },
    });
  });

  test('a sound that differs is measured, and keeps the film from being alike', async () => {
    fakeFfmpeg();
    const [before, after] = [
      [0.5, 0],
      [0.5, 0.25],
    ].map((block) => film([1], { sound: [[0, 0], block] }));
    expect(await compare(before as Buffer, before as Buffer)).toMatchObject({ metrics: { equal: true } });
    expect(await compare(before as Buffer, after as Buffer)).toEqual({
      text: 'decoded by ffmpeg: the frame is the same; 1 of 2 blocks of sound differs; the sound by at most 0.25 of full scale, PSNR 18.1 dB there',
    });
  });

  test('what it can make nothing of is not compared, nor is anything where there is none; each is said', async () => {
    fakeFfmpeg();
    expect(await compare(Buffer.from('broken'), film([1]))).toEqual({ notDecoded: 'ffmpeg can make nothing of it' });
    expect(await compare(film([]), film([1]))).toEqual({ notDecoded: 'ffmpeg can make nothing of it' });
    vi.stubEnv('PATH', temporaryFolder());
    expect(await compare(film([1]), film([1]))).toEqual({ notDecoded: expect.stringContaining('with ffmpeg on PATH') });
  });
});

/** The real one, where this machine has it. */
describe.skipIf(spawnSync('ffmpeg', ['-version']).error !== undefined)('the real ffmpeg', () => {
  function made(name: string, ...args: string[]): Buffer {
    const path = join(temporaryFolder(), name);
    execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-f', 'lavfi', ...args, path]);
    return readFileSync(path);
  }
  const picture = (more: string) => ['-i', `testsrc=size=64x48:rate=8:duration=0.5${more}`];

  test.each(['a.mp4', 'a.webm', 'a.gif', 'a.apng', 'a.mov'])(
    'a film in %s: its frames, however they are wrapped',
    async (name) => {
      const plain = made(name, ...picture(''));
      const titled = made(name, ...picture(''), '-metadata', 'title=again');
      expect(await compare(plain, titled)).toMatchObject({ metrics: { equal: true } });
      const other = made(name, ...picture(',drawbox=w=8:h=8:color=white:t=fill'));
      expect(await compare(plain, other)).toMatchObject({
        text: expect.stringMatching(
          /^decoded by ffmpeg: 4 of 4 frames differ; frame \d most: SSIM 0\.\d{4}, worst tile/,
        ),
        metrics: { comparable: true, equal: false, ssim: expect.any(Number) },
      });
    },
  );

  test('sounds are told apart in their 24th bit, and are the same in another container', async () => {
    const sine = ['-i', 'aevalsrc=0.3*sin(880*t):d=0.5:s=8000', '-c:a', 'flac', '-sample_fmt', 's32'];
    const shifted = ['-i', 'aevalsrc=0.3*sin(880*t)+0.000001:d=0.5:s=8000', '-c:a', 'flac', '-sample_fmt', 's32'];
    const wav = ['-i', 'aevalsrc=0.3*sin(880*t):d=0.5:s=8000', '-c:a', 'pcm_s24le'];
    const [a, b, c] = [made('a.flac', ...sine), made('b.flac', ...shifted), made('c.wav', ...wav)];
    expect(await compare(a, c)).toMatchObject({ metrics: { equal: true } });
    expect(await compare(a, b)).toEqual({
      text: expect.stringMatching(
        /^decoded by ffmpeg: the block of sound differs; the sound by at most .* of full scale/,
      ),
    });
  });

  test('a playlist that names another file is not followed', async () => {
    const [target, folder] = [made('a.ts', ...picture('')), temporaryFolder()];
    execFileSync('sh', ['-c', 'cat > "$0"', join(folder, 'a.ts')], { input: target });
    const list = Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${join(folder, 'a.ts')}\n#EXT-X-ENDLIST\n`);
    expect(await compare(list, list)).toEqual({ notDecoded: 'ffmpeg can make nothing of it' });
  });
});
