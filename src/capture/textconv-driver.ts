import { basename } from 'node:path';
import { GitError } from '../errors.js';
import { writeFileAtomic } from '../files/atomic.js';
import { readIfThere } from '../files/read.js';
import { getLocalConfig, setConfig } from '../git/config.js';
import { comfyPath, type Repository } from '../git/repository.js';
import { nameTable } from '../workflow/name-table.js';
import { shownFolder } from './shown-texts.js';
import { lockedWidgetNames } from './widget-names.js';

/** What git has to be told so that it shows workflows in words, with the names that the lock of the work tree has. */
export interface TextconvDriver {
  /** `diff.comfy.textconv`. It carries the digest of the names: git's textconv cache is valid for one command. */
  readonly command: string;
  /** The names; written before the command is. */
  readonly table: { readonly path: string; readonly content: string };
}

export const textconvKey = 'diff.comfy.textconv';

/**
 * Git runs textconv at the top of the work tree and puts `"$@"`, the file, behind the command; only a linked work tree has to ask where the repository
 * is. The launcher is read by git's own shell: this runs for every version that is shown, and another shell would be a tenth of its time.
 */
const commandFor = (digest: string) =>
  [
    'c=.git; test -x $c/comfy/run || c=$(git rev-parse --git-common-dir)',
    // The filter of this very git has worked the text out already, where it could; emptying it says that it was taken.
    `t="${shownFolder('$c', '$PPID')}"; test -d "$t" && t="$t/$(git hash-object --no-filters -- "$1").${digest}"`,
    `if test -s "$t"; then cat -- "$t" && : > "$t"; exit; fi`,
    `set -- textconv --names "$c/comfy/names/${digest}.json" "$1"; . "$c/comfy/run"`,
  ].join('; ');

export async function textconvDriver(repository: Repository): Promise<TextconvDriver> {
  const names = repository.bare ? undefined : await lockedWidgetNames(repository.top);
  const { digest, text } = nameTable(names);
  return {
    command: commandFor(digest),
    table: { path: comfyPath(repository, 'names', `${digest}.json`), content: text },
  };
}

/**
 * Points the driver at the names of the lock as it is now, where `init` has set it up. It only decides what is shown, so a configuration that
 * cannot be written now is left for the next time.
 */
export async function pointTextconv(repository: Repository): Promise<void> {
  const [command] = await getLocalConfig(repository, textconvKey);
  if (command?.includes('/comfy/names/') !== true) return;
  const driver = await textconvDriver(repository);
  try {
    // Also where it is there from before: the filter takes the newest for the one that counts.
    if (command !== driver.command || (await readIfThere(driver.table.path)) === undefined) {
      await writeFileAtomic(driver.table.path, driver.table.content);
    }
    if (command !== driver.command) await setConfig(repository, textconvKey, driver.command);
  } catch (error) {
    if (!(error instanceof GitError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** The names that a command carries; where the table is gone those of the lock, if they are still the same. */
export async function namesForTextconv(path: string, top: string) {
  const text = await readIfThere(path);
  if (text !== undefined) return text.toString('utf8');
  const table = nameTable(await lockedWidgetNames(top));
  return basename(path) === `${table.digest}.json` ? table.text : '';
}
