import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeDocuments } from '../../src/sharing/merge-documents.js';
import { textForDiff } from '../../src/sharing/textconv.js';
import { cleanBytes, isNormalForm } from '../../src/workflow/clean.js';
import { readDocument } from '../../src/workflow/document.js';
import {
  canonicalJson,
  isExact,
  type Json,
  parseJson,
  toDouble,
  workflowLimits,
  writeJson,
} from '../../src/workflow/json.js';
import { openSink, putJson, sinkBytes } from '../../src/workflow/json-bytes.js';
import { readSource } from '../../src/workflow/read-source.js';
import { arbitraryJson } from '../support/arbitrary-workflow.js';

const digits = fc.stringMatching(/^[0-9]{1,25}$/);
/** Any number that JSON knows. */
const lexeme = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,25}$/)),
    fc.option(digits),
    fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,4}$/)),
  )
  .map(
    ([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
  );

const code = (text: string) => {
  try {
    return parseJson(text);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('numbers', () => {
  test('every lexeme comes out as it went in', () => {
    fc.assert(
      fc.property(lexeme, (text) => void expect(writeJson(parseJson(text))).toBe(text)),
      { numRuns: 2000 },
    );
  });

  test('a lexeme has the value that JavaScript gives it', () => {
    fc.assert(fc.property(lexeme, (text) => void expect(toDouble(parseJson(text))).toBe(Number(text))));
  });

  test.each(['NaN', 'Infinity', '-Infinity'])('%s, as Python writes it', (text) => {
    expect(writeJson(parseJson(`{"a": [${text}]}`))).toBe(`{"a":[${text}]}`);
  });

  test('only those that JavaScript would change are kept as text', () => {
    expect(parseJson('[1, -20, 0.5, 999999999999999, 1e+21]')).toEqual([1, -20, 0.5, 999999999999999, 1e21]);
    expect((parseJson('[7.0, -0, 9007199254740993, 1e5]') as Json[]).every(isExact)).toBe(true);
  });

  test.each(['01', '-', '1.', '.5', '+1', '1e', '0x10', '1_000', 'nan', '-NaN', '--1'])('%s is none', (text) => {
    expect(code(text)).toBe('json-syntax');
  });
});

test('what is written is read back, and what JSON.parse can read means the same', () => {
  fc.assert(
    fc.property(arbitraryJson, fc.constantFrom<'' | ' '>('', ' '), (value, gap) => {
      expect(writeJson(parseJson(writeJson(value, gap)))).toBe(writeJson(value));
    }),
  );
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(writeJson(parseJson(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test('white space says nothing, wherever JSON allows it', () => {
  expect(writeJson(parseJson('\uFEFF \t\r\n{ "a" : [ 1 , { } , [ ] ] , "b" : null }\n'))).toBe(
    '{"a":[1,{},[]],"b":null}',
  );
});

describe('keys', () => {
  test('stay in their order, whole numbers too, and none is special', () => {
    const text = '{"10":1,"9":2,"__proto__":{"x":1},"constructor":3,"":4}';
    const object = parseJson(text) as Map<string, Json>;
    expect(writeJson(object)).toBe(text);
    expect([...object.keys()]).toEqual(['10', '9', '__proto__', 'constructor', '']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('a key twice is refused by name, also where it is spelled differently', () => {
    expect(code('{"a":1,"a":1}')).toBe('json-duplicate-key');
    expect(code('{"a":1,"\\u0061":1}')).toBe('json-duplicate-key');
    expect(code('{"__proto__":1,"__proto__":1}')).toBe('json-duplicate-key');
  });
});

describe('strings', () => {
  test('lone surrogates stay, as escapes', () => {
    expect(writeJson(parseJson('"\\ud83d \\ud83d\\ude00 \ud83d"'))).toBe('"\\ud83d \u{1F600} \\ud83d"');
  });

  test('any string is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseJson(JSON.stringify(text))).toBe(text);
        expect(writeJson(text)).toBe(JSON.stringify(text));
      }),
    );
  });

  test.each(['"', '"a', '"\\', '"\\"', '"\\x"', '"\\u12"', '"\n"', '"\\u00e9', "'a'"])('%j is none', (text) => {
    expect(code(text)).toBe('json-syntax');
  });

  test('one of several megabytes, full of escapes', () => {
    const text = JSON.stringify('a"\n'.repeat(1_000_000));
    expect(writeJson(parseJson(text))).toBe(text);
  });
});

describe('limits', () => {
  test('too deep is refused by name, before the stack ends', () => {
    expect(code(`${'['.repeat(256)}${']'.repeat(256)}`)).toBeInstanceOf(Array);
    expect(code(`${'['.repeat(257)}${']'.repeat(257)}`)).toBe('json-too-deep');
    expect(code('{"a":'.repeat(1_000_000))).toBe('json-too-deep');
  });

  test('everyone who reads a workflow stops at the same size', () => {
    const large = `{"nodes":[],"links":[],"version":0.4,"note":"${'x'.repeat(workflowLimits.maxLength)}"}`;
    const bytes = Buffer.from(large);
    expect(cleanBytes(bytes)).toMatchObject({ kind: 'through', warning: expect.stringMatching(/larger than/) });
    expect(isNormalForm(bytes)).toBe(true);
    expect(textForDiff(bytes, undefined)).toBeUndefined();
    for (const read of [() => readDocument(large, 'it'), () => readSource(bytes)]) {
      expect(read).toThrow(expect.objectContaining({ code: 'json-too-large' }));
    }
    expect(mergeDocuments('content', { base: undefined, ours: bytes, theirs: bytes })).toBeUndefined();
  });

  test('too large is refused by name', () => {
    expect(() => parseJson('[1]', { maxLength: 2, maxDepth: 9 })).toThrow(/larger than 2/);
  });

  test.each(['', ' ', '{', '[1', '{"a"', '{"a":', '{"a":1,', '[1,]', '{,}', '[1 2]', 'tru', '1 2', '{1:2}', '\u00a01'])(
    '%j is not JSON',
    (text) => expect(code(text)).toBe('json-syntax'),
  );

  test('an error says where', () => {
    expect(() => parseJson('{\n  "a": x\n}')).toThrow('not JSON at line 2, column 8');
  });
});

test('canonical text sorts keys by code point, however deep', () => {
  expect(canonicalJson(parseJson('{"b":{"\u{1F600}":1,"\uFF5E":7.0},"a":[]}'))).toBe(
    '{"a":[],"b":{"\uFF5E":7.0,"\u{1F600}":1}}',
  );
});

describe('bytes', () => {
  const bytesOf = (value: Json, gap: '' | ' ') => {
    const sink = openSink(1);
    putJson(sink, value, gap);
    return sinkBytes(sink);
  };

  test.each(['', ' '] as const)('are those of the text, with "%s" between', (gap) => {
    fc.assert(
      fc.property(arbitraryJson, (value) => void expect(bytesOf(value, gap).toString()).toBe(writeJson(value, gap))),
    );
  });

  test.each(['\ud800', 'é', '\u007f', '\n', '"', '\\', '\u{1f3a8}', 'a'.repeat(300), 'ü'.repeat(300)])(
    'of %j',
    (text) => {
      expect(bytesOf([text, { lexeme: '7.0' }], '')).toEqual(Buffer.from(`[${JSON.stringify(text)},7.0]`));
    },
  );
});
