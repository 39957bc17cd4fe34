// What was asked of the writers, what they promised, and how they ended.
import { createHash } from 'node:crypto';

export function openLedger() {
  let last = 0;
  const counts = new Map();
  const kills = new Map();
  const complaints = new Map();
  const add = (map, name) => map.set(name, (map.get(name) ?? 0) + 1);
  return {
    counts,
    kills,
    complaints,
    /** Prompt ids, pictures, commits that went through; digests of recorded pictures by the clone that said so. */
    prompts: [],
    pictures: [],
    commits: [],
    promised: new Map(),
    /** Names of outputs that a watcher said it has recorded. */
    watched: new Set(),
    tick: () => ++last,
    digest: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    killed: (name) => add(kills, name),
    ran(name, { code, signal, stdout, stderr }) {
      for (const [, file] of stdout.matchAll(/^(\S+\.png) {2}/gm)) if (name.startsWith('watch')) this.watched.add(file);
      if (signal !== null) return;
      add(counts, `${name.split(' ')[0]}`);
      if (code !== 0 && code !== 130) add(complaints, `${name}: ended with ${code}: ${stderr.trim() || stdout.trim()}`);
    },
  };
}
