import type { Server } from '../comfyui/server.js';
import type { JsonObject } from '../workflow/json.js';
import { withoutVolatile } from '../workflow/prompt.js';
import { nameModels } from './name-models.js';
import type { Original } from './original.js';
import { withOwnPrefix } from './own-prefix.js';
import { provideInputs } from './provide-inputs.js';
import type { Verification } from './verify-original.js';

/** The recorded prompt as it can run on this server: models and inputs under the names that they have here, outputs in a folder of their own. */
export async function adaptPrompt(
  server: Server,
  { id, snapshot }: Original,
  { models, renamed, elsewhere }: Verification,
  signal: AbortSignal,
): Promise<{ readonly prompt: JsonObject; readonly notes: readonly string[] }> {
  const short = id.slice(0, 8);
  const named = await nameModels(server, withoutVolatile(snapshot.prompt), { recorded: models, renamed }, signal);
  const { prompt, notes } = await provideInputs(server, named, elsewhere, signal);
  return { prompt: withOwnPrefix(prompt, short), notes };
}
