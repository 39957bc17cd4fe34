import type { TrackedBytes } from '../capture/plan-lock.js';
import { ComfyError } from '../errors.js';
import type { Finding } from '../lock/lint/finding.js';
import { shellWord } from '../shell-word.js';
import { isNormalForm } from '../workflow/clean.js';
import { readSource } from '../workflow/read-source.js';
import { resolveNodes, type Source } from '../workflow/resolved-nodes.js';

/** A tracked file, with what it says where it can be read. */
export interface ReadFile extends TrackedBytes {
  /** Absent for JSON that is no workflow, and for what cannot be read. */
  readonly source?: Source;
  readonly problem?: string;
}

export const readFiles = (files: readonly TrackedBytes[]): ReadFile[] =>
  files.map((file) => {
    try {
      const source = readSource(file.bytes);
      // A subgraph that holds itself shows here only.
      if (source !== undefined) resolveNodes(source);
      return source === undefined ? file : { ...file, source };
    } catch (error) {
      if (error instanceof ComfyError) return { ...file, problem: error.message };
      throw error;
    }
  });

/** What is wrong with a file by itself. */
export function formFindings({ path, bytes, keepsLayout, problem }: ReadFile): Finding[] {
  if (problem !== undefined) {
    const hint = 'save it again in ComfyUI, or take it out of .gitattributes';
    return [{ path, code: 'not-a-workflow', text: `${path} cannot be read: ${problem}`, hint }];
  }
  if (isNormalForm(bytes, keepsLayout ? 'kept' : 'normal')) return [];
  const form = keepsLayout ? 'as comfy-layout=keep wants it' : 'in normal form';
  const text = `${path} is not ${form}: it was staged without the filter`;
  return [{ path, code: 'not-normal-form', text, hint: `git add --renormalize -- ${shellWord(path)}` }];
}
