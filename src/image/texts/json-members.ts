/**
 * The members of a JSON object as texts, each just as it stands, so that no number in it changes; a string member gives what it says. Empty for
 * what is no JSON object.
 */
export function jsonMembers(text: string): Map<string, string> {
  const members = new Map<string, string>();
  if (!isObjectText(text)) return members;
  const inner = text.trim();
  let depth = 0;
  let start = 1;
  for (const { 0: token, index } of inner.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gs)) {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if ((token === ',' && depth === 1) || depth === 0) {
      addMember(members, inner.slice(start, index));
      start = index + 1;
    }
  }
  return members;
}

function isObjectText(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    // Python writes words that are no JSON; none of them can stand inside of a string here.
    JSON.parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs, (token) => (token.startsWith('"') ? token : '0')),
    );
    return true;
  } catch {
    return false;
  }
}

function addMember(members: Map<string, string>, text: string): void {
  const [head, key] = /^\s*("(?:[^"\\]|\\.)*")\s*:/s.exec(text) ?? [];
  if (head === undefined || key === undefined) return;
  const value = text.slice(head.length).trim();
  members.set(JSON.parse(key), value.startsWith('"') ? JSON.parse(value) : value);
}
