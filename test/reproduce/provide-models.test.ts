import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { run } from '../../src/cli.js';
import { type ComfyProject, checkpoint, lora, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { captured } from '../support/context.js';
import { modelServer } from '../support/model-server.js';

const dream = 'models/checkpoints/dream.safetensors';
const ink = 'models/loras/ink.safetensors';

async function lockedProject(): Promise<ComfyProject> {
  const project = makeProject();
  project.put(dream, 'weights');
  project.put(ink, 'ink');
  project.write('portrait.json', promptOf(checkpoint('dream.safetensors'), lora('ink.safetensors')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'locked');
  return project;
}

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function provide(project: ComfyProject, ...words: string[]): Promise<Said> {
  const { context, out, err } = captured(project.path);
  const code = await run(context, ['provide', ...words]);
  return { code, out: out(), err: err() };
}

const verify = async (project: ComfyProject) => {
  const { context, out } = captured(project.path);
  await run(context, ['verify']);
  return out();
};

const content = (project: ComfyProject, path: string) => readFileSync(join(project.comfy, path), 'utf8');
const files = (project: ComfyProject) =>
  readdirSync(join(project.comfy, 'models'), { recursive: true, encoding: 'utf8' })
    .filter((path) => !statSync(join(project.comfy, 'models', path)).isDirectory())
    .sort();
const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/** Gives an entry of the lock a source, as a lock that knows one has it. */
function addSource(project: ComfyProject, key: string, ...sources: string[]): void {
  const lines = sources.map((source) => `      - ${source}\n`).join('');
  const text = project.read('comfy.lock');
  project.write('comfy.lock', text.replace(`  ${key}:\n`, `  ${key}:\n    sources:\n${lines}`));
}

test('where everything is here nothing is done', async () => {
  expect(await provide(await lockedProject())).toMatchObject({
    code: 0,
    out: 'comfy.lock: everything is here\n',
    err: '',
  });
});

test('a renamed model is linked under its locked name, and takes no more room', async () => {
  const project = await lockedProject();
  project.remove(ink);
  project.put('models/loras/tidy/ink v2.safetensors', 'ink');
  const { code, out } = await provide(project);
  expect(code).toBe(0);
  expect(out).toContain('hard link');
  const [a, b] = [ink, 'models/loras/tidy/ink v2.safetensors'].map((path) => lstatSync(join(project.comfy, path)));
  expect(a?.ino).toBe(b?.ino);
  expect(await verify(project)).toContain('expected grade: full');
});

test('a dry run does nothing, and says what it would do', async () => {
  const project = await lockedProject();
  project.remove(ink);
  project.put('models/checkpoints/ink.safetensors', 'ink');
  const before = files(project);
  const { code, out } = await provide(project, '--dry-run');
  expect(code).toBe(1);
  expect(out).toContain('comfy.lock: 1 to link');
  expect(out).toContain(
    `link       LoRA ink.safetensors  from ${join(project.comfy, 'models/checkpoints/ink.safetensors')}`,
  );
  expect(files(project)).toEqual(before);
});

test('a model behind a symbolic link is linked to itself, not to the link', async () => {
  const project = await lockedProject();
  project.remove(ink);
  project.put('store/blob', 'ink');
  symlinkSync(join(project.comfy, 'store/blob'), join(project.comfy, 'models/loras/other.safetensors'));
  expect((await provide(project)).code).toBe(0);
  expect(lstatSync(join(project.comfy, ink)).ino).toBe(lstatSync(join(project.comfy, 'store/blob')).ino);
});

test('another file that has the name stays, and the right one works under its own', async () => {
  const project = await lockedProject();
  project.put(dream, 'WEIGHTS');
  project.put('models/checkpoints/old/dream.safetensors', 'weights');
  const { code, out } = await provide(project);
  expect(code).toBe(0);
  expect(out).toContain('another file has this name; it is here as checkpoints/old/dream.safetensors');
  expect(content(project, dream)).toBe('WEIGHTS');
});

test('another file that has the name stays, and the right one comes beside it from another folder', async () => {
  const project = await lockedProject();
  project.put(dream, 'WEIGHTS');
  project.put('models/vae/dream.safetensors', 'weights');
  expect((await provide(project)).code).toBe(0);
  expect(content(project, dream)).toBe('WEIGHTS');
  expect(content(project, `models/checkpoints/dream.${sha('weights').slice(0, 12)}.safetensors`)).toBe('weights');
  expect(await verify(project)).toContain('expected grade: full');
});

test('a file that another folder hides gets a name that works', async () => {
  const project = await lockedProject();
  project.remove(dream);
  project.write('extra/dream.safetensors', 'weights');
  project.put(dream, 'WEIGHTS');
  project.put('extra_model_paths.yaml', `mine:\n  checkpoints: ${join(project.path, 'extra')}\n`);
  expect(await verify(project)).toContain('where ComfyUI loads another file of that name');
  expect((await provide(project)).code).toBe(0);
  expect(await verify(project)).toContain('expected grade: full');
});

test('a name that is taken in another folder of the type is taken', async () => {
  const project = await lockedProject();
  project.put(dream, 'WEIGHTS');
  project.write('extra/old.safetensors', 'weights');
  project.put('extra_model_paths.yaml', `mine:\n  checkpoints: ${join(project.path, 'extra')}\n`);
  const { code, out } = await provide(project);
  expect(code).toBe(0);
  expect(out).toContain('it is here as checkpoints/old.safetensors');
  expect(readdirSync(join(project.path, 'extra'))).toEqual(['old.safetensors']);
});

test('a missing model is fetched, and gets its name when its content is right', async () => {
  const project = await lockedProject();
  const { url } = await modelServer({ '/ink.safetensors': Buffer.from('ink') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/gone`, `${url}/ink.safetensors`);
  project.remove('models/loras');
  const first = await provide(project);
  expect(first).toMatchObject({ code: 1 });
  expect(first.out).toContain('does not have that file (any more)');
  project.write('comfy.lock', project.read('comfy.lock').replace(`      - ${url}/gone\n`, ''));
  const { code, err } = await provide(project);
  expect(err).toContain('comfy.lock: 1 to fetch (3 bytes)');
  expect(code).toBe(0);
  expect(content(project, ink)).toBe('ink');
  expect(files(project)).toEqual(['checkpoints/dream.safetensors', 'loras/ink.safetensors']);
});

test('a source that sends something else gives no model', async () => {
  const project = await lockedProject();
  const { url } = await modelServer({ '/ink.safetensors': Buffer.from('INK') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/ink.safetensors`);
  project.remove(ink);
  const { code, out } = await provide(project);
  expect(code).toBe(1);
  expect(out).toContain('sends other content than the one that is wanted');
  expect(files(project)).toEqual(['checkpoints/dream.safetensors']);
});

test('what one repository wrote is fetched from nowhere but the sources that people allow', async () => {
  const project = await lockedProject();
  const { url, asked } = await modelServer({ '/ink.safetensors': Buffer.from('ink') });
  const bad = [
    `${url}/ink.safetensors`,
    'file:///etc/passwd',
    'https://u:secret@huggingface.co/x',
    'https://evil.example/x',
  ];
  addSource(project, 'loras/ink.safetensors', ...bad);
  project.remove(ink);
  const { code, out } = await provide(project);
  expect(code).toBe(1);
  expect(out).toContain('it is http and not https');
  expect(out).toContain('file is nothing that is fetched');
  expect(out).toContain('https://***@huggingface.co/x: there are credentials in it');
  expect(out).toContain('evil.example is no source that is allowed');
  expect(out).not.toContain('secret');
  expect(asked).toEqual([]);
});

test.each([
  ['../../escape.safetensors', 'the name leads out of its folder'],
  ['/tmp/escape.safetensors', 'the name leads out of its folder'],
  ['C:/escape.safetensors', 'the name leads out of its folder'],
  ['run_me.py', 'that is no model file, and is not fetched'],
  ['old.ckpt', 'a file of that kind can hold code'],
])('a lock that names %s gets nothing', async (name, why) => {
  const project = await lockedProject();
  const { url, asked } = await modelServer({ '/x': Buffer.from('ink') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/x`);
  project.write('comfy.lock', project.read('comfy.lock').replaceAll('loras/ink.safetensors', `loras/${name}`));
  project.remove(ink);
  const { code, out } = await provide(project);
  expect(out).toContain(why);
  expect(code).toBe(1);
  expect(asked).toEqual([]);
  expect(files(project)).toEqual(['checkpoints/dream.safetensors']);
});

test('a pickle is fetched where the person wants it', async () => {
  const project = await lockedProject();
  const { url } = await modelServer({ '/x': Buffer.from('ink') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/x`);
  project.write('comfy.lock', project.read('comfy.lock').replaceAll('loras/ink.safetensors', 'loras/ink.pt'));
  project.remove(ink);
  expect((await provide(project, '--pickles')).code).toBe(0);
  expect(content(project, 'models/loras/ink.pt')).toBe('ink');
});

test('a folder that ComfyUI loads code from is no model folder', async () => {
  const project = await lockedProject();
  const { url, asked } = await modelServer({ '/x': Buffer.from('ink') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/x`);
  const text = project.read('comfy.lock').replaceAll('loras/ink.safetensors', 'custom_nodes/ink.safetensors');
  project.write('comfy.lock', text);
  expect((await provide(project)).out).toContain('ComfyUI has no folder for "custom_nodes" here');
  expect(asked).toEqual([]);
});

test('what does not fit on the disk is said before anything is done', async () => {
  const project = await lockedProject();
  const { url, asked } = await modelServer({});
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/x.safetensors`);
  const text = project
    .read('comfy.lock')
    .replace(/(ink.safetensors:\n(?:.*\n)*? {4}size: )3\n/, '$19000000000000000\n');
  project.write('comfy.lock', text);
  project.remove(ink);
  project.put('models/checkpoints/moved.safetensors', 'weights');
  project.remove(dream);
  const { code, err } = await provide(project);
  expect({ code, asked }).toEqual({ code: 2, asked: [] });
  expect(err).toMatch(/9000000000000000 bytes are to be fetched to .*, and \d+ are free there/);
  expect(existsSync(join(project.comfy, dream))).toBe(false);
});

test('two names of one content are fetched once', async () => {
  const project = await lockedProject();
  const { url, asked } = await modelServer({ '/x.safetensors': Buffer.from('ink') });
  project.git('config', 'comfy.source', url);
  addSource(project, 'loras/ink.safetensors', `${url}/x.safetensors`);
  const entry = /( {2}loras\/ink\.safetensors:\n(?: {4}.*\n)+)/.exec(project.read('comfy.lock'))?.[1] ?? '';
  const more = entry.replace('ink.safetensors', 'ink copy.safetensors');
  project.write('comfy.lock', project.read('comfy.lock').replace(entry, entry + more));
  project.remove(ink);
  expect((await provide(project)).code).toBe(0);
  expect(content(project, 'models/loras/ink copy.safetensors')).toBe('ink');
  expect(asked).toHaveLength(1);
});

test('what came in another way while others were fetched is not fetched for nothing', async () => {
  const project = await lockedProject();
  const files = { '/d.safetensors': Buffer.from('weights'), '/i.safetensors': Buffer.from('ink') };
  const { url, asked } = await modelServer(files, (_, __, turn) => {
    if (turn === 1) project.put(ink, 'ink');
    return false;
  });
  project.git('config', 'comfy.source', url);
  addSource(project, 'checkpoints/dream.safetensors', `${url}/d.safetensors`);
  addSource(project, 'loras/ink.safetensors', `${url}/i.safetensors`);
  for (const path of [dream, ink]) project.remove(path);
  const { code, out } = await provide(project);
  expect({ code, asked: asked.length }).toEqual({ code: 1, asked: 1 });
  expect(out).toContain('is there already, and stays as it is');
  expect((await provide(project)).code).toBe(0);
});

test('the plan and what became of it come as JSON', async () => {
  const project = await lockedProject();
  project.remove(ink);
  project.put('models/loras/other.safetensors', 'ink');
  const { out } = await provide(project, '--json');
  const { result } = JSON.parse(out);
  expect(result.steps).toMatchObject([{ kind: 'link', key: 'loras/ink.safetensors' }]);
  expect(result.outcomes).toMatchObject([{ done: true, text: 'hard link' }]);
});
