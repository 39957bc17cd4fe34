import { runGit } from '../git/exec.js';
import { documentKind } from '../workflow/detect.js';
import { isObject, type Json, parseJson } from '../workflow/json.js';
import { mergeWorkflows } from '../workflow/merge.js';
import { writeNormalText } from '../workflow/normal-text.js';
import { readWorkflowBytes } from '../workflow/read-bytes.js';

/** The three versions that git hands over: their bytes, and the files that hold them. */
export interface MergeSides {
  readonly base: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
  readonly files: { readonly base: string; readonly ours: string; readonly theirs: string };
}

export interface MergeAnswer {
  /** What the file gets; `undefined` leaves ours as it is. */
  readonly text: string | undefined;
  /** What is left for a person to decide; none when the merge is done. */
  readonly conflicts: readonly string[];
}

/**
 * Merges one file. Workflows are merged as such. Anything else by git's own merge of lines, if that leaves no conflict and JSON is still JSON:
 * conflict markers would make a file that no program loads. In doubt ours stays, whole and loadable.
 */
export async function mergeFile(cwd: string, sides: MergeSides): Promise<MergeAnswer> {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((bytes) => readWorkflowBytes(bytes).workflow);
  if (ours === undefined || theirs === undefined) return mergeLines(cwd, sides);
  const { workflow, conflicts } = mergeWorkflows(base, ours, theirs);
  return conflicts.length === 0 ? { text: writeNormalText(workflow), conflicts } : { text: undefined, conflicts };
}

async function mergeLines(cwd: string, { ours, files }: MergeSides): Promise<MergeAnswer> {
  const merged = await runGit(cwd, ['merge-file', '-p', '--', files.ours, files.base, files.theirs]);
  const text = merged.stdout.toString('utf8');
  const kind = kindOf(Buffer.from(ours).toString('utf8'));
  if (merged.code === 0 && kindOf(text) === kind) return { text, conflicts: [] };
  return { text: undefined, conflicts: ['both sides changed the same lines'] };
}

function kindOf(text: string): string {
  try {
    const json: Json = parseJson(text);
    return isObject(json) ? documentKind(json) : 'json';
  } catch {
    return 'no json';
  }
}
