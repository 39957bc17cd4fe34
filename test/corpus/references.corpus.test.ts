import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { splitModelKey } from '../../src/lock/model-words.js';
import { needsOf } from '../../src/lock/needs.js';
import { documentKind } from '../../src/workflow/detect.js';
import { looksLikeWorkflow, readWorkflow } from '../../src/workflow/graph.js';
import { parseJson } from '../../src/workflow/json.js';
import { promptLink, readPrompt } from '../../src/workflow/prompt.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { embeddingReferences, inputReferences, modelReferences } from '../../src/workflow/references.js';

const corpus = process.env['GIT_COMFY_CORPUS'] ?? '../shared/corpus';
const files = ['workflows', 'pairs'].flatMap((folder) =>
  readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
);
const read = (file: string) => readFileSync(join(corpus, file), 'utf8');
const info = readObjectInfo(
  parseJson(gunzipSync(readFileSync(join(corpus, 'oracle/object_info-0.8.0.json.gz'))).toString('utf8')),
);

/** Independent of the code under test: plain JSON and one regular expression. */
interface PlainNode {
  readonly type?: string;
  readonly widgets_values?: unknown;
  readonly properties?: { readonly models?: readonly { readonly name: string; readonly directory?: string }[] };
}
interface PlainGraph {
  readonly nodes?: readonly PlainNode[];
  readonly definitions?: { readonly subgraphs?: readonly PlainGraph[] };
  readonly extra?: { readonly groupNodes?: Readonly<Record<string, PlainGraph>> };
}

const modelName = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl|onnx|gguf|engine|yaml)$/i;
const mediaName =
  /\.(?:png|jpe?g|webp|gif|bmp|tiff?|psd|mp4|webm|mkv|mov|avi|wav|mp3|flac|ogg|m4a|latent|glb|obj)(?: \[\w+\])?$/i;

const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(strings)
      : [];

const graphsOf = (graph: PlainGraph): PlainGraph[] => [
  graph,
  ...(graph.definitions?.subgraphs ?? []).flatMap(graphsOf),
  ...Object.values(graph.extra?.groupNodes ?? {}),
];

const nodesOf = (graph: PlainGraph): PlainNode[] =>
  graphsOf(graph)
    .flatMap(({ nodes }) => nodes ?? [])
    .filter(({ type }) => type !== 'Note' && type !== 'MarkdownNote');

const slashes = (name: string) => name.replaceAll('\\', '/');
const namesIn = (graph: PlainGraph, form: RegExp) =>
  nodesOf(graph)
    .flatMap(({ widgets_values }) => strings(widgets_values))
    .filter((text) => text.length < 300 && form.test(text) && !text.includes('\n'))
    .map(slashes);

/** Workflows as our code and as plain JSON reads them. */
const workflows = files
  .filter((file) => file.endsWith('.json') && !file.endsWith('.prompt.json'))
  .flatMap((file) => {
    const json = parseJson(read(file));
    return looksLikeWorkflow(json)
      ? [{ file, workflow: readWorkflow(json), plain: JSON.parse(read(file)) as PlainGraph }]
      : [];
  });

interface Tally {
  found: number;
  guessed: number;
  notExecuted: number;
  readonly missed: string[];
  readonly invented: string[];
}

/** Compares what was found with an independent list, name by name. */
function tally(what: string, rows: readonly { file: string; expected: Set<string>; got: readonly Found[] }[]): Tally {
  const sum: Tally = { found: 0, guessed: 0, notExecuted: 0, missed: [], invented: [] };
  for (const { file, expected, got } of rows) {
    const names = new Set(got.map(({ name }) => name));
    sum.found += names.size;
    sum.guessed += new Set(got.filter(({ guess }) => guess).map(({ name }) => name)).size;
    sum.notExecuted += got.filter(({ executed }) => !executed).length;
    sum.missed.push(...[...expected].filter((name) => !names.has(name)).map((name) => `${file}: ${name}`));
    sum.invented.push(...[...names].filter((name) => !expected.has(name)).map((name) => `${file}: ${name}`));
  }
  const { missed, invented, ...counts } = sum;
  console.log(`${what}: ${JSON.stringify({ ...counts, missed: missed.length, invented: invented.length })}`);
  return sum;
}

interface Found {
  readonly name: string;
  readonly guess: boolean;
  readonly executed: boolean;
}

/** By the value as it stands in the file: one may stand for two files (taesd), or a stem. */
const models = (source: Parameters<typeof modelReferences>[0], known?: typeof info): Found[] =>
  modelReferences(source, known).map((found) => ({ ...found, name: slashes(found.value) }));

test('the corpus is there', () => {
  expect(workflows.length).toBeGreaterThan(600);
});

test('without a server every model that a widget names is found, and nothing else', () => {
  const rows = workflows.map(({ file, workflow, plain }) => ({
    file,
    expected: new Set(namesIn(plain, modelName)),
    got: models(workflow),
  }));
  const { missed, invented, guessed, found } = tally('models, without a server', rows);
  expect(missed).toEqual([]);
  expect(invented).toEqual([]);
  expect(guessed / found).toBeLessThan(0.01);
});

test("with a server's interfaces the same", () => {
  const rows = workflows.map(({ file, workflow, plain }) => ({
    file,
    expected: new Set(namesIn(plain, modelName)),
    got: models(workflow, info),
  }));
  const { missed, invented } = tally('models, with interfaces', rows);
  // That server lacks a widget that this file has a value for: the real frontend, too, gives the loader 0.6 for a name.
  expect(missed).toEqual([
    'workflows/comfy_org__workflow_templates/3d_hunyuan3d_image_to_model.json: hunyuan3d-dit-v2_fp16.safetensors',
  ]);
  expect(invented).toEqual([]);
});

test('what a workflow says of its models (properties.models) is found in the folder that it says', () => {
  const wrong = workflows.flatMap(({ file, workflow, plain }) => {
    const found = new Map(modelReferences(workflow).map(({ name, folder }) => [name.split('/').at(-1), folder]));
    return nodesOf(plain).flatMap((node) => {
      const used = strings(node.widgets_values).map((text) => slashes(text).split('/').at(-1));
      const named = (node.properties?.models ?? []).filter(({ name }) => used.includes(name));
      return named
        .filter(({ name, directory }) => found.get(name) !== directory)
        .map(({ name, directory }) => `${file}: ${directory}/${name}, found in ${found.get(name)}`);
    });
  });
  expect(wrong).toEqual([]);
});

test('every picture, video, sound and latent that a loader names is found', () => {
  const rows = workflows.map(({ file, workflow, plain }) => ({
    file,
    expected: new Set(namesIn(plain, mediaName).map((name) => name.replace(/ \[\w+\]$/, ''))),
    got: inputReferences(workflow),
  }));
  const { missed, invented } = tally('inputs', rows);
  expect(missed).toEqual([]);
  expect(invented).toEqual([]);
});

test('every embedding that a text names is found', () => {
  const rows = workflows.map(({ file, workflow, plain }) => {
    const texts = nodesOf(plain).flatMap(({ widgets_values }) => strings(widgets_values));
    const named = texts.flatMap((text) => [...text.matchAll(/embedding:([^\s():]+)/g)].map(([, name = '']) => name));
    return {
      file,
      expected: new Set(named.map((name) => slashes(name.replace(/^,+|,+$/g, ''))).filter((name) => name !== '')),
      got: embeddingReferences(workflow).map((found) => ({ ...found, guess: false })),
    };
  });
  const { missed, invented } = tally('embeddings', rows);
  expect(missed).toEqual([]);
  expect(invented).toEqual([]);
});

test('every constant of a prompt that fills a list of files is found, with its folder certain', () => {
  // Without models installed such a list is empty.
  const empty = new Set(
    [...info].flatMap(([classType, { inputs }]) =>
      inputs.filter(({ choices }) => choices?.length === 0).map(({ name }) => `${classType} ${name}`),
    ),
  );
  const prompts = ['oracle/1.58.1', 'pairs'].flatMap((folder) =>
    readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.prompt.json'))
      .map((file) => join(folder, file)),
  );
  const wrong = prompts.flatMap((file) => {
    const json = parseJson(read(file));
    // A file of notes alone converts to nothing.
    if (documentKind(json) !== 'prompt') return [];
    const prompt = readPrompt(json);
    const found = new Set(
      [
        ...modelReferences(prompt).filter(({ guess }) => !guess),
        ...inputReferences(prompt).filter(({ guess }) => !guess),
      ].map(({ node, input }) => `${node} ${input}`),
    );
    return [...prompt.nodes.values()].flatMap(({ id, classType, inputs }) =>
      [...inputs]
        .filter(
          ([name, value]) =>
            empty.has(`${classType} ${name}`) && typeof value === 'string' && promptLink(value) === undefined,
        )
        .filter(([name, value]) => value !== '' && !found.has(`${id} ${name}`))
        .map(([name, value]) => `${file}: ${classType} ${name} = ${String(value)}`),
    );
  });
  console.log(`prompts: ${prompts.length}`);
  expect(wrong).toEqual([]);
});

test('what ran is what the workflow beside it names', () => {
  const missed = files
    .filter((file) => file.endsWith('.workflow.json'))
    .flatMap((file) => {
      const json = parseJson(read(file));
      if (!looksLikeWorkflow(json)) return [];
      const ran = models(readPrompt(parseJson(read(file.replace('.workflow.json', '.prompt.json')))));
      const named = new Set(
        models(readWorkflow(json))
          .filter(({ executed }) => executed)
          .map(({ name }) => name),
      );
      return ran.filter(({ name }) => !named.has(name)).map(({ name }) => `${file}: ${name}`);
    });
  expect(missed).toEqual([]);
});

test('a lock made with a server has every model of one made without', () => {
  const missed = workflows.flatMap(({ file, workflow }) => {
    const names = (known?: typeof info) =>
      [...needsOf(new Map([[file, workflow]]), { info: known }).models.keys()].map((key) => splitModelKey(key).name);
    const informed = new Set(names(info));
    return names()
      .filter((name) => !informed.has(name))
      .map((name) => `${file}: ${name}`);
  });
  expect(missed).toEqual([]);
});

test('what is muted is found all the same, and none of it is executed', () => {
  const wrong = workflows.flatMap(({ file, plain }) => {
    const keys = (mode: number) => {
      const graph = structuredClone(plain) as PlainGraph;
      for (const inner of [graph, ...graphsOf(graph)])
        for (const node of inner.nodes ?? []) Object.assign(node, { mode });
      const found = modelReferences(readWorkflow(parseJson(JSON.stringify(graph))));
      return {
        names: new Set(found.map(({ folder, name }) => `${folder}/${name}`)),
        executed: found.filter(({ executed }) => executed).length,
      };
    };
    const [on, off, bypassed] = [keys(0), keys(2), keys(4)];
    const same = [...on.names].every((name) => off.names.has(name) && bypassed.names.has(name));
    return same && off.executed === 0 && bypassed.executed === 0 ? [] : [file];
  });
  expect(wrong).toEqual([]);
});
