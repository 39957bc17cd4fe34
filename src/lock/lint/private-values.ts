import { nodeText } from '../../workflow/describe.js';
import { isArray, isObject, type Json, writeJson } from '../../workflow/json.js';
import { holdsSecret, isAbsolutePath, isSecretName } from '../../workflow/private-texts.js';
import { type ResolvedNode, resolveNodes } from '../../workflow/resolved-nodes.js';
import { type Finding, type Linted, lineOf } from './finding.js';

/** What stands in a field that nobody has filled in. */
const placeholder =
  /^(?:$|none|null|undefined|x+|\*+|\.+|<.*>|\[.*\]|\{.*\}|your\b.*|enter\b.*|insert\b.*|paste\b.*|.*_here)$/i;

const label = ({ id, classType, title }: ResolvedNode) => nodeText({ path: [], type: classType, title, id });

/** Credentials: by the name of a widget, and by their look wherever they stand, in notes too. The text is never said. */
export function secretFindings({ path, source, text }: Linted): Finding[] {
  const named = resolveNodes(source).flatMap((node) =>
    [...node.values].flatMap(([name, value]) =>
      typeof value === 'string' && isSecretName(name) && !placeholder.test(value.trim())
        ? [{ value, where: `${name} of ${label(node)}` }]
        : [],
    ),
  );
  const known = new Set(named.map(({ value }) => value));
  const looks = [...new Set(textsIn(source.source))].filter((value) => !known.has(value) && holdsSecret(value));
  const found = [...named, ...looks.map((value) => ({ value, where: 'a text' }))];
  return found.map(({ value, where }) => ({
    path,
    ...lineOf(text, writeJson(value)),
    code: 'secret-in-workflow',
    text: `${path}: ${where} holds a credential`,
    hint: 'empty it, save, and git add it again; a secret that was pushed has to be revoked',
  }));
}

/** Values that are, as a whole, a path of one machine. */
export function pathFindings({ path, source, text }: Linted): Finding[] {
  return resolveNodes(source).flatMap((node) =>
    [...node.values].flatMap(([name, value]): Finding[] => {
      if (typeof value !== 'string' || !isAbsolutePath(value)) return [];
      return [
        {
          path,
          ...lineOf(text, writeJson(value)),
          code: 'absolute-path',
          text: `${path}: ${name} of ${label(node)} is a path of one machine: ${value}`,
          hint: "give a name in ComfyUI's own folders, or a path that is relative to them",
        },
      ];
    }),
  );
}

/** Every text of a document, from the outside in. */
function textsIn(json: Json): string[] {
  const found: string[] = [];
  const open: Json[] = [json];
  for (let at = 0; at < open.length; at++) {
    const value = open[at] as Json;
    if (typeof value === 'string') found.push(value);
    else if (isArray(value)) open.push(...value);
    else if (isObject(value)) open.push(...value.values());
  }
  return found;
}
