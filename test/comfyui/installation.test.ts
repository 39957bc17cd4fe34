import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findInstallation } from '../../src/comfyui/installation.js';
import { temporaryFolder } from '../support/git.js';

/** Files by path; what a folder of ComfyUI needs to be known as one is there already. */
function comfy(files: Record<string, string> = {}): string {
  const root = join(temporaryFolder(), 'ComfyUI');
  for (const [path, text] of Object.entries({ 'main.py': '', 'folder_paths.py': '', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('it is found from any folder inside', async () => {
  const root = comfy({ 'user/default/workflows/sub/x.json': '' });
  const found = await findInstallation({ cwd: join(root, 'user/default/workflows/sub') });
  expect(found?.root).toBe(root);
  expect(found?.input).toBe(join(root, 'input'));
  expect(found?.customNodes).toEqual([join(root, 'custom_nodes')]);
});

test('folders come in the order in which ComfyUI tries them', async () => {
  const root = comfy();
  const folders = (await findInstallation({ cwd: root }))?.modelFolders;
  expect(folders?.get('checkpoints')).toEqual([join(root, 'models/checkpoints'), join(root, 'output/checkpoints')]);
  expect(folders?.get('diffusion_models')?.slice(0, 2)).toEqual([
    join(root, 'models/unet'),
    join(root, 'models/diffusion_models'),
  ]);
  expect(folders?.get('text_encoders')?.at(-1)).toBe(join(root, 'output/clip'));
});

test('elsewhere there is none', async () => {
  expect(await findInstallation({ cwd: temporaryFolder() })).toBeUndefined();
});

test('the configured folder is used, and refused where it is no ComfyUI', async () => {
  const root = comfy();
  expect((await findInstallation({ cwd: temporaryFolder(), configured: root }))?.root).toBe(root);
  await expect(findInstallation({ cwd: root, configured: temporaryFolder() })).rejects.toMatchObject({
    code: 'comfy-directory',
  });
});

test('extra_model_paths.yaml adds folders', async () => {
  const root = comfy({
    'extra_model_paths.yaml': `
# comment
shared:
  base_path: ~/models
  is_default: true
  checkpoints: ckpts
  loras: |
    Lora
    LyCORIS
  clip: text
other:
  base_path: $DISK/more
  checkpoints: sd
  custom_nodes: nodes
  my_type: own
relative:
  vae: ../vae
empty:
`,
  });
  const env = { HOME: '/home/ada', DISK: '/mnt/disk' };
  const found = await findInstallation({ cwd: root, env });
  expect(found?.modelFolders.get('checkpoints')).toEqual([
    '/home/ada/models/ckpts',
    join(root, 'models/checkpoints'),
    '/mnt/disk/more/sd',
    join(root, 'output/checkpoints'),
  ]);
  expect(found?.modelFolders.get('loras')?.slice(0, 3)).toEqual([
    '/home/ada/models/LyCORIS',
    '/home/ada/models/Lora',
    join(root, 'models/loras'),
  ]);
  expect(found?.modelFolders.get('text_encoders')?.[0]).toBe('/home/ada/models/text');
  expect(found?.modelFolders.get('vae')?.[1]).toBe(join(dirname(root), 'vae'));
  expect(found?.modelFolders.get('my_type')).toEqual(['/mnt/disk/more/own']);
  expect(found?.customNodes.at(-1)).toBe('/mnt/disk/more/nodes');
});

test('a broken extra_model_paths.yaml is named', async () => {
  const root = comfy({ 'extra_model_paths.yaml': 'a: [\n' });
  await expect(findInstallation({ cwd: root })).rejects.toMatchObject({ code: 'extra-model-paths' });
});

test("the server's own folders count where this machine has them", async () => {
  const root = comfy({ 'elsewhere/ck/x': '', 'out/checkpoints/x': '', 'custom_nodes/p/x': '' });
  const serverFolders = new Map([
    ['checkpoints', [join(root, 'elsewhere/ck'), join(root, 'out/checkpoints')]],
    ['custom_nodes', [join(root, 'custom_nodes')]],
  ]);
  const found = await findInstallation({ cwd: temporaryFolder(), serverFolders });
  expect(found).toMatchObject({ root, output: join(root, 'out'), input: join(root, 'input') });
  expect(found?.modelFolders.get('checkpoints')?.[0]).toBe(join(root, 'elsewhere/ck'));
});

describe('a server whose files are apart from its code (--base-directory)', () => {
  const base = () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'custom_nodes'));
    return { folder, serverFolders: new Map([['custom_nodes', [join(folder, 'custom_nodes')]]]) };
  };

  test('is found by how it was started', async () => {
    const root = comfy({});
    const { serverFolders } = base();
    const found = await findInstallation({ cwd: temporaryFolder(), serverFolders, main: join(root, 'main.py') });
    expect(found).toMatchObject({ root, input: expect.not.stringContaining(root) });
  });

  test('is not taken for the folder of its files', async () => {
    const { folder, serverFolders } = base();
    const found = await findInstallation({ cwd: temporaryFolder(), serverFolders, main: 'main.py' });
    expect(found).not.toHaveProperty('root');
    expect(found?.output).toBe(join(folder, 'output'));
  });
});

test("another machine's folders do not", async () => {
  const serverFolders = new Map([
    ['checkpoints', ['/remote/models/checkpoints']],
    ['custom_nodes', ['/remote/nodes']],
  ]);
  expect(await findInstallation({ cwd: temporaryFolder(), serverFolders })).toBeUndefined();
});

test('a linked folder is followed to the ComfyUI it is in', async () => {
  const root = comfy({ 'user/default/workflows/x.json': '' });
  const link = join(temporaryFolder(), 'workflows');
  symlinkSync(join(root, 'user/default/workflows'), link);
  expect((await findInstallation({ cwd: link }))?.root).toBe(root);
});
