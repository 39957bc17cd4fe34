import { expect, test } from 'vitest';
import { interfaceDigest } from '../../src/workflow/interface-digest.js';
import type { NodeInterface } from '../../src/workflow/interfaces.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { fillWidgets, widgetNames } from '../../src/workflow/widgets.js';
import { document, objectInfo } from './build.js';

const classOf = (name: string): NodeInterface => {
  const found = objectInfo.get(name);
  if (found === undefined) throw new Error(`the fixture has no ${name}`);
  return found;
};

const one = (input: object, more: object = {}): NodeInterface => {
  const found = readObjectInfo(document({ X: { input, output: [], ...more } })).get('X');
  if (found === undefined) throw new Error('not read');
  return found;
};

test('old and new combos read alike', () => {
  const old = one({ required: { a: [['x', 'y'], {}] } }).inputs[0];
  const fresh = one({ required: { a: ['COMBO', { options: ['x', 'y'] }] } }).inputs[0];
  expect(old).toMatchObject({ type: 'COMBO', choices: ['x', 'y'] });
  expect(fresh).toMatchObject({ type: 'COMBO', choices: ['x', 'y'] });
});

test('inputs stand in input_order, required first, hidden ones never', () => {
  const node = one(
    { required: { b: ['INT'], a: ['INT'] }, optional: { c: ['INT'] }, hidden: { prompt: 'PROMPT' } },
    { input_order: { required: ['a', 'b'] } },
  );
  expect(node.inputs.map(({ name, section }) => `${section} ${name}`)).toEqual([
    'required a',
    'required b',
    'optional c',
  ]);
});

test('what is no node description is left out', () => {
  expect(readObjectInfo(document({ X: null, Y: { input: [] }, Z: { input: {} } })).size).toBe(1);
});

test.each([
  ['KSampler', ['seed', 'control_after_generate', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise']],
  ['LoadImage', ['image', 'upload']],
  ['LoadImageOutput', ['image', 'Auto-refresh after generation', 'refresh', 'upload']],
  ['PrimitiveInt', ['value', 'control_after_generate']],
  ['RandomNoise', ['noise_seed', 'control_after_generate']],
  ['VAEDecode', []],
])('widgets of %s', (name, expected) => {
  expect(widgetNames(classOf(name))).toEqual(expected);
});

test('a dynamic combo brings the widgets of the chosen option', () => {
  const names = (choice: string) => fillWidgets(classOf('ResizeImageMaskNode'), [choice]).map(({ name }) => name);
  expect(names('scale by multiplier')).toEqual(['resize_type', 'resize_type.multiplier', 'scale_method']);
  expect(names('scale width')).toContain('resize_type.width');
});

test('values are assigned by position, missing ones by default', () => {
  const filled = fillWidgets(classOf('KSampler'), [5, 'fixed', 30]);
  expect(filled.map(({ name, value }) => [name, value])).toEqual([
    ['seed', 5],
    ['control_after_generate', 'fixed'],
    ['steps', 30],
    ['cfg', { lexeme: '8.0' }],
    ['sampler_name', 'euler'],
    ['scheduler', 'simple'],
    ['denoise', { lexeme: '1.0' }],
  ]);
});

test('dummy values of link-only inputs in old files are dropped', () => {
  const node = one({ required: { a: ['INT', { forceInput: true }], b: ['INT', { default: 1 }] } });
  expect(fillWidgets(node, [0, 7]).map(({ name, value }) => [name, value])).toEqual([['b', 7]]);
  expect(fillWidgets(node, [7]).map(({ value }) => value)).toEqual([7]);
});

test('the digest is 16 hex digits and ignores file lists, limits and the spelling of numbers', () => {
  const make = (spec: unknown) => interfaceDigest(one({ required: { a: spec } }));
  expect(make([['x.safetensors'], {}])).toMatch(/^[0-9a-f]{16}$/);
  expect(make([['x.safetensors'], {}])).toBe(make(['COMBO', { options: ['y'], tooltip: 't' }]));
  expect(make(['FLOAT', { default: 8, max: 9 }])).toBe(
    interfaceDigest(one(document('{"required":{"a":["FLOAT",{"default":8.0}]}}') as object)),
  );
});

test('the digest sees what a slot or a template takes', () => {
  const digest = (type: string, options: object) => interfaceDigest(one({ required: { a: [type, options] } }));
  const slot = (name: string) => ({ slotType: 'IMAGE', inputs: { required: { [name]: ['INT', {}] } } });
  expect(digest('COMFY_DYNAMICSLOT_V3', slot('x'))).not.toBe(digest('COMFY_DYNAMICSLOT_V3', slot('y')));
  const takes = (allowed_types: string) => ({ template: { template_id: 't', allowed_types } });
  expect(digest('COMFY_MATCHTYPE_V3', takes('IMAGE'))).not.toBe(digest('COMFY_MATCHTYPE_V3', takes('IMAGE,MASK')));
});

test('the digest sees a new input, another order, another default, another type', () => {
  const base = interfaceDigest(one({ required: { a: ['INT', { default: 1 }], b: ['INT'] } }));
  const others = [
    { required: { a: ['INT', { default: 1 }], b: ['INT'], c: ['INT'] } },
    { required: { b: ['INT'], a: ['INT', { default: 1 }] } },
    { required: { a: ['INT', { default: 2 }], b: ['INT'] } },
    { required: { a: ['FLOAT', { default: 1 }], b: ['INT'] } },
  ].map((input) => interfaceDigest(one(input)));
  expect(new Set([base, ...others]).size).toBe(5);
});
