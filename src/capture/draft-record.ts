import { blobId } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { describeBytes } from '../image/describe-output.js';
import { snapshotDocument, stateDocument } from '../lineage/documents.js';
import type { Draft } from '../lineage/draft.js';
import type { OutputEntry, RunRecord } from '../lineage/record.js';
import { type Redacted, redact } from '../lineage/redact.js';
import { noDependencies } from '../lineage/state-document.js';
import type { StoredDocument } from '../lineage/stored-document.js';
import type { JsonObject } from '../workflow/json.js';
import { normalise } from '../workflow/normal-form.js';
import { writeNormalText } from '../workflow/normal-text.js';
import { promptIdentity, readPrompt, seedsOf } from '../workflow/prompt.js';
import type { KnownOutput, Observed, OutputFacts, RunFacts } from './run-facts.js';
import { storedPrompt } from './stored-prompt.js';

/**
 * Turns the facts of a run into what is stored: outputs by content, resolved seeds, snapshot and state; secrets and absolute paths taken out.
 * @throws InputError `not-a-prompt`
 */
export function draftRecord(repository: Repository, facts: RunFacts, now: Date): Draft {
  const prompt = storedPrompt(facts.prompt);
  const workflow = facts.workflow === undefined ? undefined : redact('workflow', facts.workflow, facts.prompt);
  const snapshot = snapshotOf(facts, prompt, workflow);
  const state = stateOf(facts);
  const record: RunRecord = {
    record: 1,
    match: 'uncommitted',
    outputs: [...facts.outputs.map(describeOutput), ...(facts.known ?? []).map(outputEntry)],
    seeds: seedsOf(readPrompt(prompt.json)),
    snapshot: snapshot.id,
    ...optional({ state: state?.id, prompt: facts.promptId, server: facts.server, duration: facts.duration }),
    ...optional({ start: facts.start?.toISOString(), normal: normalBlob(repository, facts.workflow) }),
    ...optional({ reproduces: facts.reproduces, varies: facts.varies, grade: facts.grade, metrics: facts.metrics }),
    identity: promptIdentity(readPrompt(prompt.json)),
    captured: facts.captured,
    time: now.toISOString(),
  };
  return { record, snapshot: snapshot.text, ...optional({ head: facts.head, state: state?.text }) };
}

/** Blob id of the workflow's normal form, before anything private is taken out of it: that is what the commit has. */
const normalBlob = (repository: Repository, workflow: JsonObject | undefined) =>
  workflow === undefined ? undefined : blobId(repository.objectFormat, writeNormalText(normalise(workflow).normal));

function snapshotOf(facts: RunFacts, prompt: Redacted, workflow: Redacted | undefined): StoredDocument {
  const redacted = [...prompt.paths, ...(workflow?.paths ?? [])];
  return snapshotDocument({
    snapshot: 1,
    prompt: prompt.json,
    ...optional({ workflow: workflow?.json, executed: facts.executed, cached: facts.cached }),
    ...storedParameters(facts),
    ...(redacted.length === 0 ? {} : { redacted }),
  });
}

/** They may hold a secret or a folder like any other text. */
function storedParameters({ parameters }: RunFacts): { readonly parameters?: string } {
  if (parameters === undefined) return {};
  return { parameters: String(redact('', new Map([['parameters', parameters]])).json.get('parameters')) };
}

function stateOf(facts: RunFacts): StoredDocument | undefined {
  if (facts.dependencies === undefined && facts.environment === undefined) return undefined;
  const { comfyui, models, packs, inputs, classes, observedBy }: Observed = facts.dependencies ?? noDependencies;
  return stateDocument({
    state: 1,
    ...optional({ comfyui, observedBy }),
    models,
    packs,
    inputs,
    classes,
    environment: facts.environment ?? {},
  });
}

const describeOutput = ({ bytes, ...output }: OutputFacts): OutputEntry =>
  outputEntry({ ...output, ...describeBytes(bytes), bytes: bytes.length });

function outputEntry(output: KnownOutput & Pick<OutputFacts, 'temp'>): OutputEntry {
  const { name, sha256, pixels, width, height, bytes, node, index, temp } = output;
  return {
    name: withoutFolders(name),
    sha256,
    ...optional({ pixels, width, height }),
    bytes,
    node,
    index,
    ...optional({ temp }),
  };
}

/** Sub-folders of the output folder stay; an absolute path is somebody's machine, and `..` leaves the folder. */
function withoutFolders(name: string): string {
  const parts = name.split(/[/\\]/);
  const outside = /^(?:[/\\~]|[A-Za-z]:)/.test(name) || parts.includes('..');
  return outside ? (parts.at(-1) ?? '') : parts.join('/');
}

/** Members that are `undefined` are left out: an absent member is what "not captured" looks like. */
function optional<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
