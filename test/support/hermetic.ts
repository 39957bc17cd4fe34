// No test sees this machine's git configuration, identity, proxies or ComfyUI.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'git-comfy-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
for (const name of Object.keys(process.env)) {
  if (/^(GIT_|COMFY|NODE_EXTRA_CA_CERTS$|https?_proxy$|all_proxy$)/i.test(name) && name !== 'GIT_COMFY_CORPUS') {
    delete process.env[name];
  }
}
Object.assign(process.env, {
  HOME: home,
  USERPROFILE: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  XDG_CACHE_HOME: join(home, '.cache'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: join(home, '.gitconfig'),
  GIT_AUTHOR_NAME: 'Ada Artist',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada Artist',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  NO_COLOR: '1',
});
