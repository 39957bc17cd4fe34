// The built program where the server is missing, is no ComfyUI, or lacks what the workflow needs.
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/build.js';
import { encodePng } from '../support/encode-png.js';
import { readyRepository, refused } from '../support/refusal.js';
import { closedPort, handMade, simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';

const small = 'workflows/small.json';
const html = '<!doctype html><title>It works</title>';

describe.each([['run'], ['prompt']])('%s', (name) => {
  test('no server', async () => {
    const { path } = await readyRepository();
    const url = await closedPort();
    const { stderr } = await refused(path, [name, small, '--server', url]);
    expect(stderr).toContain(`no ComfyUI server at ${url} (nothing listens there)`);
    expect(stderr).toContain('--server http://host:port');
  });

  test.each([
    ['with an HTML page', 200, 'text/html', html],
    ['with an HTML page that says to be JSON', 200, 'application/json', html],
    ['with JSON of something else', 200, 'application/json', '{"status": "up"}'],
    ['with a list', 200, 'application/json', '[]'],
    ['with nothing', 200, 'application/json', ''],
    ['that there is nothing', 404, 'text/plain', 'Not Found'],
    ['with an error of its own', 500, 'text/html', html],
    ['with a redirect', 302, 'text/html', ''],
    ['that one has to log in', 401, 'text/html', html],
  ])('a server that answers %s', async (_, status, type, body) => {
    const { path } = await readyRepository();
    const url = await handMade((_request, response) => {
      response.writeHead(status, { 'content-type': type, location: 'http://example.org/' });
      response.end(body);
    });
    const { stderr } = await refused(path, [name, small, '--server', url]);
    expect(stderr).toContain(url.replace('http://', ''));
    expect(stderr).not.toContain('<');
  });

  test('an address that is none', async () => {
    const { path } = await readyRepository();
    const { stderr } = await refused(path, [name, small, '--server', 'ftp://nonsense']);
    expect(stderr).toContain('"ftp://nonsense" is no address of a server');
  });

  test('a node type that the server does not have', async () => {
    const repository = await readyRepository();
    const { url } = await simulated();
    repository.write('odd.json', smallWorkflow().replaceAll('CheckpointLoaderSimple', 'NobodyKnowsThis'));
    const { stderr } = await refused(repository.path, [name, 'odd.json', '--server', url]);
    expect(stderr).toContain('NobodyKnowsThis');
  });
});

test('a server of another kind is no reason for lock to fail, but it is said', async () => {
  const { path } = await readyRepository();
  const url = await handMade((_, response) => response.end(html));
  const { code, stderr, stdout } = await runProgram(path, ['lock', '--server', url]);
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
});

test.each(['lock', 'verify', 'reproduce'])('%s with a server that was named and does not answer', async (name) => {
  const repository = await readyRepository();
  const samples = new Uint8Array(12);
  repository.write('foreign.png', encodePng({ width: 2, height: 2, colorType: 2, bits: 8, samples }));
  const url = await closedPort();
  const target = name === 'reproduce' ? ['foreign.png'] : [];
  const { stderr } = await refused(repository.path, [name, ...target, '--server', url]);
  expect(stderr).toMatch(name === 'reproduce' ? /nothing is recorded|no ComfyUI server/ : /no ComfyUI server/);
});
