import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toPrompt } from '../../src/workflow/convert.js';
import { fromPlain, isObject, type JsonObject, writeJson } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { conversionFixtures } from '../support/conversion-fixtures.js';
import { objectInfo, workflow } from './build.js';

// The prompts of these files are those of the real frontend 1.58.1, with the packs' own scripts where they need them.
const fixtures = conversionFixtures();
const converted = fixtures.filter(({ refused }) => refused === undefined);
const refused = fixtures.filter((fixture) => fixture.refused !== undefined);

const infoFor = (more: object) => new Map([...objectInfo, ...readObjectInfo(fromPlain(more))]);

test.each(converted)('$name', ({ workflow: file, objectInfo: more, prompt }) => {
  const made = toPrompt(workflow(file), infoFor(more));
  expect(JSON.parse(writeJson(withoutMeta(made)))).toEqual(prompt);
});

test.each(refused)('$name', ({ workflow: file, objectInfo: more, refused: code }) => {
  expect(() => toPrompt(workflow(file), infoFor(more))).toThrow(expect.objectContaining({ code }));
});

test('the page about conversion has a heading and this very example for each', () => {
  const page = readFileSync(new URL('../../docs/conversion.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/^<!-- (\S+) -->\n```json\n(.*?)```$/gms)].map(([, name, example]) => ({
    name,
    example,
  }));
  const wanted = fixtures.map(({ name, example }) => ({ name, example }));
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
    (a.name ?? '') < (b.name ?? '') ? -1 : 1;
  expect(examples.sort(byName)).toEqual(wanted.sort(byName));
});

function withoutMeta(prompt: JsonObject): JsonObject {
  return new Map(
    [...prompt].map(([id, node]) => [
      id,
      isObject(node) ? new Map([...node].filter(([key]) => key !== '_meta')) : node,
    ]),
  );
}
