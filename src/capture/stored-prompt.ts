import { type Redacted, redact } from '../lineage/redact.js';
import type { JsonObject } from '../workflow/json.js';
import { withoutVolatile } from '../workflow/prompt.js';

/** The prompt as it is stored, and as the identity of an embedded one is computed. */
export const storedPrompt = (prompt: JsonObject): Redacted => redact('prompt', withoutVolatile(prompt));
