import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { cleanBytes, openBlob, smudgedText } from '../../src/workflow/clean.js';
import type { UntimedLayout } from '../../src/workflow/layout.js';
import { temporaryFolder } from '../support/git.js';
import { setUpFrontend } from './set-up.js';

/**
 * Opens each workflow of the corpus four times in the real frontend: as it is, in normal form, and checked out with its own
 * layout and with none. GIT_COMFY_FRONTEND_FILES runs that many, spread evenly over the corpus; without it, all.
 */
const corpus = process.env['GIT_COMFY_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus');
const every = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
  .filter((name) => /^(?:workflows|pairs)\/.*\.json$/.test(name) && !name.endsWith('.prompt.json'))
  .sort();
const wanted = Math.min(every.length, Number(process.env['GIT_COMFY_FRONTEND_FILES'] ?? every.length));
const files = Array.from({ length: wanted }, (_, at) => every[Math.floor((at * every.length) / wanted)] ?? '');

const forms = ['as it is', 'normal form', 'with its layout', 'with none'] as const;
type Form = (typeof forms)[number];

interface Seen {
  readonly ok: boolean;
  /** As JSON with sorted keys. */
  readonly prompt: string;
  readonly errors: readonly string[];
}

function textsOf(bytes: Buffer): Readonly<Record<Form, string>> {
  const cleaned = cleanBytes(bytes);
  if (cleaned.kind !== 'workflow') throw new Error('not a workflow');
  const opened = openBlob(cleaned.bytes);
  if (opened.kind !== 'workflow') throw new Error('its normal form is not one');
  const smudged = (layout: UntimedLayout | undefined) => smudgedText(opened.normal, layout);
  return {
    'as it is': bytes.toString(),
    'normal form': cleaned.bytes.toString(),
    'with its layout': smudged(cleaned.layout),
    'with none': smudged(undefined),
  };
}

const sorted = (_: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** What the frontend makes of files, in their order. */
async function prompts(paths: readonly string[]): Promise<Seen[]> {
  const tools = setUpFrontend();
  if (tools === undefined) throw new Error('no frontend oracle: GIT_COMFY_ORACLE names its folder');
  const info = join(corpus, 'oracle/object_info-0.8.0.json.gz');
  const options = [
    '--frontend',
    tools.frontend,
    '--object-info',
    info,
    '--concurrency',
    String(availableParallelism()),
  ];
  const child = spawn(process.execPath, [tools.oracle, 'prompt', ...options, '-'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(paths.join('\n'));
  const seen: Seen[] = [];
  for await (const line of createInterface(child.stdout)) {
    const { ok, prompt, errors } = JSON.parse(line) as { ok: boolean; prompt: unknown; errors: string[] };
    seen.push({ ok, prompt: JSON.stringify(prompt, sorted), errors });
    // Half an hour on a busy machine: somebody waits for a sign.
    if (seen.length % 400 === 0) console.log(`${seen.length} of ${paths.length} opened`);
  }
  return seen;
}

test(`the real frontend makes the same prompt of ${wanted} workflows in every form`, async () => {
  const folder = temporaryFolder();
  const paths = files.flatMap((name, at) => {
    const texts = textsOf(readFileSync(join(corpus, name)));
    mkdirSync(join(folder, String(at)));
    return forms.map((form) => {
      const path = join(folder, String(at), `${form}.json`);
      writeFileSync(path, texts[form]);
      return path;
    });
  });
  const seen = await prompts(paths);
  expect(seen.length).toBe(paths.length);
  const unreadable: string[] = [];
  const wrong: string[] = [];
  files.forEach((name, at) => {
    const [original, ...ours] = seen.slice(at * forms.length, (at + 1) * forms.length);
    // What the frontend refuses as it was saved says nothing about us.
    if (original?.ok !== true) unreadable.push(name);
    else {
      ours.forEach(({ ok, prompt, errors }, which) => {
        const how = ok ? 'another prompt' : errors.join('; ');
        if (!ok || prompt !== original.prompt) wrong.push(`${name}, ${forms[which + 1]}: ${how}`);
      });
    }
  });
  console.log(
    `${files.length} workflows, ${unreadable.length} of which the frontend refuses as they are: ${unreadable.join(', ')}`,
  );
  expect(wrong).toEqual([]);
  expect(unreadable.length).toBeLessThan(files.length / 20);
});
