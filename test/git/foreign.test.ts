import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readForeignRepository } from '../../src/git/foreign.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';

const path = process.env['PATH'];
afterEach(() => {
  process.env['PATH'] = path;
  delete process.env['GIT_DIR'];
  delete process.env['GIT_INDEX_FILE'];
});

const withoutGit = () => {
  process.env['PATH'] = '/nowhere';
};

function pack(...initArguments: string[]): TestRepository & { head: string } {
  const made = makeRepository(...initArguments);
  made.commit({
    'nodes.py': 'one\n',
    'gone.py': 'x',
    'mode.py': 'm',
    'sub dir/ü.py': 'u',
    '.gitignore': 'models/\n*.log\n',
  });
  made.git('remote', 'add', 'origin', 'https://ada:secret@example.org/pack.git?token=1');
  return { ...made, head: made.git('rev-parse', 'HEAD') };
}

function edit(made: TestRepository): void {
  made.write('nodes.py', 'two\n');
  rmSync(join(made.path, 'gone.py'));
  chmodSync(join(made.path, 'mode.py'), 0o755);
  made.write('new file.py', 'new');
  made.write('staged.log', 'ignored, yet staged');
  made.git('add', '-f', 'staged.log');
  symlinkSync('/etc/passwd', join(made.path, 'link'));
  made.write('models/big.safetensors', 'ignored');
  made.write('__pycache__/nodes.cpython-311.pyc', 'made by Python');
  made.git('init', '--quiet', 'nested');
  made.write('nested/inner.py', 'another repository');
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const edited = `sha256:${sha(
  [
    '100644 deleted gone.py\n',
    `120000 ${sha('/etc/passwd')} link\n`,
    `100755 ${sha('m')} mode.py\n`,
    `100644 ${sha('new')} new file.py\n`,
    `100644 ${sha('two\n')} nodes.py\n`,
    `100644 ${sha('ignored, yet staged')} staged.log\n`,
  ].join(''),
)}`;

test('a plain clone is read without git: commit, branch, remote without credentials', async () => {
  const made = pack();
  withoutGit();
  expect(await readForeignRepository(made.path)).toEqual({
    commit: made.head,
    branch: 'main',
    remote: 'https://example.org/pack.git',
  });
});

test('edits make the digest of product.md, in process and by git alike', async () => {
  const made = pack();
  edit(made);
  expect(await readForeignRepository(made.path)).toMatchObject({ commit: made.head, dirty: edited });
  made.git('config', 'include.path', 'nothing');
  withoutGit();
  expect(await readForeignRepository(made.path)).toMatchObject({
    notCaptured: expect.stringContaining('git could not'),
  });
  process.env['PATH'] = path;
  expect(await readForeignRepository(made.path)).toMatchObject({ commit: made.head, dirty: edited });
});

test('touched files and rewritten line ends are no edit', async () => {
  const made = pack();
  utimesSync(join(made.path, 'mode.py'), 1, 1);
  made.write('nodes.py', 'one\r\n');
  expect((await readForeignRepository(made.path)).dirty).toBeUndefined();
});

test('looking changes nothing, not even the index', async () => {
  const made = pack();
  utimesSync(join(made.path, 'nodes.py'), 1, 1);
  const before = readFileSync(join(made.path, '.git/index'));
  await readForeignRepository(made.path);
  made.git('config', 'include.path', 'nothing');
  await readForeignRepository(made.path);
  expect(readFileSync(join(made.path, '.git/index'))).toEqual(before);
});

test('a detached head, a packed ref and a clone by an address without credentials', async () => {
  const made = pack();
  made.git('pack-refs', '--all');
  made.git('checkout', '--quiet', '--detach');
  made.git('remote', 'set-url', 'origin', 'git@example.org:pack.git');
  expect(await readForeignRepository(made.path)).toEqual({ commit: made.head, remote: 'git@example.org:pack.git' });
});

test('a remote that is a path of this machine is not told', async () => {
  const made = pack();
  for (const url of ['/home/ada/pack.git', 'file:///home/ada/pack.git', 'C:\\packs\\a.git', '../a.git']) {
    made.git('remote', 'set-url', 'origin', url);
    expect(await readForeignRepository(made.path)).toEqual({ commit: made.head, branch: 'main' });
  }
});

test.each<[string, string[], string]>([
  ['a linked work tree', ['worktree', 'add', '--quiet', '-b', 'other', '../linked'], '../linked'],
  ['a split index', ['update-index', '--split-index'], '.'],
  ['index version 4', ['update-index', '--index-version', '4'], '.'],
  ['a clone that shares objects', ['clone', '--quiet', '--shared', '.', '../shared'], '../shared'],
  ['a sparse checkout', ['sparse-checkout', 'set', '--sparse-index', 'sub dir'], '.'],
])('%s is read right, and edits in it are seen', async (_, special, folder) => {
  const made = pack();
  made.git(...special);
  const other = repositoryAt(join(made.path, folder));
  expect(await readForeignRepository(other.path)).toMatchObject({ commit: made.head });
  expect((await readForeignRepository(other.path)).dirty).toBeUndefined();
  other.write('sub dir/ü.py', 'edited');
  const line = `100644 ${sha('edited')} sub dir/ü.py\n`;
  expect((await readForeignRepository(other.path)).dirty).toBe(`sha256:${sha(line)}`);
});

test('a sha256 repository is read by git', async () => {
  const made = pack('--object-format=sha256');
  expect((await readForeignRepository(made.path)).commit).toBe(made.head);
});

test('a submodule is read as what it is', async () => {
  const made = pack();
  const outer = makeRepository();
  outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', made.path, 'packs/one');
  withoutGit();
  expect(await readForeignRepository(join(outer.path, 'packs/one'))).toMatchObject({ commit: made.head });
});

test.each<[string, (folder: string, gitDir: string) => void]>([
  ['names', (folder, gitDir) => writeFileSync(join(folder, '.git'), `gitdir: ${gitDir}\n`)],
  ['links to', (folder, gitDir) => symlinkSync(gitDir, join(folder, '.git'))],
])("a folder whose .git %s another's repository is not taken for it", async (_, point) => {
  const [made, folder] = [pack(), temporaryFolder()];
  point(folder, join(made.path, '.git'));
  expect(await readForeignRepository(folder)).toEqual({
    notCaptured: 'its .git leads to a repository that does not know it',
  });
});

test('before the first commit, and in a folder without git, there is a reason', async () => {
  expect(await readForeignRepository(makeRepository().path)).toMatchObject({
    notCaptured: 'the repository has no commit',
  });
  expect(await readForeignRepository(temporaryFolder())).toEqual({ notCaptured: 'no git repository' });
});

test('the variables of a hook of our own repository do not lead into it', async () => {
  const ours = pack();
  const made = pack();
  const commit = made.commit({ 'other.py': '2' });
  made.git('config', 'include.path', 'nothing');
  process.env['GIT_DIR'] = join(ours.path, '.git');
  process.env['GIT_INDEX_FILE'] = '.git/index';
  expect(await readForeignRepository(made.path)).toMatchObject({ commit });
});

test.each([['in process', false] as const, ['by git', true] as const])(
  'nothing of it runs: read %s',
  async (_, special) => {
    const made = pack();
    const ran = join(temporaryFolder(), 'ran');
    const trip = join(made.path, '.git/trip.sh');
    writeFileSync(trip, `#!/bin/sh\ntouch '${ran}'\ncat\n`, { mode: 0o755 });
    made.commit({ '.gitattributes': '*.py filter=evil diff=evil\n*.txt filter=evil.two\n', 'a.txt': 'a' });
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction', 'fsmonitor-watchman']) {
      writeFileSync(join(made.path, '.git/hooks', hook), `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
    }
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'filter.evil.process', 'filter.evil.two.clean']) {
      made.git('config', key, trip);
    }
    for (const key of [
      'diff.evil.textconv',
      'core.sshCommand',
      'core.pager',
      'core.editor',
      'remote.evil.uploadpack',
    ]) {
      made.git('config', key, trip);
    }
    made.git('config', 'filter.evil.required', 'true');
    made.git('config', 'protocol.ext.allow', 'always');
    made.git('config', 'remote.evil.url', `ext::${trip}`);
    made.git('config', 'remote.evil.promisor', 'true');
    made.git('config', 'extensions.partialClone', 'evil');
    made.git('config', 'core.repositoryFormatVersion', '1');
    if (!special) {
      made.git('config', '--unset', 'extensions.partialClone');
    }
    rmSync(ran, { force: true });
    made.write('nodes.py', 'two\n');
    made.write('a.txt', 'b');
    utimesSync(join(made.path, 'mode.py'), 1, 1);
    const read = await readForeignRepository(made.path);
    expect(read.commit).toBe(made.git('rev-parse', 'HEAD'));
    expect(read.dirty).toBe(`sha256:${sha(`100644 ${sha('b')} a.txt\n100644 ${sha('two\n')} nodes.py\n`)}`);
    expect(existsSync(ran)).toBe(false);
    // The wires are live: plain git trips over them.
    spawnSync('git', ['status'], { cwd: made.path });
    expect(existsSync(ran)).toBe(true);
  },
);

test('a missing object is not fetched by what the repository names', async () => {
  const made = pack();
  const ran = join(temporaryFolder(), 'ran');
  for (const [key, value] of Object.entries({
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'evil',
    'remote.evil.url': `ext::touch ${ran}`,
    'remote.evil.promisor': 'true',
    'protocol.ext.allow': 'always',
  })) {
    made.git('config', key, value);
  }
  const tree = made.git('rev-parse', 'HEAD^{tree}');
  rmSync(join(made.path, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  expect((await readForeignRepository(made.path)).notCaptured).toContain('git could not read it');
  expect(existsSync(ran)).toBe(false);
});
