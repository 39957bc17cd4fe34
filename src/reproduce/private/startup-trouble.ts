import { InputError, ServerError } from '../../errors.js';

/** Lines that Python and ComfyUI write when something cannot be imported. */
const missingModule = /No module named '([\w.]+)'/;
const failedPack = /^.*Cannot import (.*) module for custom nodes: (.*)$/gm;

/**
 * Why a server of ours did not start, from its log.
 * @param python the program that ran it
 */
export function notStarted(log: string, python: string, path: string): InputError | ServerError {
  const name = missingModule.exec(lastTrouble(log))?.[1];
  if (name !== undefined) return missingRequirement('ComfyUI as it was then', name, python);
  const said = lastTrouble(log);
  return new ServerError(
    'private-server',
    `the private ComfyUI did not start: ${said === '' ? 'it did not say why' : said}`,
    {
      hint: `its log has the whole story: ${path}`,
    },
  );
}

/** The last line of a stack trace, or the last line at all. */
const lastTrouble = (log: string) => {
  const lines = log.trim().split('\n');
  return (lines.findLast((line) => /^\w*(?:Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? '').slice(0, 300);
};

/**
 * A pack of the run that did not load.
 * @param packs names of their folders
 * @throws InputError `missing-requirement`, `pack-failed`
 */
export function checkPacksLoaded(log: string, packs: readonly string[], python: string): void {
  for (const [, path = '', reason = ''] of log.matchAll(failedPack)) {
    const pack = packs.find((name) => path.split(/[/\\]/).includes(name));
    if (pack === undefined) continue;
    const name = missingModule.exec(reason)?.[1];
    if (name !== undefined) throw missingRequirement(`pack ${pack} as it was then`, name, python);
    throw new InputError('pack-failed', `pack ${pack} as it was then does not load: ${reason.slice(0, 300)}`, {
      hint: 'it may need other versions of Python packages than are installed: git comfy verify names those that changed',
    });
  }
}

const missingRequirement = (what: string, name: string, python: string) =>
  new InputError('missing-requirement', `${what} needs the Python module ${name}, which ${python} does not have`, {
    hint: `nothing is installed for you; if you want it there: ${python} -m pip install ${name.split('.')[0]?.replaceAll('_', '-')}`,
  });
