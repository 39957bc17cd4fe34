// `git comfy reproduce` of one output against the bare HTTP calls for the same run, and the comparison of two large pictures against scikit-image.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bundled } from './bundled.mjs';
import { median, processorTime, report } from './measure.mjs';
import { comfy, noise, recordedPicture, startServers } from './simulated.mjs';

/** What a reproduction may take beyond the calls; milliseconds. */
const mostBeyond = 600;

const prompt = noise(512);

export async function reproduce() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-reproduce-'));
  const [{ child, url }] = await startServers(folder, 1);
  try {
    const path = recordedPicture(folder, url, prompt);
    const again = () => comfy(path, 'reproduce', 'p.png', '--server', url);
    again();
    const pairs = [];
    for (let round = 0; round < 9; round++) pairs.push([again(), await bareCalls(url)]);
    const [ours, bare] = [0, 1].map((at) => median(pairs.map((pair) => pair[at])));
    const beyond = median(pairs.map(([a, b]) => a - b));
    const held = beyond <= mostBeyond;
    const figures = `${ours.toFixed(0)} ms / ${bare.toFixed(0)} ms = ${beyond.toFixed(0)} ms more (at most ${mostBeyond} ms more)`;
    console.log(`${held ? 'ok  ' : 'OVER'}  reproduce of one output  against  the bare HTTP calls:  ${figures}`);
    return held;
  } finally {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Queue, wait, fetch. */
async function bareCalls(url) {
  const start = performance.now();
  const anew = structuredClone(prompt);
  anew[4].inputs._nonce = randomUUID();
  const body = JSON.stringify({ prompt: anew, client_id: randomUUID() });
  const queued = await (await fetch(`${url}/prompt`, { method: 'POST', body })).json();
  for (;;) {
    const entry = (await (await fetch(`${url}/history/${queued.prompt_id}`)).json())[queued.prompt_id];
    if (entry !== undefined) {
      const { filename, subfolder, type } = entry.outputs[9].images[0];
      await (await fetch(`${url}/view?${new URLSearchParams({ filename, subfolder, type })}`)).arrayBuffer();
      return performance.now() - start;
    }
    await wait(5);
  }
}

/** Python that prints the processor time of one comparison, decoding included; milliseconds. */
const scikit = `
import sys, time
from skimage import io
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
times = []
for _ in range(int(sys.argv[3])):
    start = time.process_time()
    a, b = io.imread(sys.argv[1]), io.imread(sys.argv[2])
    ssim = structural_similarity(a, b, channel_axis=2)
    peak_signal_noise_ratio(a, b)
    times.append((time.process_time() - start) * 1000)
print(ssim, *times[1:])
`;

const side = 2048;

/** The Python is that of GIT_COMFY_BENCH_PYTHON, else `python3`. */
export async function compare() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-compare-'));
  try {
    const modules = await bundled(folder, {
      './src/image/compare.ts': ['compare'],
      './src/image/containers.ts': ['stillPicture'],
      './src/image/write-png.ts': ['writePng'],
    });
    const paths = writePair(folder, modules);
    const python = process.env.GIT_COMFY_BENCH_PYTHON ?? 'python3';
    const done = spawnSync(python, ['-c', scikit, ...paths, '6'], { encoding: 'utf8' });
    if (done.status !== 0) {
      console.log(
        'skip  comparison of two 2048 x 2048 pictures: no scikit-image here (GIT_COMFY_BENCH_PYTHON names a Python that has it)',
      );
      return true;
    }
    const [ssim, ...theirs] = done.stdout.trim().split(' ').map(Number);
    let measured;
    const once = () =>
      processorTime(() => {
        const [a, b] = paths.map((path) => modules.stillPicture(readFileSync(path)));
        measured = modules.compare(a, b);
      });
    const ours = Array.from({ length: 6 }, once).slice(1);
    if (Math.abs(measured.ssim - ssim) > 1e-9) throw new Error(`SSIM ${measured.ssim}, and scikit-image says ${ssim}`);
    const figures = { ours: median(ours), yardstick: median(theirs), ratio: median(ours) / median(theirs) };
    return report('comparison of two 2048 x 2048 pictures', 'scikit-image (processor time)', figures, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A soft picture with grain, and the same with other grain. */
function writePair(folder, { writePng }) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const first = Uint8Array.from({ length: side * side * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    return 128 + 100 * Math.sin(x / 50 + (at % 3)) * Math.cos(y / 70) + 20 * (random() - 0.5);
  });
  const second = first.map((sample) => Math.max(0, Math.min(255, sample + Math.round(6 * (random() - 0.5)))));
  return [first, second].map((rgb, at) => {
    const path = join(folder, `${at}.png`);
    writeFileSync(path, writePng(side, side, rgb, []));
    return path;
  });
}
