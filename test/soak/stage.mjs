// What the writers work on: a studio's repository with linked work trees, a second clone, the remote between them, two simulated ComfyUI.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from '../bench/bundled.mjs';

/** What the simulator says of its nodes ships with the program. */
const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const program = fileURLToPath(new URL('../../dist/git-comfy.cjs', import.meta.url));

/** Modules of ours that a script needs. */
const modules = {
  './src/comfyui/simulator/start.ts': ['startSimulator'],
  './src/capture/read-lineage.ts': ['readLineageLines'],
  './src/git/repository.ts': ['openRepository'],
  './src/lineage/lineage.ts': ['gatherLineage'],
  './src/lineage/query.ts': ['joinRuns'],
  './test/support/run-facts.ts': ['madePicture', 'workflowText'],
};

export async function setStage(trees) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-comfy-soak-')));
  const env = hermetic(folder);
  symlinkSync(templates, join(folder, 'templates'));
  const code = await bundled(folder, modules);
  const at = (name) => join(folder, name);
  const git = (cwd, ...words) => execFileSync('git', words, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  const put = (path, content) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  const servers = [];
  for (const name of ['a', 'b'])
    servers.push({ name, ...(await code.startSimulator({ base: at(`comfyui-${name}`) })) });
  const stage = { folder, env, code, at, git, put, servers, studio: at('studio'), clone: at('clone') };
  stage.comfy = (cwd, words, options) => comfy(env, cwd, words, options);
  await layOut(stage, trees);
  stage.clear = async () => {
    for (const { close } of servers) await close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return stage;
}

function hermetic(folder) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(GIT_|COMFY|NODE_EXTRA_CA_CERTS$|VITEST)/.test(name));
  const who = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' };
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), XDG_CONFIG_HOME: join(folder, 'config') },
    ...{
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: join(folder, 'gitconfig'),
      GIT_COMFY_SERVER: 'http://127.0.0.1:9',
    },
    ...{ ...who, GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org', NO_COLOR: '1' },
  };
}

/** Starts a command in a process group of its own. `ended` has its code, what it printed and what it said. */
function comfy(env, cwd, words, { onStart } = {}) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const running = spawn(process.execPath, [program, ...words], { cwd, env, detached: true, stdio });
  onStart?.(running);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) running[name].setEncoding('utf8').on('data', (text) => (said[name] += text));
  return new Promise((done) => running.once('close', (code, signal) => done({ words, code, signal, ...said })));
}

async function layOut({ at, git, put, studio, clone, code, comfy }, trees) {
  git(at('.'), 'init', '-q', '--bare', '-b', 'main', 'hub.git');
  git(at('.'), 'init', '-q', '-b', 'main', 'studio');
  put(join(studio, 'workflows/noise.json'), JSON.stringify(noise(1)));
  put(join(studio, 'workflows/portrait.json'), code.workflowText());
  for (let tree = 0; tree < trees; tree++) {
    put(join(studio, `workflows/tree-${tree}.json`), code.workflowText({ steps: 100 + tree }));
  }
  await sure(comfy(studio, ['init']));
  git(studio, 'add', '.');
  await sure(comfy(studio, ['commit', '-m', 'first']));
  git(studio, 'remote', 'add', 'origin', at('hub.git'));
  git(studio, 'push', '-q', '-u', 'origin', 'main');
  git(at('.'), 'clone', '-q', at('hub.git'), clone);
  await sure(comfy(clone, ['init']));
  for (let tree = 0; tree < trees; tree++) {
    git(studio, 'worktree', 'add', '-q', '-b', `side-${tree}`, at(`tree-${tree}`));
  }
}

export async function sure(running) {
  const { words, code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`git comfy ${words.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** What the frontend saves and embeds: noise on a plain picture. */
export function noise(seed) {
  const image = (links) => [{ name: 'IMAGE', type: 'IMAGE', links }];
  const input = (name, link) => [{ name, type: 'IMAGE', link }];
  return {
    id: '7a1c0e1e-0000-4000-8000-000000000001',
    ...{ last_node_id: 9, last_link_id: 2 },
    nodes: [
      { id: 1, type: 'EmptyImage', pos: [0, 0], outputs: image([1]), widgets_values: [64, 48, 1, 255] },
      {
        ...{ id: 2, type: 'ImageAddNoise', pos: [300, 0], inputs: input('image', 1), outputs: image([2]) },
        widgets_values: [seed, 'randomize', 0.5],
      },
      { id: 9, type: 'SaveImage', pos: [600, 0], inputs: input('images', 2), widgets_values: ['img'] },
    ],
    links: [
      [1, 1, 0, 2, 0, 'IMAGE'],
      [2, 2, 0, 9, 0, 'IMAGE'],
    ],
    version: 0.4,
  };
}

/** Queues a run as a browser does; the prompt id. */
export async function queue({ url, name }, seed) {
  const prompt = {
    1: { class_type: 'EmptyImage', inputs: { width: 64, height: 48, batch_size: 1, color: 255 } },
    2: { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed, strength: 0.5 } },
    9: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: `${name}/img` } },
  };
  const body = { prompt, client_id: 'browser', extra_data: { extra_pnginfo: { workflow: noise(seed) } } };
  const answer = await fetch(`${url}/prompt`, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()).prompt_id;
}
