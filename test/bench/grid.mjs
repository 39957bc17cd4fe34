// `git comfy vary` of a grid of 40 on one, two and four simulated servers that need a fixed time for each picture.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './measure.mjs';
import { comfy, noise, recordedPicture, startServers } from './simulated.mjs';

/** Milliseconds that a picture takes on a server. */
const delay = 1500;

export async function grid() {
  const folder = mkdtempSync(join(tmpdir(), 'git-comfy-grid-'));
  const servers = await startServers(folder, 4, delay);
  try {
    const path = recordedPicture(folder, servers[0].url, noise(64));
    const took = (count, seed) => {
      const strengths = Array.from({ length: 8 }, (_, index) => (index + 1) / 10).join(',');
      const seeds = Array.from({ length: 5 }, (_, index) => seed + index).join(',');
      const named = servers.slice(0, count).flatMap(({ url }) => ['--server', url]);
      return comfy(
        path,
        'vary',
        'p.png',
        '--set',
        `strength=${strengths}`,
        '--set',
        `seed=${seeds}`,
        '--grid',
        ...named,
      );
    };
    const alone = took(1, 1000);
    return [2, 4]
      .map((count) => {
        const ours = took(count, 1000 * count);
        const linear = { ours, yardstick: alone / count, ratio: (ours * count) / alone };
        return report(
          `grid of 40 on ${count} servers`,
          `linear (one server took ${Math.round(alone)} ms)`,
          linear,
          1.11,
        );
      })
      .every(Boolean);
  } finally {
    for (const { child } of servers) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
