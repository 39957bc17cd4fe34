// A run leaves its repository: as a statement that others can read, and as an archive that another repository takes in.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/cli.js';
import { startSimulator } from '../../src/comfyui/simulator/start.js';
import { readZip, writeZip } from '../../src/files/zip.js';
import { readArchive } from '../../src/lineage/archive.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { statementSchema } from '../support/provenance-schema.js';
import { buildScene, copyScene, picture, type Scene, sceneAt } from '../support/scene.js';

let folder = '';
let scene: Scene;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'git-comfy-scene-'));
  await buildScene(folder);
  scene = sceneAt(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function said(cwd: string, words: readonly string[], server = 'http://127.0.0.1:9') {
  const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), GIT_COMFY_SERVER: server };
  const { context, out, err } = captured(cwd, { env });
  const code = await run(context, words);
  return { code, out: out(), err: err() };
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const picturePath = () => join(scene.repository, 'picture.png');
const statement = async () => (await said(scene.repository, ['export', 'picture.png', '--format', 'intoto'])).out;

async function archive(): Promise<string> {
  const path = join(temporaryFolder(), 'picture.zip');
  const done = await said(scene.repository, ['export', 'picture.png', '--format', 'zip', '-o', path]);
  expect(done).toMatchObject({ code: 0 });
  return path;
}

test('a record is an in-toto statement with SLSA provenance, the same bytes each time', async () => {
  const text = await statement();
  const read = statementSchema.parse(JSON.parse(text));
  expect(text).toBe(await statement());
  expect(read.subject).toMatchObject([{ digest: { sha256: sha256(readFileSync(picturePath())) } }]);
  const { buildDefinition, runDetails } = JSON.parse(text).predicate;
  const { resolvedDependencies, externalParameters, internalParameters } = buildDefinition;
  const digestOf = (name: string) => resolvedDependencies.find((one: { name: string }) => one.name === name)?.digest;
  expect(digestOf('models/checkpoints/dream.safetensors')).toEqual({
    sha256: sha256(readFileSync(join(scene.comfy, 'models/checkpoints/dream.safetensors'))),
  });
  expect(digestOf('input/refs/pose.png')).toEqual({ sha256: sha256(picture(7)) });
  expect(digestOf('custom_nodes/Clone')).toEqual({ gitCommit: scene.git('custom_nodes/Clone', 'rev-parse', 'HEAD') });
  expect(digestOf('custom_nodes/Plain')).toHaveProperty('gitcomfy_tree');
  const packs = resolvedDependencies.map((one: { uri?: string }) => one.uri).filter(Boolean);
  expect(packs).toContain('pkg:generic/comfyui-registry/registry-grain@1.0.0');
  expect(packs.some((uri: string) => uri.startsWith('git+https://github.com/l/Clone@'))).toBe(true);
  expect(externalParameters).toMatchObject({ workflow: 'workflows/portrait.json', seeds: { '9.seed': '7' } });
  expect(internalParameters).toHaveProperty('torch');
  expect(runDetails.byproducts.map(({ name }: { name: string }) => name)).toEqual(['snapshot', 'state', 'record']);
  expect(text).not.toContain(folder);
});

test.each<[string, (statement: Record<string, never> & { predicate: never }) => unknown]>([
  ['a subject without a digest', (one) => ({ ...one, subject: [{ name: 'a', uri: 'urn:a' }] })],
  ['a member that is not published', (one) => ({ ...one, more: 1 })],
  ['another predicate', (one) => ({ ...one, predicateType: 'https://slsa.dev/provenance/v0.2' })],
])('the schema of that test refuses %s', async (_, change) => {
  expect(statementSchema.safeParse(change(JSON.parse(await statement()))).success).toBe(false);
});

test('an archive holds workflow, prompt, lock, record and inputs, no model, and is the same bytes each time', async () => {
  const bytes = readFileSync(await archive());
  const files = await readZip(bytes);
  expect([...files.keys()]).toEqual([
    ...['git-comfy.json', 'record.json', 'snapshot.json', 'state.json', 'prompt.json', 'comfy.lock'],
    'inputs/refs/pose.png',
  ]);
  expect(Buffer.from(files.get('comfy.lock') ?? '').toString()).toBe(scene.read('comfy.lock'));
  expect(Buffer.compare(bytes, readFileSync(await archive()))).toBe(0);
});

/** Another person: an own repository, the same ComfyUI without the input. */
function elsewhere(): { readonly made: TestRepository; readonly other: Scene } {
  const other = copyScene(folder, join(temporaryFolder(), 'other'));
  rmSync(join(other.comfy, 'input'), { recursive: true });
  const made = makeRepository();
  made.git('config', 'comfy.directory', other.comfy);
  made.commit({ '.gitattributes': 'workflows/*.json -text filter=comfy\n' });
  return { made, other };
}

test('another repository takes it in, knows the picture and makes it again', async () => {
  const zip = await archive();
  const { made, other } = elsewhere();
  writeFileSync(join(made.path, 'renamed.png'), readFileSync(picturePath()));
  const dry = await said(made.path, ['import', zip, '--dry-run']);
  expect(dry.out).toContain('workflow: workflows/portrait.json would write');
  expect(existsSync(join(made.path, 'workflows'))).toBe(false);
  const taken = await said(made.path, ['import', zip]);
  expect(taken).toMatchObject({
    code: 0,
    out: expect.stringMatching(/recorded as [0-9a-f]{12}\nworkflow: workflows\/portrait.json written\n/),
  });
  expect(JSON.parse(made.read('workflows/portrait.json'))).toMatchObject({ 9: { class_type: 'KSampler' } });
  expect(readFileSync(join(other.comfy, 'input/refs/pose.png'))).toEqual(picture(7));
  const shown = await said(made.path, ['show', 'renamed.png']);
  expect(shown.out).toContain('dream.safetensors');
  const { url, close } = await startSimulator({ base: other.comfy });
  onTestFinished(close);
  const again = await said(made.path, ['reproduce', 'renamed.png'], url);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('same samples') });
  const twice = await said(made.path, ['import', zip]);
  expect(twice.out).toContain(
    'was known already\nworkflow: workflows/portrait.json is there already\ninput refs/pose.png: is there already',
  );
});

test('nothing that is there is overwritten', async () => {
  const zip = await archive();
  const { made, other } = elsewhere();
  made.write('workflows/portrait.json', '{"mine": true}');
  other.put('input/refs/pose.png', 'mine');
  const { out } = await said(made.path, ['import', zip]);
  expect(out).toContain('workflow: workflows/portrait.json is there with other content and stays');
  expect(out).toMatch(
    /input refs\/pose\.png: written into ComfyUI's input folder as git-comfy\/[0-9a-f]{12}\/pose\.png/,
  );
  expect(made.read('workflows/portrait.json')).toBe('{"mine": true}');
  expect(readFileSync(join(other.comfy, 'input/refs/pose.png'), 'utf8')).toBe('mine');
  const moved = await said(made.path, ['import', zip, '--to', 'workflows/theirs.json']);
  expect(moved.out).toContain('workflow: workflows/theirs.json written');
});

type Files = Map<string, Uint8Array>;
const filesOf = async (): Promise<Files> => readZip(readFileSync(await archive()));
async function written(files: Files): Promise<string> {
  const path = join(temporaryFolder(), 'theirs.zip');
  writeFileSync(path, await writeZip(files));
  return path;
}
const text = (files: Files, name: string) => Buffer.from(files.get(name) ?? '').toString();

/** Changes the record, with an id that fits. */
function rewritten(files: Files, change: (record: Record<string, unknown>) => object): Files {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, one]) => [key, sorted(one)]),
          )
        : value;
  const line = JSON.stringify(sorted(change(JSON.parse(text(files, 'record.json')))));
  files.set('record.json', Buffer.from(line));
  return files.set('git-comfy.json', Buffer.from(JSON.stringify({ export: 1, record: sha256(line) })));
}

test.each<[string, string, (files: Files) => unknown]>([
  [
    'another prompt',
    'export-damaged',
    (files) => files.set('snapshot.json', Buffer.from('{"snapshot":1,"prompt":{}}')),
  ],
  ['no state', 'export-damaged', (files) => files.delete('state.json')],
  [
    'another record',
    'export-damaged',
    (files) =>
      files.set('record.json', Buffer.from(text(files, 'record.json').replace('"seeds":{', '"seeds":{"1.x":"1",'))),
  ],
  ['another input', 'export-damaged', (files) => files.set('inputs/refs/pose.png', picture(8))],
  ['an input that the run did not read', 'export-damaged', (files) => files.set('inputs/evil.py', Buffer.from('x'))],
  ['no manifest', 'not-an-export', (files) => files.delete('git-comfy.json')],
  [
    'a newer format',
    'export-newer',
    (files) => files.set('git-comfy.json', Buffer.from('{"export": 2, "record": "x"}')),
  ],
])('an archive with %s is refused', async (_, code, change) => {
  const files = await filesOf();
  change(files);
  expect(() => readArchive(files)).toThrow(expect.objectContaining({ code }));
});

test('of an archive that is refused nothing is written', async () => {
  const made = makeRepository();
  const files = await filesOf();
  files.set('inputs/refs/pose.png', picture(8));
  const { out, code } = await said(made.path, ['import', await written(files), '--json']);
  expect([code, JSON.parse(out).error.code]).toEqual([2, 'export-damaged']);
  expect(made.git('status', '--porcelain')).toBe('');
});

test.each(['.git/hooks/pre-commit', '.github/workflows/x.json', '../x.json', 'workflows/run.sh', '/x.json'])(
  'a workflow that would go to %s goes to the usual place',
  async (path) => {
    const made = makeRepository();
    const files = rewritten(await filesOf(), (record) => ({ ...record, workflow: { path, blob: '0'.repeat(40) } }));
    const zip = await written(files);
    const { out, code } = await said(made.path, ['import', zip]);
    expect(code).toBe(0);
    expect(out).toMatch(/^workflow: workflows\/(?:x|imported)\.json written; not tracked/m);
  },
);

test('what an export needs is said', async () => {
  const words = (...more: string[]) => said(scene.repository, ['export', ...more]);
  expect((await words('picture.png', '--format', 'zip')).err).toContain('say where the archive goes');
  expect((await words('--format', 'intoto')).err).toContain('say which output');
  expect((await words('picture.png', '--format', 'spdx')).err).toContain('formats are: intoto, manager, zip');
});
