// What is done with every damaged file, in a process of its own, so that whoever started it sees when it does not come back.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { filterLimits } from '../../src/capture/filter-limits.js';
import { ComfyError } from '../../src/errors.js';
import { mergeDocuments } from '../../src/sharing/merge-documents.js';
import { cleanBytes, openBlob, smudgedText } from '../../src/workflow/clean.js';
import { toPrompt } from '../../src/workflow/convert.js';
import { describe } from '../../src/workflow/describe.js';
import { diffWorkflows } from '../../src/workflow/diff.js';
import { changeText } from '../../src/workflow/diff-words.js';
import { readWorkflow, type Workflow } from '../../src/workflow/graph.js';
import { isObject, parseJson } from '../../src/workflow/json.js';
import { readWorkflowBytes } from '../../src/workflow/read-bytes.js';
import { readObjectInfo } from '../../src/workflow/read-interfaces.js';
import { graphFacts } from '../support/workflow-facts.js';
import { extremes } from './extremes.js';
import { damaged } from './mutate.js';

/** One file to be tried: a file and the number that decides how it is damaged, or the name of an extreme. */
export interface Task {
  readonly file: string;
  readonly seed: number;
}

export interface Outcome extends Task {
  readonly problems: readonly string[];
  /** The slowest step, with its milliseconds. */
  readonly slowest: readonly [step: string, milliseconds: number];
  /** How many of the two versions were still workflows. */
  readonly workflows: number;
}

const objectInfo = process.argv[2] ?? '';
const info = readObjectInfo(parseJson(gunzipSync(readFileSync(objectInfo)).toString('utf8')));

process.on('message', (task: Task) => process.send?.(tried(task)));

const plain = '{"last_node_id":1,"last_link_id":0,"version":0.4,"nodes":[{"id":1,"type":"Note"}],"links":[]}';

function tried(task: Task): Outcome {
  const extreme = extremes[task.file];
  if (extreme !== undefined) {
    const ours = Buffer.from(extreme());
    const theirs = Buffer.from(
      ours.length > 10_000_000 ? ours : ours.toString('utf8').replace('"widgets_values":[1]', '"widgets_values":[2]'),
    );
    return { ...task, ...tryVersions(Buffer.from(plain), ours, theirs) };
  }
  const base = readFileSync(task.file);
  return { ...task, ...tryVersions(base, damaged(base, task.seed), damaged(base, task.seed + 1_000_000)) };
}

/** Everything that we do with a file, with two damaged versions of one. */
export function tryVersions(base: Buffer, ours: Buffer, theirs: Buffer): Omit<Outcome, keyof Task> {
  const problems: string[] = [];
  let slowest: readonly [string, number] = ['', 0];
  const step = <T>(name: string, work: () => T): T | undefined => {
    const start = process.cpuUsage();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ComfyError))
        problems.push(`${name}: ${(error as Error).stack?.split('\n').slice(0, 4).join(' | ')}`);
      return undefined;
    } finally {
      // What it takes of a processor, whatever else the machine does.
      const { user, system } = process.cpuUsage(start);
      const took = (user + system) / 1000;
      if (took > slowest[1]) slowest = [name, took];
    }
  };
  const law = (name: string, holds: boolean | undefined) => {
    if (holds === false) problems.push(`broken: ${name}`);
  };
  for (const bytes of [ours, theirs]) tryFilters(bytes, step, law);
  const [one, two] = [ours, theirs].map((bytes) => step('read', () => workflowIn(bytes)));
  for (const each of [one, two]) {
    if (each === undefined) continue;
    step('describe', () => describe(each));
    step('prompt', () => toPrompt(each, info));
  }
  if (one !== undefined && two !== undefined) step('diff', () => diffWorkflows(one, two).map(changeText));
  for (const before of [base, undefined]) {
    const merged = step('merge', () => mergeDocuments('content', { base: before, ours, theirs }));
    if (merged?.kind !== 'workflow') continue;
    law('a merge is in normal form', step('clean', () => cleanedText(Buffer.from(merged.text))) === merged.text);
  }
  if (one !== undefined && two !== undefined) {
    const back = step('merge', () => mergeDocuments('content', { base: ours, ours, theirs }));
    if (back?.kind === 'workflow')
      law('a side that changed nothing changes nothing', back.text === cleanedText(theirs));
  }
  if (Object.hasOwn(Object.prototype, 'polluted')) problems.push('a key of a file reached Object.prototype');
  return { problems, slowest, workflows: [one, two].filter((each) => each !== undefined).length };
}

type Step = <T>(name: string, work: () => T) => T | undefined;

function tryFilters(bytes: Buffer, step: Step, law: (name: string, holds: boolean | undefined) => void): void {
  const cleaned = step('clean', () => cleanBytes(bytes, filterLimits));
  if (cleaned?.kind !== 'workflow') return;
  const text = cleaned.bytes.toString('utf8');
  law('clean twice is once', step('clean', () => cleanedText(cleaned.bytes)) === text);
  // The test's own reading is slow where there are many links.
  const { workflow } = bytes.length > 1_000_000 ? { workflow: undefined } : readWorkflowBytes(bytes);
  law('the normal form has all of the graph', workflow && graphFacts(workflow) === graphFacts(cleaned.normal));
  for (const layout of [cleaned.layout, undefined]) {
    const opened = step('smudge', () => openBlob(cleaned.bytes));
    const smudged = opened?.kind === 'workflow' ? step('smudge', () => smudgedText(opened.normal, layout)) : text;
    const back = smudged === undefined ? undefined : step('clean', () => cleanedText(Buffer.from(smudged)));
    law('clean takes back what smudge did', back === text);
  }
}

function cleanedText(bytes: Buffer): string | undefined {
  const cleaned = cleanBytes(bytes, filterLimits);
  return cleaned.kind === 'workflow' ? cleaned.bytes.toString('utf8') : undefined;
}

function workflowIn(bytes: Buffer): Workflow | undefined {
  const json = parseJson(bytes.toString('utf8'), filterLimits);
  return isObject(json) ? readWorkflow(json) : undefined;
}
