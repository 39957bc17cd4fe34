import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { promptCommand } from '../../src/commands/prompt.js';
import { parseJson, toPlain } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { temporaryFolder } from '../support/git.js';
import { closedPort, simulated } from '../support/simulated.js';
import { smallWorkflow } from '../support/workflow.js';
import { textToImage } from '../workflow/build.js';

const objectInfo = fileURLToPath(new URL('../fixtures/graph/object_info.json', import.meta.url));

async function prompt(content: string, options: Record<string, string>) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.json'), content);
  const { text } = await promptCommand.run(captured(folder).context, { args: ['a.json'], options });
  return { text, plain: toPlain(parseJson(text)) as Record<string, { inputs: Record<string, unknown> }> };
}

test('a workflow becomes the prompt, with interfaces from a file', async () => {
  const { plain } = await prompt(JSON.stringify(textToImage()), { objectInfo });
  expect(plain['3']?.inputs).toMatchObject({ seed: 42, steps: 20, model: ['4', 0] });
});

test('interfaces from a server', async () => {
  const { url } = await simulated({ 'models/checkpoints/dreamshaper_8.safetensors': 'x' });
  const { plain } = await prompt(smallWorkflow({ steps: 33 }), { server: url });
  expect(plain['2']?.inputs).toMatchObject({ steps: 33, model: ['1', 0] });
});

test('what a terminal would obey is escaped, as JSON has it', async () => {
  const { text, plain } = await prompt('{"3":{"class_type":"X","inputs":{"text":"\u009b2J"}}}', {});
  expect(text).toContain('\\u009b2J');
  expect(plain['3']?.inputs).toEqual({ text: '\u009b2J' });
});

test('a prompt comes out as it is, every digit of it, without asking anybody', async () => {
  const { text } = await prompt('{"3":{"class_type":"X","inputs":{"seed":18446744073709551615,"cfg":7.0}}}', {});
  expect(text).toContain('"seed": 18446744073709551615');
  expect(text).toContain('"cfg": 7.0');
});

test.each([
  ['{"a":1}', {}, 'not-a-workflow'],
  ['{"nodes": [', {}, 'json-syntax'],
  [
    JSON.stringify({ version: 0.4, last_node_id: 1, nodes: [{ id: 1, type: 'Gone' }], links: [] }),
    { objectInfo },
    'unknown-node-type',
  ],
])('%s is refused by name', async (content, options, code) => {
  await expect(prompt(content, options)).rejects.toMatchObject({ code });
});

test('no server and no file: it says what to type', async () => {
  const server = await closedPort();
  await expect(prompt(smallWorkflow(), { server })).rejects.toMatchObject({ code: 'no-server' });
});
