import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { interfaceDigest } from '../../src/workflow/interface-digest.js';
import { fromPlain } from '../../src/workflow/json.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus';
type Plain = Record<string, unknown>;
const classes = JSON.parse(
  gunzipSync(readFileSync(join(corpus, 'oracle/object_info-0.8.0.json.gz'))).toString('utf8'),
) as Record<string, { input: Plain; input_order?: unknown }>;

function digestOf(name: string, node: unknown): string {
  const known = readObjectInfo(fromPlain({ [name]: node })).get(name);
  if (known === undefined) throw new Error(`${name} is no node`);
  return interfaceDigest(known);
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every map of input specs in a description, however deep: of the node, of options, of templates, of slots. */
function sections(value: unknown): Plain[] {
  if (Array.isArray(value)) return value.flatMap(sections);
  if (!isPlain(value)) return [];
  const own = [value['required'], value['optional']].filter(isPlain);
  return [...own, ...Object.values(value).flatMap(sections)];
}

const edits: Record<string, (section: Plain, name: string) => boolean> = {
  'a renamed input': (section, name) => {
    section[`${name}_2`] = section[name];
    delete section[name];
    return true;
  },
  'an input less': (section, name) => delete section[name],
  'an input more': (section) => {
    section['something_new'] = ['INT', { default: 1 }];
    return true;
  },
  'another type': (section, name) => {
    section[name] = ['SOMETHING_ELSE', {}];
    return true;
  },
  'another default': (section, name) => {
    const spec = section[name];
    const options = Array.isArray(spec) && isPlain(spec[1]) ? spec[1] : undefined;
    if (options === undefined || !('default' in options)) return false;
    options['default'] = 'another default';
    return true;
  },
  'other allowed types': (section, name) => {
    const spec = section[name];
    const template = Array.isArray(spec) && isPlain(spec[1]) ? spec[1]['template'] : undefined;
    if (!isPlain(template) || !('allowed_types' in template)) return false;
    template['allowed_types'] = 'AUDIO';
    return true;
  },
};

test.each(Object.entries(edits))('%s changes the digest of every class, inside dynamic inputs too', (_, edit) => {
  let made = 0;
  const unseen: string[] = [];
  for (const [name, node] of Object.entries(classes)) {
    const before = digestOf(name, node);
    sections(node.input).forEach((section, at) => {
      for (const input of Object.keys(section)) {
        const copy = structuredClone({ ...node, input_order: undefined });
        const target = sections(copy.input)[at];
        if (target === undefined || !edit(target, input)) continue;
        made++;
        if (digestOf(name, copy) === before) unseen.push(`${name} ${input}`);
      }
    });
  }
  expect(unseen).toEqual([]);
  expect(made).toBeGreaterThan(0);
});

test('the files in a folder change none', () => {
  for (const [name, node] of Object.entries(classes)) {
    const copy = structuredClone(node);
    for (const section of sections(copy.input)) {
      for (const spec of Object.values(section)) {
        if (Array.isArray(spec) && Array.isArray(spec[0])) spec[0] = ['one.safetensors', ...spec[0]];
      }
    }
    expect(digestOf(name, copy)).toBe(digestOf(name, node));
  }
});
