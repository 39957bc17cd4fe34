// Simulated servers as processes of their own (several in one would share a thread), and a repository with one recorded picture.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';
import { time } from './measure.mjs';

export const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

export const comfy = (cwd, ...words) => time(process.execPath, [program, ...words], { cwd });

/** @param delay milliseconds that `ImageAddNoise` takes besides */
const serverProgram = (delay) => `
import { readCoreClasses, startSimulator } from './bundled.mjs';
const core = (await readCoreClasses()).find(({ name }) => name === 'ImageAddNoise');
const slow = { ...core, run: async (...all) => { await new Promise((done) => setTimeout(done, ${delay})); return core.run(...all); } };
const { url } = await startSimulator({ base: process.argv[2], classes: ${delay} > 0 ? [slow] : [] });
console.log(url);
`;

/** Servers whose ComfyUI folders are `comfy-0`, `comfy-1` ... */
export async function startServers(folder, count, delay = 0) {
  await bundled(folder, {
    './src/comfyui/simulator/interfaces.ts': ['readCoreClasses'],
    './src/comfyui/simulator/start.ts': ['startSimulator'],
  });
  // Its classes stand in a file beside the program.
  cpSync(fileURLToPath(new URL('../../templates', import.meta.url)), join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'server.mjs'), serverProgram(delay));
  const start = (index) => {
    const words = [join(folder, 'server.mjs'), join(folder, `comfy-${index}`)];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve) => child.stdout.once('data', (url) => resolve({ child, url: String(url).trim() })));
  };
  return Promise.all(Array.from({ length: count }, (_, index) => start(index)));
}

/** A prompt of noise on a plain square, saved as `bench/p`. */
export const noise = (side) => ({
  4: { class_type: 'EmptyImage', inputs: { width: side, height: side, batch_size: 1, color: 255 } },
  3: { class_type: 'ImageAddNoise', inputs: { image: ['4', 0], seed: 1, strength: 0.5 } },
  9: { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'bench/p' } },
});

/** A repository with the picture that the first server made of this prompt, `p.png`. */
export function recordedPicture(folder, url, prompt) {
  const path = join(folder, 'repository');
  mkdirSync(path);
  const git = (...args) => time('git', args, { cwd: path });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada Artist');
  git('config', 'user.email', 'ada@example.org');
  writeFileSync(join(path, 'p.json'), JSON.stringify(prompt));
  git('add', '.');
  git('commit', '--quiet', '-m', 'a picture');
  comfy(path, 'run', 'p.json', '--server', url);
  cpSync(join(folder, 'comfy-0/output/bench/p_00001_.png'), join(path, 'p.png'));
  return path;
}
