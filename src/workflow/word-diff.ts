/** A run of text that both versions have, or only one. */
export interface WordPiece {
  readonly is: 'same' | 'cut' | 'put';
  readonly text: string;
}

/** More words than this differ: then only where the difference begins and ends is looked for. */
const mostEdits = 600;

/** What changed in a text, by words: a shortest edit script, as Myers finds it. What joins to `before` are the pieces that are not `put`. */
export function wordDiff(before: string, after: string): WordPiece[] {
  const [old, fresh] = [words(before), words(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  const most = Math.min(old.length, fresh.length) - start;
  while (end < most && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const middle = editScript(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  return joined([...old.slice(0, start).map(same), ...middle, ...old.slice(old.length - end).map(same)]);
}

const same = (text: string): WordPiece => ({ is: 'same', text });

/** Words, runs of white space, and single other characters. */
const words = (text: string) => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

function editScript(old: readonly string[], fresh: readonly string[]): WordPiece[] {
  const whole = (): WordPiece[] => [
    { is: 'cut', text: old.join('') },
    { is: 'put', text: fresh.join('') },
  ];
  if (old.length === 0 || fresh.length === 0) return whole();
  const steps = furthestPaths(old, fresh);
  return steps === undefined ? whole() : backtracked(old, fresh, steps);
}

/** For each number of edits, how far each diagonal gets; `undefined` where it takes too many. */
function furthestPaths(old: readonly string[], fresh: readonly string[]): Map<number, number>[] | undefined {
  let furthest = new Map([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let edits = 0; edits <= mostEdits; edits++) {
    const next = new Map<number, number>();
    steps.push(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = goesDown(furthest, diagonal, edits);
      let at = down ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (at < old.length && at - diagonal < fresh.length && old[at] === fresh[at - diagonal]) at++;
      next.set(diagonal, at);
      if (at >= old.length && at - diagonal >= fresh.length) return [...steps, next];
    }
    furthest = next;
  }
  return undefined;
}

const goesDown = (furthest: ReadonlyMap<number, number>, diagonal: number, edits: number) =>
  diagonal === -edits ||
  (diagonal !== edits && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));

function backtracked(old: readonly string[], fresh: readonly string[], steps: readonly Map<number, number>[]) {
  const pieces: WordPiece[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let edits = steps.length - 2; edits >= 0; edits--) {
    const furthest = steps[edits] ?? new Map();
    const diagonal = x - y;
    const from = goesDown(furthest, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const startX = furthest.get(from) ?? 0;
    const startY = startX - from;
    while (x > startX && y > startY && x > 0 && y > 0) {
      pieces.push(same(old[--x] ?? ''));
      y--;
    }
    if (edits === 0) break;
    if (x === startX) pieces.push({ is: 'put', text: fresh[--y] ?? '' });
    else pieces.push({ is: 'cut', text: old[--x] ?? '' });
  }
  return pieces.reverse();
}

/** Neighbours of one kind become one; between two changes a mere blank changes with them, which reads better. */
function joined(pieces: readonly WordPiece[]): WordPiece[] {
  const result: WordPiece[] = [];
  let [cut, put] = ['', ''];
  const flush = () => {
    if (cut !== '') result.push({ is: 'cut', text: cut });
    if (put !== '') result.push({ is: 'put', text: put });
    [cut, put] = ['', ''];
  };
  for (const [at, { is, text }] of pieces.entries()) {
    const blank = is === 'same' && cut !== '' && put !== '' && text.trim() === '' && isChange(pieces[at + 1]);
    if (is === 'cut' || blank) cut += text;
    if (is === 'put' || blank) put += text;
    if (is !== 'same' || blank) continue;
    flush();
    const last = result.at(-1);
    if (last?.is === 'same') result[result.length - 1] = same(last.text + text);
    else result.push(same(text));
  }
  flush();
  return result;
}

const isChange = (piece: WordPiece | undefined) => piece !== undefined && piece.is !== 'same';
