import type { OutputEntry, RunRecord } from '../record.js';
import type { Environment, State } from '../state.js';
import { dependenciesOf } from './dependencies.js';
import { given, member, type ResourceDescriptor } from './descriptor.js';

/** What the parameters of a statement mean: docs/provenance.md. */
const buildType = 'urn:git-comfy:comfyui-run:v1';
/** A ComfyUI that its user runs, and a record that git comfy made of it; nobody else vouches for either. */
const builderId = 'urn:git-comfy:own-comfyui:v1';

export interface ExportedRun {
  /** Of the record. */
  readonly id: string;
  readonly record: RunRecord;
  readonly state?: State | undefined;
}

/**
 * A record as in-toto Statement v1 with the predicate of SLSA provenance v1: text with fixed order, so that the same record gives the same
 * bytes. Not signed. Sources: https://github.com/in-toto/attestation/tree/main/spec/v1, https://slsa.dev/spec/v1.1/provenance
 */
export const writeStatement = (run: ExportedRun): string => `${JSON.stringify(statementOf(run), undefined, 2)}\n`;

export const statementOf = (run: ExportedRun) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: run.record.outputs.map(subject),
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { buildDefinition: buildDefinition(run), runDetails: runDetails(run) },
});

/** Subjects are matched by digest; two outputs of one name are told apart by where they came out. */
function subject({ name, sha256, pixels, node, index }: OutputEntry): ResourceDescriptor {
  const annotations = given({ gitcomfy_pixels: pixels, gitcomfy_output: `${node}.${index}` }) ?? {};
  return { name, digest: { sha256 }, annotations };
}

function buildDefinition({ record, state }: ExportedRun) {
  const { resolved, notCaptured } = dependenciesOf(record, state);
  return {
    buildType,
    externalParameters: {
      prompt: `sha256:${record.snapshot}`,
      ...member('workflow', record.workflow?.path),
      seeds: sorted(record.seeds),
    },
    ...member('internalParameters', state === undefined ? undefined : parametersOf(state.environment)),
    resolvedDependencies: resolved,
    ...(Object.keys(notCaptured).length === 0 ? {} : { gitcomfy_notCaptured: notCaptured }),
  };
}

/** What the user did not choose at this run. */
function parametersOf({ notCaptured, packages, flags, ...rest }: Environment) {
  return {
    ...sorted(rest),
    ...member('flags', flags && sorted(flags)),
    ...member('packages', packages && sorted(packages)),
    ...(notCaptured === undefined ? {} : { gitcomfy_notCaptured: sorted(notCaptured) }),
  };
}

function runDetails({ id, record, state }: ExportedRun) {
  const { comfyui, python, torch } = state?.environment ?? {};
  const version = given({ comfyui, python, torch });
  return {
    builder: { id: builderId, ...member('version', version) },
    metadata: { invocationId: record.prompt ?? id, ...times(record) },
    byproducts: [
      document('snapshot', record.snapshot),
      ...(record.state === undefined ? [] : [document('state', record.state)]),
      document('record', id),
    ],
    gitcomfy_match: record.match,
    gitcomfy_captured: record.captured,
    ...member('gitcomfy_differs', record.differs),
    ...member('gitcomfy_reproduces', record.reproduces),
    ...member('gitcomfy_varies', record.varies),
    ...member('gitcomfy_grade', record.grade),
    ...member('gitcomfy_cachedFrom', record.cachedFrom),
    ...(record.fromCache === true ? { gitcomfy_fromCache: true } : {}),
    ...(record.inferred === true ? { gitcomfy_inferredCommit: true } : {}),
  };
}

function times({ start, duration }: RunRecord) {
  if (start === undefined) return {};
  const end = duration === undefined ? undefined : new Date(Date.parse(start) + duration);
  return { startedOn: timestamp(new Date(start)), ...member('finishedOn', end && timestamp(end)) };
}

/** RFC 3339 in whole seconds, which is the form that the specification shows. */
const timestamp = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');

const document = (name: string, sha256: string): ResourceDescriptor => ({
  name,
  digest: { sha256 },
  mediaType: 'application/json',
});

function sorted(members: object): Record<string, unknown> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
