import { spawn } from 'node:child_process';
import { InputError } from '../errors.js';

/** What opens a file with the program that people chose for it, by platform; the path comes last. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
};

/**
 * Opens a file as a double click would, without a shell. Resolves when the opener has started; what it starts goes on by itself.
 * @param path absolute: no name can be taken for an option
 * @throws InputError `no-opener`
 */
export async function openFile(path: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, path], { env: { ...env }, detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(
        new InputError('no-opener', `${command} could not be started`, { hint: `open it yourself: ${path}`, cause }),
      ),
    );
  });
  child.unref();
}
