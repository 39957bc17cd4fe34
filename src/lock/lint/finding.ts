import type { Source } from '../../workflow/resolved-nodes.js';
import type { RuleId } from './rules.js';

/** Something that is not as it should be, before anybody said how much it matters. */
export interface Finding {
  readonly path: string;
  /** The entry of the lock that it is about. */
  readonly key?: string;
  /** Of the file, from 1. */
  readonly line?: number;
  readonly code: RuleId;
  readonly text: string;
  /** What to type. */
  readonly hint: string;
  /** It may be a mistake of ours: an error counts as a warning. */
  readonly unsure?: true;
}

/** A workflow or prompt that is looked at. */
export interface Linted {
  readonly path: string;
  readonly source: Source;
  /** As git has it. */
  readonly text: string;
}

/** Of the first line that holds a piece of a text, from 1. */
export function lineOf(text: string, piece: string): { readonly line?: number } {
  const at = text.indexOf(piece);
  return at < 0 ? {} : { line: text.slice(0, at).split('\n').length };
}

/** Of a node in a normal form, where its id stands right before its class. */
export function lineOfNode(text: string, id: string, type: string): { readonly line?: number } {
  const own = id.slice(id.lastIndexOf(':') + 1);
  const forms = [own, JSON.stringify(own)].map((form) => `"id": ${form},`);
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.findIndex(
    (line, here) => forms.includes(line) && lines[here + 1] === `"type": ${JSON.stringify(type)},`,
  );
  return at < 0 ? {} : { line: at + 1 };
}
