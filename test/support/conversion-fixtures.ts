import { readdirSync, readFileSync } from 'node:fs';

/** A small workflow and what today's frontend makes of it, or the code with which it is refused. */
export interface ConversionFixture {
  readonly name: string;
  /** The file; `example` is it without the counters that every workflow has. */
  readonly text: string;
  readonly example: string;
  readonly workflow: unknown;
  /** Interfaces of classes that no server of ours has. */
  readonly objectInfo: Readonly<Record<string, unknown>>;
  /** Without `_meta`. */
  readonly prompt: unknown;
  readonly refused: string | undefined;
}

const folder = new URL('../fixtures/conversion/', import.meta.url);

export const conversionFixtures = (): ConversionFixture[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => readFixture(file));

function readFixture(file: string): ConversionFixture {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const { workflow, prompt, refused, object_info: objectInfo = {} } = JSON.parse(text);
  const example = text
    .split('\n')
    .filter((line) => !/^\s*"(?:version|last_node_id|last_link_id)": [\d.]+,$/.test(line))
    .join('\n');
  return { name: file.replace('.json', ''), text, example, workflow, objectInfo, prompt, refused };
}
