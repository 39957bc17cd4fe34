import type { LineageLine } from '../lineage/lineage.js';

/**
 * Of many lines those that matter for a question: the ones that `matches` says, further lines of their runs, and what was taken back. Looking at
 * the text is far cheaper than parsing: it finds one output among 100,000 in less than a second.
 * @param matches may say yes too often, never no where it counts
 */
export function linesAbout(lines: readonly LineageLine[], matches: (text: string) => boolean): LineageLine[] {
  const hits = new Set(lines.filter(({ text }) => matches(text)));
  const runs = new Set([...hits].flatMap(({ text }) => promptIn(text) ?? []));
  return lines.filter((line) => {
    if (hits.has(line) || line.text.includes('"tombstone"')) return true;
    const prompt = promptIn(line.text);
    return prompt !== undefined && runs.has(prompt);
  });
}

/** The server's prompt id, which all lines of one run share; a line that plain git wrote may have spaces. */
const promptIn = (text: string) => /"prompt": ?"([^"]*)"/.exec(text)?.[1];
