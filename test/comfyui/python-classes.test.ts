import { describe, expect, test } from 'vitest';
import { classesOfPython } from '../../src/comfyui/python-classes.js';

const mapped = (text: string) => [...classesOfPython(text).mapped].sort();
const keyed = (text: string) => [...classesOfPython(text).keyed].sort();

describe('what ComfyUI registers', () => {
  test.each([
    ['NODE_CLASS_MAPPINGS = {"A": A, \'B node\': mod.B,}', ['A', 'B node']],
    ['NODE_CLASS_MAPPINGS: dict[str, type] = {\n  "A": A, # "C": C\n  """B""": B\n}', ['A', 'B']],
    ['NODE_CLASS_MAPPINGS["A"] = A\nNODE_CLASS_MAPPINGS [ \'B\' ] = B', ['A', 'B']],
    ['NODE_CLASS_MAPPINGS.update({"A": A})', ['A']],
    ['UTIL_NODE_CLASS_MAPPINGS = {"A": A}\nNODE_CLASS_MAPPINGS = {**UTIL_NODE_CLASS_MAPPINGS, "B": B}', ['A', 'B']],
    ['NODE_CLASS_MAPPINGS = NODE_CLASS_MAPPINGS | {"A": A}', ['A']],
    ['NODE_CLASS_MAPPINGS = {"A": type("A", (Base,), {"inner": 1, "x": {"y": 2}})}', ['A']],
    ['KEY = "A"\nNODE_CLASS_MAPPINGS = {KEY: A, Cls.KEY: B}', ['A']],
    ['NODE_CLASS_MAPPINGS = {"\\u2795 Add \\x41": A, r"raw\\n": B}', ['raw\\n', '➕ Add A']],
    ['class A:\n  NodeId = "A"\nfor node in [A]: NODE_CLASS_MAPPINGS[node.NodeId] = node', ['A']],
    ['return io.Schema(\n  node_id="A",\n  display_name="No")', ['A']],
  ])('%s', (text, expected) => {
    expect(mapped(text)).toEqual(expected);
  });

  test.each([
    '# NODE_CLASS_MAPPINGS = {"A": A}',
    '"""NODE_CLASS_MAPPINGS = {"A": A}"""',
    "text = 'NODE_CLASS_MAPPINGS = {\\'A\\': A}'",
    'x = NODE_CLASS_MAPPINGS\ny = {"A": 1}',
    'NODE_CLASS_MAPPINGS = make()\nother = {"A": 1}',
    'NODE_CLASS_MAPPINGS = {f"{prefix}A": A}',
    'DISPLAY = {"A": "B"}',
    'if "A" in NODE_CLASS_MAPPINGS and NODE_CLASS_MAPPINGS["A"] == b: c = NODE_CLASS_MAPPINGS["A"]()',
  ])('%s says nothing certain', (text) => {
    expect(mapped(text)).toEqual([]);
  });
});

test('other dicts, decorators and subscripts are told apart', () => {
  expect(keyed('CONFIG = {"A": {"class": A}}\n@register("B")\nnodes["C"] = C\nx = "D"\nNAME = "E"')).toEqual([
    'A',
    'B',
    'C',
    'E',
    'class',
  ]);
});

test('unfinished and hostile text ends', () => {
  expect(mapped(`NODE_CLASS_MAPPINGS = {"A": A, "B`)).toEqual(['A']);
  expect(mapped(`x = '''${'\\'.repeat(50_001)}`)).toEqual([]);
  expect(mapped(`${'('.repeat(100_000)}NODE_CLASS_MAPPINGS = {"A": A}`)).toEqual(['A']);
});
