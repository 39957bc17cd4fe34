// A disk that is full in the middle of a file: a message, and every file whole, the old one or none.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJson } from '../../src/workflow/json.js';
import { runProgram } from '../support/build.js';
import type { TestRepository } from '../support/git.js';
import { writeOutputs } from '../support/outputs.js';
import { journalOf, leftovers, limited, withFullDisk } from '../support/processes.js';
import { contentOf, readyRepository } from '../support/refusal.js';
import { handMade, plainPrompt, simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

/** Workflows whose lock is larger than a limit of a few blocks. */
function stageMany(repository: TestRepository): void {
  for (let at = 0; at < 40; at++) {
    const name = `-${'long'.repeat(40)}${at}.safetensors`;
    repository.write(`workflows/w${at}.json`, smallWorkflow().replaceAll('.safetensors', name));
  }
  repository.git('add', '.');
}

/** A repository with a prompt, and a ComfyUI on another machine: its files have to be fetched. */
async function withServerElsewhere(): Promise<{ repository: TestRepository; env: Record<string, string> }> {
  const repository = await readyRepository();
  repository.write('workflows/noise.json', writeJson(plainPrompt()));
  repository.git('add', '.');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'noise');
  const { url } = await simulated();
  const proxy = await handMade(async (request, response) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    if (request.url?.startsWith('/internal/') === true) return response.writeHead(404).end();
    const init = request.method === 'POST' ? { method: 'POST', body: Buffer.concat(body) } : {};
    const answer = await fetch(`${url}${request.url}`, { ...init, headers: { 'content-type': 'application/json' } });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    return response.end(Buffer.from(await answer.arrayBuffer()));
  });
  return { repository, env: { GIT_COMFY_SERVER: proxy } };
}

test.each([['lock'], ['commit', '-m', 'many']])('%s: the old lock stays', async (...words) => {
  const repository = await readyRepository();
  await runProgram(repository.path, ['lock']);
  stageMany(repository);
  const [lock, head, index] = [
    repository.read('comfy.lock'),
    repository.git('rev-parse', 'HEAD'),
    repository.git('ls-files', '-s'),
  ];
  const { code, stderr } = await withFullDisk(repository.path, 16, words);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/make room|raise the limit/);
  expect(repository.read('comfy.lock')).toBe(lock);
  expect(repository.git('rev-parse', 'HEAD')).toBe(head);
  expect(repository.git('ls-files', '-s')).toBe(index);
  expect(leftovers(repository)).toEqual([]);
});

test('run: no half of an output, and no record of one that is not there', async () => {
  const { repository, env } = await withServerElsewhere();
  const { code, stderr } = await withFullDisk(repository.path, 4, ['run', 'workflows/noise.json'], env);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/make room|raise the limit/);
  expect(existsSync(join(repository.path, 'output/t')) ? readdirSync(join(repository.path, 'output/t')) : []).toEqual(
    [],
  );
  expect(journalOf(repository)).toEqual([]);
  expect(leftovers(repository)).toEqual([]);
});

test('record: what git could not write waits in the journal, and is taken in later', async () => {
  const repository = await readyRepository();
  const files = writeOutputs(repository, 60);
  const { code, stderr } = await withFullDisk(repository.path, 8, ['record', ...files]);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/make room|raise the limit/);
  expect(leftovers(repository)).toEqual([]);
  expect(journalOf(repository)).toHaveLength(60);
  expect(await runProgram(repository.path, ['record', ...files])).toMatchObject({ code: 0 });
  expect(journalOf(repository)).toEqual([]);
});

test('init: what could be written is whole, and the next one finishes it', async () => {
  const repository = await readyRepository();
  await runProgram(repository.path, ['deinit']);
  const before = contentOf(repository.path);
  const { code, stderr } = await withFullDisk(repository.path, 1, ['init']);
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(/make room|raise the limit/);
  expect(leftovers(repository)).toEqual([]);
  expect(await runProgram(repository.path, ['deinit'])).toMatchObject({ code: 0 });
  expect(contentOf(repository.path)).toEqual(before);
});

test('git add: the workflow is added, it is said that its layout could not be kept, and the next one is kept', async () => {
  const repository = await readyRepository();
  const small = JSON.parse(smallWorkflow()) as { nodes: { id: number; pos: number[] }[] };
  const [node] = small.nodes;
  small.nodes = Array.from({ length: 100 }, (_, id) => ({ ...node, id, pos: [id * 1000, id] }));
  repository.write('workflows/big.json', JSON.stringify({ ...small, links: [] }));
  repository.write('workflows/next.json', smallWorkflow({ x: 500 }));
  const { code, stderr } = await limited(repository.path, 8, ['git', 'add', 'workflows']);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('git comfy: the layout of workflows/big.json could not be kept');
  expect(repository.git('ls-files')).toContain('workflows/big.json');
  repository.git('commit', '--quiet', '--no-verify', '-m', 'folds the journal');
  const kept = repository.git('ls-tree', '-r', '--name-only', 'refs/comfy/store', 'layouts/');
  expect(kept).toContain(createHash('sha256').update('workflows/next.json').digest('hex'));
});
