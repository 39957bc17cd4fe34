import type { Sources, Value, Variable } from './account.js';
import { variable, whyUnobserved } from './variable.js';

/** What the run itself told: order, cache, when, where, which file. */
export function runVariables(sources: Sources): Variable[] {
  const { record, snapshot, output } = sources;
  const why = whyUnobserved(sources);
  const cached = snapshot?.cached;
  return [
    variable(
      'order',
      list(snapshot?.executed),
      'run',
      record?.captured === 'run' ? 'messages of the run were missed' : why,
    ),
    variable('cached', cached === undefined ? [] : list(cached, 'none'), 'run', why),
    variable('start', list(record?.start === undefined ? undefined : [record.start]), 'run', why),
    variable('duration', list(record?.duration === undefined ? undefined : [`${record.duration} ms`]), 'run', why),
    variable('batch', batch(sources), 'output', 'it is not known which of the outputs this is'),
    variable(
      'server',
      list(record?.server === undefined ? undefined : [record.server]),
      'run',
      whyNoServer(record) ?? why,
    ),
    variable(
      'output',
      output === undefined ? [] : [{ text: output.name, digest: `sha256:${output.sha256}` }],
      'output',
      why,
    ),
  ];
}

/** The journal of the capture pack is of one server, and does not name it. */
const whyNoServer = (record: Sources['record']) =>
  record?.captured === 'pack' ? 'the run journal does not say which server wrote it' : undefined;

function list(ids: readonly string[] | undefined, empty?: string): Value[] {
  if (ids === undefined || (ids.length === 0 && empty === undefined)) return [];
  return [{ text: ids.length === 0 ? (empty ?? '') : ids.join(' ') }];
}

/** Position among the pictures of one node, from 1. */
function batch({ record, output }: Sources): Value[] {
  if (record === undefined || output === undefined) return [];
  const size = record.outputs.filter(({ node }) => node === output.node).length;
  return [{ text: `${output.index + 1} of ${Math.max(size, output.index + 1)}` }];
}
