import { execFile } from 'node:child_process';

/** Longer films are not decoded here. */
const patience = 600_000;
const maxOutput = 256 * 1024 * 1024;

/**
 * The decoded frames and blocks of samples of a film or sound, each as `<stream>, <hash>`, by the ffmpeg of this machine (its framehash muxer).
 * @returns `undefined` where there is no ffmpeg, or it cannot decode the file
 */
export function decodedFrames(path: string, signal: AbortSignal): Promise<string[] | undefined> {
  // Only from a file: nothing in it may lead ffmpeg to another place.
  const args = ['-v', 'error', '-nostdin', '-protocol_whitelist', 'file,pipe', '-i', `file:${path}`];
  const wanted = ['-map', '0:v?', '-map', '0:a?', '-f', 'framehash', '-hash', 'sha256', '-'];
  return new Promise((done) => {
    execFile('ffmpeg', [...args, ...wanted], { signal, timeout: patience, maxBuffer: maxOutput }, (error, stdout) => {
      done(error === null ? framesIn(stdout) : undefined);
    });
  });
}

/** Lines are `stream, dts, pts, duration, size, hash`; times do not count. */
function framesIn(text: string): string[] | undefined {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const frames = lines.map((line) => {
    const parts = line.split(',').map((part) => part.trim());
    return `${parts[0]}, ${parts.at(-1)}`;
  });
  return frames.length === 0 ? undefined : frames;
}
