import { ComfyError } from '../errors.js';
import { readBlob } from '../git/objects.js';
import type { Repository } from '../git/repository.js';
import { type CheckSettings, defaultCheckSettings, readCheckSettings } from '../lock/lint/check-settings.js';
import type { Finding } from '../lock/lint/finding.js';
import { readSettings, settingsPath } from '../lock/settings.js';

/** What `comfy.yaml` of the index says of checking; the defaults where it cannot be read. */
export async function indexSettings(
  repository: Repository,
): Promise<{ readonly settings: CheckSettings; readonly findings: readonly Finding[] }> {
  const text = (await readBlob(repository, `:${settingsPath}`))?.toString('utf8');
  if (text === undefined) return { settings: defaultCheckSettings, findings: [] };
  try {
    readSettings(text);
    const settings = readCheckSettings(text);
    return { settings, findings: settings.findings };
  } catch (error) {
    if (!(error instanceof ComfyError)) throw error;
    const hint = error.hint ?? 'see git comfy check -h';
    const finding: Finding = { path: settingsPath, code: 'settings-unreadable', text: error.message, hint };
    return { settings: defaultCheckSettings, findings: [finding] };
  }
}
