import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { compareFrames } from '../../src/reproduce/compare-frames.js';
import { temporaryFolder } from '../support/git.js';

const { signal } = new AbortController();

/** An ffmpeg that takes each line of a file for a frame. */
function fakeFfmpeg(): void {
  const folder = temporaryFolder();
  const script = `#!/bin/sh
for word; do case $word in file:*) path=\${word#file:} ;; esac; done
grep -q broken "$path" && exit 1
echo '#format: frame checksums'
while read -r line; do echo "0, 1, $RANDOM, 1, 9, $line"; done <"$path"
`;
  writeFileSync(join(folder, 'ffmpeg'), script);
  chmodSync(join(folder, 'ffmpeg'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const compare = (a: string, b: string) => compareFrames(Buffer.from(a), Buffer.from(b), signal);

test('frames are compared by what is decoded, and counted', async () => {
  fakeFfmpeg();
  expect(await compare('aa\nbb\n', 'aa\nbb\n')).toEqual({
    same: true,
    text: 'decoded by ffmpeg: all 2 frames or blocks are the same',
  });
  expect(await compare('aa\nbb\n', 'aa\ncc\n')).toEqual({
    same: false,
    text: 'decoded by ffmpeg: 1 of 2 frames or blocks differ',
  });
  expect(await compare('aa\nbb\n', 'aa\n')).toMatchObject({
    same: false,
    text: expect.stringContaining('2 frames or blocks then, 1 now'),
  });
});

test('what it cannot decode is not compared, and neither is anything where there is none', async () => {
  fakeFfmpeg();
  expect(await compare('broken\n', 'aa\n')).toBeUndefined();
  vi.stubEnv('PATH', temporaryFolder());
  expect(await compare('aa\n', 'aa\n')).toBeUndefined();
});
