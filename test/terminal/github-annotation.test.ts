import { expect, test } from 'vitest';
import { difference } from '../../src/lock/drift.js';
import { driftAnnotations } from '../../src/terminal/drift-annotations.js';
import { annotationLine } from '../../src/terminal/github-annotation.js';

test('an annotation is one line, whatever is in it', () => {
  const line = annotationLine({
    level: 'error',
    file: 'a,b:c%.json',
    line: 3,
    title: 'x',
    text: '50%\nnext\r\n::stop::',
  });
  expect(line).toBe(
    '::error file=a%2Cb%3Ac%25.json,line=3,title=x::50%25%0Anext%0A::stop::'.replace('next%0A', 'next\\u000d%0A'),
  );
  expect(line).not.toContain('\n');
});

test('drift is said beside the line of the lock that it is about, by how much it costs', () => {
  const lock = 'lockfileVersion: 1\nmodels:\n  checkpoints/a.safetensors:\n    digest: unhashed\n';
  const found = [
    difference('model-changed', 'checkpoints/a.safetensors', 'other', 'mend it'),
    difference('model-renamed', 'loras/b.safetensors', 'renamed'),
  ];
  expect(driftAnnotations(found, lock)).toEqual([
    '::error file=comfy.lock,line=3,title=git comfy verify%3A model-changed::other%0Amend it',
    '::notice file=comfy.lock,title=git comfy verify%3A model-renamed::renamed',
  ]);
  expect(driftAnnotations(found.slice(1))).toEqual(['::notice title=git comfy verify%3A model-renamed::renamed']);
});
