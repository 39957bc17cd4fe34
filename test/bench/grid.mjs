// `git comfy vary` of a grid of 40 on one, two and four simulated servers that need a fixed time for each picture.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from './bundled.mjs';
import { report, time } from './measure.mjs';

const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));
/** Milliseconds that a picture takes on a server. */
const delay = 1500;

const prompt = {
  4: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 255 } },
  3: { class_type: 'ImageAddNoise', inputs: { image: ['4', 0], seed: 1, strength: 0.5 } },
  9: { class_type: 'SaveImage', inputs: { images: ['3', 0], filename_prefix: 'grid/p' } },
};

/** A server as a process of its own: four in one would share a thread. */
const serverProgram = `
import { readCoreClasses, startSimulator } from './bundled.mjs';
const core = (await readCoreClasses()).find(({ name }) => name === 'ImageAddNoise');
const slow = { ...core, run: async (...all) => { await new Promise((done) => setTimeout(done, ${delay})); return core.run(...all); } };
const { url } = await startSimulator({ base: process.argv[2], classes: [slow] });
console.log(url);
process.on('SIGTERM', () => process.exit(0));
`;

async function startServers(folder, count) {
  const wanted = {
    './src/comfyui/simulator/interfaces.ts': ['readCoreClasses'],
    './src/comfyui/simulator/start.ts': ['startSimulator'],
  };
  await bundled(folder, wanted);
  // Its classes stand in a file beside the program.
  cpSync(fileURLToPath(new URL('../../templates', import.meta.url)), join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'server.mjs'), serverProgram);
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const child = spawn(process.execPath, [join(folder, 'server.mjs'), join(folder, `comfy-${index}`)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return new Promise((resolve) => child.stdout.once('data', (url) => resolve({ child, url: String(url).trim() })));
    }),
  );
}

/** A repository with one recorded picture, `p.png`. */
function repository(folder, url) {
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
  return path;
}

const comfy = (cwd, ...words) => time(process.execPath, [program, ...words], { cwd });

export async function grid() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-grid-'));
  const servers = await startServers(folder, 4);
  try {
    const path = repository(folder, servers[0].url);
    const picture = join(folder, 'comfy-0', 'output', 'grid', 'p_00001_.png');
    const took = (count, seed) => {
      const strengths = Array.from({ length: 8 }, (_, index) => (index + 1) / 10).join(',');
      const seeds = Array.from({ length: 5 }, (_, index) => seed + index).join(',');
      const named = servers.slice(0, count).flatMap(({ url }) => ['--server', url]);
      return comfy(
        path,
        'vary',
        picture,
        '--set',
        `strength=${strengths}`,
        '--set',
        `seed=${seeds}`,
        '--grid',
        ...named,
      );
    };
    const alone = took(1, 1000);
    return [2, 4]
      .map((count) => {
        const ours = took(count, 1000 * count);
        const linear = { ours, yardstick: alone / count, ratio: (ours * count) / alone };
        return report(
          `grid of 40 on ${count} servers`,
          `linear (one server took ${Math.round(alone)} ms)`,
          linear,
          1.11,
        );
      })
      .every(Boolean);
  } finally {
    for (const { child } of servers) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
