import type { JsonObject } from '../workflow/json.js';

/** The exact prompt and embedded workflow of one run, stored once by content. */
export interface Snapshot {
  readonly snapshot: 1;
  /** As executed: after the server's validation; `is_changed` and our nonce taken out. */
  readonly prompt: JsonObject;
  /** As embedded in the outputs. */
  readonly workflow?: JsonObject;
  /** As another program embedded them (A1111's style): no ComfyUI ran a prompt, and `prompt` only says the same in its words. */
  readonly parameters?: string;
  /** Node ids in the order in which they ran, and those served from the server's cache. */
  readonly executed?: readonly string[];
  readonly cached?: readonly string[];
  /** `<document>.<path>` of the values that were too private to store (`redact`); a marker stands in their place. */
  readonly redacted?: readonly string[];
}
