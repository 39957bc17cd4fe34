import { expect, test } from 'vitest';
import { filteredPaths } from '../../src/git/attributes.js';
import { trackedWorkflows, workflowsAt } from '../../src/git/tracked.js';
import { makeRepository, repositoryAt } from '../support/git.js';

const attributes = 'workflows/** -text filter=comfy\n';
const strange = ['workflows/a b.json', 'workflows/ü"q".json', 'workflows/tab\t.json', 'workflows/line\nbreak.json'];

test('paths with spaces, quotes, tabs and line breaks are found', async () => {
  const made = makeRepository();
  made.commit({ '.gitattributes': attributes, 'other.json': '{}' });
  made.commit(Object.fromEntries(strange.map((path) => [path, path])));
  const repository = await made.open();
  expect((await trackedWorkflows(repository)).map(({ path }) => path).sort()).toEqual([...strange].sort());
  expect(await filteredPaths(repository, [...strange, 'other.json'])).toEqual(new Set(strange));
});

test('each is given with blob and mode; links and conflicts are left out', async () => {
  const made = makeRepository();
  made.commit({ '.gitattributes': attributes, 'workflows/a.json': '{}' });
  const blob = made.git('rev-parse', 'HEAD:workflows/a.json');
  made.git('update-index', '--add', '--cacheinfo', `120000,${blob},workflows/link.json`);
  made.git('update-index', '--chmod=+x', 'workflows/a.json');
  expect(await trackedWorkflows(await made.open())).toEqual([{ path: 'workflows/a.json', blob, mode: '100755' }]);
});

test('the attributes of the commit decide for a commit, also in a bare repository', async () => {
  const made = makeRepository();
  const first = made.commit({ 'workflows/a.json': '{}' });
  const second = made.commit({ '.gitattributes': attributes });
  made.git('clone', '--quiet', '--bare', '.', '../bare.git');
  const bare = await repositoryAt(`${made.path}/../bare.git`).open();
  for (const repository of [await made.open(), bare]) {
    expect(await workflowsAt(repository, first)).toEqual([]);
    expect((await workflowsAt(repository, second)).map(({ path }) => path)).toEqual(['workflows/a.json']);
  }
});

test('works before the first commit', async () => {
  expect(await trackedWorkflows(await makeRepository().open())).toEqual([]);
});
