// The way models really come: by https, with a certificate that has to be one.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockRepository } from '../../src/capture/lock.js';
import { runProgram } from '../support/build.js';
import { lora, makeProject, promptOf, quiet, signal } from '../support/comfy-project.js';
import { temporaryFolder } from '../support/git.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A server of this machine whose certificate nobody knows but those who are told. */
async function secureServer(bytes: Buffer): Promise<{ readonly url: string; readonly certificate: string }> {
  const folder = temporaryFolder();
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', [...made, ...names], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, certificate };
}

test.skipIf(!hasOpenssl)('a model comes by https, and from nobody whose certificate is none', async () => {
  const { url, certificate } = await secureServer(Buffer.from('ink'));
  const project = makeProject();
  project.put('models/loras/ink.safetensors', 'ink');
  project.write('portrait.json', promptOf(lora('ink.safetensors')));
  project.git('add', '.');
  await lockRepository(await project.open(), { around: await project.around(), signal, talk: quiet });
  const text = project.read('comfy.lock');
  writeFileSync(
    join(project.path, 'comfy.lock'),
    text.replace('    digest:', `    sources:\n      - ${url}/ink\n    digest:`),
  );
  project.remove('models/loras/ink.safetensors');
  const env = { GIT_COMFY_SERVER: 'http://127.0.0.1:9' };
  const refused = await runProgram(project.path, ['provide', '--models'], env);
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('localhost is no source') });
  project.git('config', 'comfy.source', url);
  const unknown = await runProgram(project.path, ['provide', '--models'], env);
  expect(unknown).toMatchObject({ code: 1, stdout: expect.stringMatching(/cannot be reached \(.*certificate/) });
  const fetched = await runProgram(project.path, ['provide'], { ...env, NODE_EXTRA_CA_CERTS: certificate });
  expect(fetched).toMatchObject({ code: 0, stdout: expect.stringContaining('fetched: ') });
  expect(readFileSync(join(project.comfy, 'models/loras/ink.safetensors'), 'utf8')).toBe('ink');
});
