// Three weeks later: what a picture was made with comes back, and the picture with it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { captured } from '../support/context.js';
import { temporaryFolder } from '../support/git.js';
import { modelServer } from '../support/model-server.js';
import { buildScene, copyScene, type Scene, safetensors, serveScene } from '../support/scene.js';

let template = '';
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'git-comfy-scene-'));
  await buildScene(template);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

interface Story {
  readonly scene: Scene;
  readonly said: (...words: string[]) => Promise<{ readonly code: number; readonly out: string }>;
}

/** Checkpoint replaced, LoRA renamed, pack updated; a source of the checkpoint stands in the lock. */
async function threeWeeksLater(): Promise<Story> {
  const scene = copyScene(template, join(temporaryFolder(), 'scene'));
  const { url } = await modelServer({ '/dream.safetensors': safetensors('dream') });
  const source = `    sources:\n      - ${url}/dream.safetensors\n`;
  scene.write('comfy.lock', scene.read('comfy.lock').replace('dream.safetensors:\n', `$&${source}`));
  scene.git('../repository', 'config', 'comfy.source', url);
  scene.put('models/checkpoints/dream.safetensors', safetensors('another'));
  scene.move('models/loras/ink.safetensors', 'models/loras/tidy/ink.safetensors');
  scene.put('custom_nodes/Clone/__init__.py', '# other\n');
  scene.git('custom_nodes/Clone', 'commit', '--quiet', '--all', '-m', 'update');
  const env = { ...process.env, XDG_CACHE_HOME: join(scene.folder, 'cache'), GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  const said = async (...words: string[]) => {
    const { context, out } = captured(scene.repository, { env });
    const code = await run(context, words);
    return { code, out: out() };
  };
  return { scene, said };
}

test('verify names the way back, and provide goes it: models under names that work, the pack beside', async () => {
  const { scene, said } = await threeWeeksLater();
  const before = await said('verify', 'picture.png');
  expect(before.out).toContain('expected grade: partial');
  expect(before.out).toContain('what of it can be brought back: git comfy provide picture.png --dry-run');
  const { code, out } = await said('provide', 'picture.png', '--yes');
  expect(out).toMatch(/done {7}checkpoint dream\.safetensors as checkpoints\/dream\.[0-9a-f]{12}\.safetensors/);
  expect(out).toContain('checked out from your own clone');
  expect(code).toBe(0);
  expect(existsSync(join(scene.comfy, 'models/loras/ink.safetensors'))).toBe(true);
  const after = await said('verify', 'picture.png');
  expect(after.out).toContain('another file has this name now, its content is checkpoints/dream.');
  expect(after.out).not.toContain('ink.safetensors');
  expect(after.out).toContain('expected grade: approximate');
});

test('with the models back the picture is made again, sample for sample', async () => {
  const { scene, said } = await threeWeeksLater();
  scene.git('custom_nodes/Clone', 'reset', '--quiet', '--hard', 'HEAD~1');
  expect((await said('provide', 'picture.png')).code).toBe(0);
  const { url, close } = await serveScene(scene);
  const { code, out } = await said('reproduce', 'picture.png', '--server', url, '--json');
  await close();
  const [found] = JSON.parse(out).result.reproductions;
  expect({ code, grade: found.grade, expected: found.expected.grade }).toEqual({
    code: 0,
    grade: 'full',
    expected: 'full',
  });
});
