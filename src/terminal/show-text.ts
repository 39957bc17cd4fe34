import type { Variable } from '../lineage/account.js';
import type { MatchKind, RunRecord } from '../lineage/record.js';
import type { ShownCommit, ShownNow, ShownOutput, ShownRecord, Today } from '../lineage/shown.js';
import { shellWord } from '../shell-word.js';
import { type Fact, factLines } from './facts.js';
import { missingFacts, type Reasons, reasonsOfSeveral } from './missing-facts.js';
import type { Paint } from './paint.js';
import { safeLine } from './safe.js';
import { originWords, sectionFacts, sections, usualOrigin } from './variable-facts.js';

/** How an output was made, for people. */
export function showText(shown: ShownOutput, width: number, paint: Paint): string {
  const parts = sections.map(({ title, keys }) => ({
    title,
    variables: shown.variables.filter(({ key }) => keys.includes(key)),
  }));
  const everywhere = reasonsOfSeveral(parts.map(({ variables }) => variables));
  const blocks = [
    [paint('bold', safeLine(shown.file)), ...factLines(headFacts(shown), width, paint)],
    ...parts.map((part) => section(part, everywhere, width, paint)),
    everywhereLines(everywhere, width, paint),
    todayLines(shown, width, paint),
    adviceLines(shown, paint),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

interface Part {
  readonly title: string;
  readonly variables: readonly Variable[];
}

function section({ title, variables }: Part, everywhere: Reasons, width: number, paint: Paint): string[] {
  const usual = usualOrigin(variables);
  const heading = usual === undefined ? title : `${title}, ${originWords[usual]}`;
  const facts = sectionFacts(variables, usual, width, everywhere);
  if (facts.length === 0) return [];
  return [paint('bold', heading), ...factLines(facts, width, paint)];
}

function everywhereLines(everywhere: Reasons, width: number, paint: Paint): string[] {
  if (everywhere.size === 0) return [];
  return [paint('bold', 'The rest'), ...factLines(missingFacts(everywhere), width, paint)];
}

function headFacts({ recorded, holder, remarks }: ShownOutput): Fact[] {
  const head = recorded === undefined ? unrecordedFacts(holder) : recordFacts(recorded);
  return [...head, ...remarks.map((text) => ({ label: 'note', text, style: 'yellow' as const }))];
}

function unrecordedFacts(holder: (ShownCommit & { readonly path: string }) | undefined): Fact[] {
  const known: Fact[] = [{ label: 'record', text: 'none; this is what ComfyUI embedded in the file' }];
  if (holder === undefined) return known;
  return [
    ...known,
    { label: 'commit', text: `${commitText(holder)}: the first that holds this workflow, at ${holder.path}` },
  ];
}

const matchWords: Readonly<Record<MatchKind, string>> = {
  exact: 'as committed',
  seeds: 'as committed, but for seeds',
  derived: 'as committed, but for',
  uncommitted: 'not committed; git comfy show --workflow writes it as it was',
};

function recordFacts(recorded: ShownRecord): Fact[] {
  const { record, how, otherRuns } = recorded;
  const facts: Fact[] = [
    { label: 'commit', text: commitWords(recorded) },
    { label: 'workflow', text: workflowWords(record) },
  ];
  facts.push({ label: 'recorded', text: captureWords[record.captured] });
  facts.push({ label: 'found by', text: foundWords[how] });
  if (record.varies !== undefined) facts.push({ label: 'varies', text: `record ${record.varies.slice(0, 10)}` });
  if (record.reproduces !== undefined) facts.push({ label: 'reproduces', text: reproductionWords(record) });
  if (record.cachedFrom !== undefined) {
    facts.push({
      label: 'pixels',
      text: `from the server's cache: made by the run of record ${record.cachedFrom.slice(0, 10)}`,
    });
  }
  if (otherRuns > 0)
    facts.push({ label: 'also', text: `${otherRuns} more ${otherRuns === 1 ? 'run' : 'runs'} made the same` });
  return facts;
}

const foundWords = {
  file: 'the hash of the file',
  pixels: 'its pixels: the file was written anew, or its metadata is gone',
  prompt: 'the prompt embedded in it: its pixels are not those of the recorded output',
} as const;

const commitText = ({ id, subject, time }: ShownCommit) => `${id.slice(0, 10)} ${subject} (${time.slice(0, 10)})`;

function commitWords({ record, commit, now }: ShownRecord): string {
  if (record.commit === undefined) return 'none yet: the record waits for the first commit';
  const then = commit === undefined ? `${record.commit.slice(0, 10)}, which is not in this clone` : commitText(commit);
  const text = now === undefined ? then : `${record.commit.slice(0, 10)}, rewritten since: ${nowText(now)}`;
  if (record.match === 'uncommitted') return `none that holds its workflow; noted at ${text}`;
  return record.inferred === true ? `${text}, inferred from the workflow` : text;
}

const nowText = (now: ShownNow) =>
  `${commitText(now)} ${now.sameWorkflow ? 'has the same workflow' : 'is in its place, with another workflow'}`;

function workflowWords({ workflow, match, differs }: RunRecord): string {
  const place = workflow === undefined ? '' : `${workflow.path}, `;
  return `${place}${matchWords[match]}${match === 'derived' ? ` ${(differs ?? []).join(', ')}` : ''}`;
}

const captureWords = {
  run: 'at the run',
  pack: 'at the run, by the capture pack',
  embedded: 'later, from the data embedded in the file',
} as const;

const reproductionWords = ({ reproduces, grade }: RunRecord) =>
  `record ${reproduces?.slice(0, 10)}${grade === undefined ? '' : `, grade ${grade}`}`;

function todayLines({ today, recorded }: ShownOutput, width: number, paint: Paint): string[] {
  if (today === undefined || recorded === undefined) return [];
  return [paint('bold', 'Today'), ...factLines(todayFacts(today), width, paint)];
}

function todayFacts({ differences, unchecked }: Today): Fact[] {
  const facts: Fact[] = differences.map(({ text }) => ({ label: 'changed', text, style: 'yellow' }));
  if (facts.length === 0 && unchecked.length === 0) facts.push(allTheSame);
  return [...facts, ...unchecked.map((text) => ({ label: 'not checked', text }))];
}

const allTheSame: Fact = { label: 'the same', text: 'everything that the record captured', style: 'green' };

/** A command to type is one line, however narrow the terminal is. */
function adviceLines({ file, recorded }: ShownOutput, paint: Paint): string[] {
  const command = recorded === undefined ? 'record' : 'reproduce';
  const words = recorded === undefined ? 'keep what is known of it, in a repository' : 'make it again and measure';
  const advice = { label: 'next', text: `${words}: git comfy ${command} ${shellWord(safeLine(file))}` };
  return factLines([advice], Number.POSITIVE_INFINITY, paint);
}
