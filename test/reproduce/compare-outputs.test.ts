import { describe, expect, test } from 'vitest';
import { describeBytes } from '../../src/image/describe-output.js';
import type { OutputEntry } from '../../src/lineage/record.js';
import { compareOutputs, counterpart } from '../../src/reproduce/compare-outputs.js';
import { fixture } from '../image/fixtures.js';

const entry = (bytes: Buffer, place: Partial<OutputEntry> = {}): OutputEntry => {
  const { sha256, pixels } = describeBytes(bytes);
  return {
    name: 'old.png',
    sha256,
    ...(pixels === undefined ? {} : { pixels }),
    bytes: bytes.length,
    node: '9',
    index: 0,
    ...place,
  };
};
const made = (bytes: Buffer, node = '9', index = 0) => ({ name: 'git-comfy/x/new.png', node, index, bytes });

const picture = fixture('outputs/rgb.png');
const sameSamples = fixture('outputs/rgb-no-workflow.png');
const [before, after] = [fixture('outputs/ksampler.png'), fixture('outputs/ksampler-1-thread.png')];

describe('comparing a new output with the recorded one', () => {
  test('needs no original file where the samples are the same', () => {
    expect(compareOutputs(entry(picture), undefined, made(sameSamples))).toMatchObject({
      made: 'git-comfy/x/new.png',
      sameFile: false,
      metrics: { equal: true, ssim: 1 },
    });
  });

  test('measures against the original file where they differ', () => {
    expect(compareOutputs(entry(before), before, made(after)).metrics).toMatchObject({ equal: false, largest: 1 });
  });

  test('says what is missing where they differ and the original is gone', () => {
    const compared = compareOutputs(entry(before), undefined, made(after));
    expect(compared.metrics).toBeUndefined();
    expect(compared.notMeasured).toContain('original file');
  });

  test('says so where nothing corresponds, or the kind of file cannot be decoded', () => {
    expect(compareOutputs(entry(before), before, undefined).notMeasured).toContain('no such output');
    const svg = fixture('outputs/drawing.svg');
    const other = Buffer.concat([svg, Buffer.from(' ')]);
    expect(compareOutputs(entry(svg), svg, made(other))).toMatchObject({
      sameFile: false,
      notMeasured: 'not the same bytes, and files of this kind are not decoded here',
    });
    expect(compareOutputs(entry(svg), undefined, made(other)).notMeasured).toContain('without the original file');
  });

  test('the same bytes are the same samples, whatever is in them', () => {
    const svg = fixture('outputs/drawing.svg');
    expect(compareOutputs(entry(svg), undefined, made(svg))).toMatchObject({
      sameFile: true,
      metrics: { comparable: true, equal: true },
      frames: 'the same bytes',
    });
  });

  test('an animation with another prompt in it is the same, whoever can decode it', () => {
    const anim = fixture('outputs/anim-lossless.webp');
    const again = Buffer.from(anim.toString('latin1').replace('EmptyImage', 'emptyImage'), 'latin1');
    expect(compareOutputs(entry(anim), anim, made(again))).toMatchObject({
      sameFile: false,
      metrics: { comparable: true, equal: true },
      frames: 'the same bytes but for what is embedded',
    });
    // Only its digest is known: nothing says what differs.
    expect(compareOutputs(entry(anim), undefined, made(again)).metrics).toBeUndefined();
  });
});

describe('which new output takes the place of the old one', () => {
  const files = [made(before, '9', 0), made(picture, '9', 1), made(after, '4', 0)];

  test('the same node and position', () => {
    expect(counterpart(entry(after, { node: '9', index: 1 }), files)).toBe(files[1]);
    expect(counterpart(entry(after, { node: '5', index: 0 }), files)).toBeUndefined();
  });

  test('the same samples, where a back-filled record does not know the node', () => {
    expect(counterpart(entry(after, { node: '' }), files)).toBe(files[2]);
    expect(counterpart(entry(fixture('outputs/rgba.png'), { node: '' }), files)).toBe(files[0]);
  });
});
