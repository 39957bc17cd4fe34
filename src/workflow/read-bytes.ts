import { ComfyError } from '../errors.js';
import { documentKind } from './detect.js';
import { type Json, type JsonLimits, type JsonObject, parseJson, workflowLimits } from './json.js';

/** A workflow, or why these bytes are none; no reason where they are plainly something else. */
export type ReadBytes = { readonly workflow: JsonObject } | { readonly workflow: undefined; readonly warning?: string };

/** Reads a file's bytes as UTF-8 JSON. Never throws: a file may hold anything. */
export function readWorkflowBytes(bytes: Uint8Array, limits: JsonLimits = workflowLimits): ReadBytes {
  // Before decoding: a character takes one byte at least, and three at most where it is one UTF-16 unit.
  if (bytes.length > limits.maxLength * 3)
    return { workflow: undefined, warning: `larger than ${limits.maxLength} characters` };
  const text = decode(bytes);
  if (text === undefined) return { workflow: undefined, warning: 'not UTF-8' };
  try {
    const json = parseJson(text, limits);
    return documentKind(json) === 'workflow' ? { workflow: json as JsonObject } : { workflow: undefined };
  } catch (error) {
    if (error instanceof ComfyError) return { workflow: undefined, warning: error.message };
    throw error;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The JSON that bytes hold, in strict UTF-8; `undefined` where they hold none, or too much. */
export function readJsonBytes(bytes: Uint8Array, limits: JsonLimits = workflowLimits): Json | undefined {
  const text = bytes.length > limits.maxLength * 3 ? undefined : decode(bytes);
  if (text === undefined) return undefined;
  try {
    return parseJson(text, limits);
  } catch (error) {
    if (error instanceof ComfyError) return undefined;
    throw error;
  }
}
