import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deinit } from '../../src/setup/deinit.js';
import { doctor } from '../../src/setup/doctor.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, type TestRepository, temporaryFolder } from '../support/git.js';
import { closedPort } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';

const shipped = readFileSync(new URL('../../templates/capture-pack/__init__.py', import.meta.url), 'utf8');

interface Made {
  readonly made: TestRepository;
  /** Where the pack goes. */
  readonly folder: string;
  readonly file: string;
}

/** A repository that knows a ComfyUI with an empty `custom_nodes`, and no server. */
async function withComfyui(): Promise<Made> {
  const made = makeRepository();
  const comfy = join(temporaryFolder(), 'ComfyUI');
  mkdirSync(join(comfy, 'custom_nodes'), { recursive: true });
  for (const name of ['main.py', 'folder_paths.py']) writeFileSync(join(comfy, name), '');
  made.git('config', 'comfy.directory', comfy);
  made.git('config', 'comfy.server', await closedPort());
  const folder = join(comfy, 'custom_nodes/git-comfy-capture');
  return { made, folder, file: join(folder, '__init__.py') };
}

const install = (made: TestRepository, more = {}) => {
  const { context, err } = captured(made.path, { program });
  const options = { track: [], nested: false, dryRun: false, capturePack: true, ...more };
  return { done: init(context, options), err };
};

const put = ({ folder, file }: Made, text: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
};

const found = async ({ made }: Made) =>
  (await doctor(captured(made.path, { program }).context, false)).findings.filter(({ text }) =>
    /capture pack/.test(text),
  );

test('only --capture-pack puts the pack into ComfyUI, after saying so, and deinit takes it out again', async () => {
  const at = await withComfyui();
  await install(at.made, { capturePack: false }).done;
  expect(existsSync(at.folder)).toBe(false);
  const { done, err } = install(at.made);
  await done;
  expect(err()).toContain(`about to write the capture pack into ${at.folder} (restart ComfyUI to load it)`);
  expect(readFileSync(at.file, 'utf8')).toBe(shipped);
  expect((await install(at.made).done).steps).toEqual([]);
  const { remarks } = await deinit(captured(at.made.path, { program }).context, { purge: false, dryRun: false });
  expect(remarks).toEqual([]);
  expect(readdirSync(join(at.folder, '..'))).toEqual([]);
  expect(at.made.git('config', '--list')).not.toContain('capturepack');
});

test('--dry-run says where it would go', async () => {
  const at = await withComfyui();
  const { steps } = await install(at.made, { dryRun: true }).done;
  expect(steps.join('\n')).toContain(`write the capture pack into ${at.folder}`);
  expect(existsSync(at.folder)).toBe(false);
});

test('the folder that a running server named is as good as one that was configured', async () => {
  const made = makeRepository();
  const comfy = await startComfy();
  made.git('config', 'comfy.server', comfy.url);
  await install(made).done;
  expect(comfy.read('custom_nodes/git-comfy-capture/__init__.py').toString()).toBe(shipped);
});

test('without a ComfyUI nothing is done, and how to name one is said', async () => {
  const made = makeRepository();
  made.git('config', 'comfy.server', await closedPort());
  await expect(install(made).done).rejects.toMatchObject({ code: 'no-comfyui' });
  expect(existsSync(join(made.path, 'comfy.yaml'))).toBe(false);
});

test("somebody else's folder of that name stays, and so does a newer pack", async () => {
  const at = await withComfyui();
  put(at, 'print("mine")\n');
  await expect(install(at.made).done).rejects.toMatchObject({ code: 'other-capture-pack' });
  put(at, shipped.replace(/^VERSION = .*/m, 'VERSION = "99.0.0"'));
  await expect(install(at.made).done).rejects.toMatchObject({ code: 'newer-capture-pack' });
  expect(readFileSync(at.file, 'utf8')).toContain('99.0.0');
  expect(await found(at)).toMatchObject([{ state: 'note', text: expect.stringContaining('newer than this program') }]);
});

test('doctor tells an old pack, an edited one and one that is gone, and init renews it', async () => {
  const at = await withComfyui();
  await install(at.made).done;
  expect(await found(at)).toMatchObject([{ state: 'fine' }]);
  put(at, shipped.replace(/^VERSION = .*/m, 'VERSION = "0.9.10"'));
  expect(await found(at)).toMatchObject([
    { state: 'wrong', text: expect.stringContaining('is version 0.9.10'), hint: 'git comfy init --capture-pack' },
  ]);
  await install(at.made).done;
  expect(readFileSync(at.file, 'utf8')).toBe(shipped);
  put(at, `${shipped}# mine\n`);
  expect(await found(at)).toMatchObject([{ state: 'note' }]);
  at.made.git('config', 'comfy.capturePack', join(at.folder, '../elsewhere/git-comfy-capture'));
  expect((await found(at))[0]).toMatchObject({ state: 'wrong', text: expect.stringContaining('no longer in') });
});

test('deinit removes nothing that is not the pack, whatever the configuration says', async () => {
  const at = await withComfyui();
  await install(at.made).done;
  put(at, 'print("mine now")\n');
  await deinit(captured(at.made.path, { program }).context, { purge: false, dryRun: false });
  expect(readFileSync(at.file, 'utf8')).toBe('print("mine now")\n');
});
