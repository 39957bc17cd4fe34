// Ctrl-C while a command reads: nothing of the repository may be any different afterwards.
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import type { TestRepository } from '../support/git.js';
import { temporaryFolder } from '../support/git.js';
import { interrupt, leftovers, senders, start, untilReading } from '../support/processes.js';
import { contentOf, readyRepository } from '../support/refusal.js';

/** Bytes; takes minutes to hash and no room on the disk. */
const huge = 2 ** 38;

interface Stage {
  readonly repository: TestRepository;
  /** The model that its workflow names. */
  readonly model: string;
  readonly env: Record<string, string>;
}

async function withHugeModel(): Promise<Stage> {
  const repository = await readyRepository();
  const comfy = join(temporaryFolder(), 'ComfyUI');
  const model = join(comfy, 'models/checkpoints/dreamshaper_8.safetensors');
  mkdirSync(dirname(model), { recursive: true });
  for (const name of ['main.py', 'folder_paths.py']) writeFileSync(join(comfy, name), '');
  writeFileSync(model, '');
  truncateSync(model, huge);
  repository.git('config', 'comfy.directory', comfy);
  return { repository, model, env: { XDG_CACHE_HOME: temporaryFolder(), TMPDIR: temporaryFolder() } };
}

describe.each(senders)('Ctrl-C from %s', (sender) => {
  test('lock', async () => {
    const { repository, model, env } = await withHugeModel();
    const before = contentOf(repository.path);
    const running = start(repository.path, ['lock'], env);
    await untilReading(running, model);
    await interrupt(running, sender);
    expect(contentOf(repository.path)).toEqual(before);
  });

  test('verify', async () => {
    const { repository, model, env } = await withHugeModel();
    repository.write('comfy.lock', lockOf(huge));
    const before = contentOf(repository.path);
    const running = start(repository.path, ['verify'], env);
    await untilReading(running, model);
    await interrupt(running, sender);
    expect(contentOf(repository.path)).toEqual(before);
  });

  test('commit, which hashes for some seconds', async () => {
    const { repository, model, env } = await withHugeModel();
    repository.write('other.txt', 'staged');
    repository.git('add', '.');
    const before = contentOf(repository.path);
    const running = start(repository.path, ['commit', '-m', 'more'], env);
    await untilReading(running, model);
    await interrupt(running, sender);
    expect(contentOf(repository.path)).toEqual(before);
  });
});

test('the lock of an interrupted commit is not in the way of the next one', async () => {
  const { repository, model, env } = await withHugeModel();
  repository.write('other.txt', 'staged');
  repository.git('add', '.');
  const running = start(repository.path, ['commit', '-m', 'more'], env);
  await untilReading(running, model);
  await interrupt(running);
  expect(leftovers(repository)).toEqual([]);
  truncateSync(model, 10);
  expect(await runProgram(repository.path, ['commit', '-m', 'more'], env)).toMatchObject({ code: 0 });
});

const lockOf = (size: number) => `lockfileVersion: 1
models:
  checkpoints/dreamshaper_8.safetensors:
    digest: sha256:${'ab'.repeat(32)}
    size: ${size}
workflows:
  workflows/small.json:
    models:
      - checkpoints/dreamshaper_8.safetensors
`;
