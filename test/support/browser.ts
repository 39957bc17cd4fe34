// The browser of this machine, if there is one; tests that need it are skipped elsewhere.
import { execFileSync, spawnSync } from 'node:child_process';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const browser = names.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);

/** The document as the browser has it once scripts have run, or a picture of it. */
export function openInBrowser(url: string, profile: string, ...more: string[]): Buffer {
  const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--user-data-dir=${profile}`];
  return execFileSync(browser ?? '', [...quiet, '--window-size=1200,900', ...more, url], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
