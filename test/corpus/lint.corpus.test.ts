// What the lint says of real workflows: the figures were read through by hand once, and should not drift unseen.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Linted } from '../../src/lock/lint/finding.js';
import { lint } from '../../src/lock/lint/lint.js';
import { readSource } from '../../src/workflow/read-source.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');

const files: Linted[] = ['workflows', 'pairs'].flatMap((folder) =>
  readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => {
      const text = readFileSync(join(corpus, folder, file), 'utf8');
      const source = readSource(Buffer.from(text));
      return source === undefined ? [] : [{ path: `${folder}/${file}`, source, text }];
    }),
);
const findings = lint(files, undefined);

test('every published template that asks a service is told, and no node that a server runs itself', () => {
  const told = findings.filter(({ code }) => code === 'api-node');
  const templates = files.map(({ path }) => path).filter((path) => /\/api_[^/]*$/.test(path));
  expect(templates.filter((path) => told.every((one) => one.path !== path))).toEqual([]);
  const info: Record<string, { python_module: string }> = JSON.parse(
    gunzipSync(readFileSync(join(corpus, 'oracle/object_info-0.8.0.json.gz'))).toString(),
  );
  const own = told.filter(({ text }) => {
    const module = info[/ node (.+) asks /.exec(text)?.[1] ?? '']?.python_module;
    return module !== undefined && !module.startsWith('comfy_api_nodes');
  });
  expect(own.map(({ text }) => text)).toEqual([]);
});

test('published workflows hold no credential, few paths, and agree on the packs', () => {
  const count = (wanted: string) => findings.filter(({ code }) => code === wanted).length;
  expect(count('secret-in-workflow')).toBe(0);
  expect(count('class-claimed-twice')).toBe(0);
  expect(count('absolute-path')).toBe(7);
});
