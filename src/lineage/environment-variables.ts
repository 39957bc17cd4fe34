import type { Origin, Sources, Value, Variable, VariableKey } from './account.js';
import {
  argumentValues,
  driverValues,
  flagValues,
  memoryValues,
  packageValues,
  texts,
  tokenizerValues,
} from './environment-values.js';
import type { Environment } from './state.js';
import { variable, whyUnobserved } from './variable.js';

/** What HTTP alone does not tell. */
const needsPack = 'the server does not tell it without the capture pack';
const notTold = 'the server did not tell it';
const notGiven = 'what was given of the machine does not say it';

/** Arguments that decide precision, attention and determinism. */
const precision =
  /^--(?:deterministic|cpu$|.*attention|(?:force-)?fp|bf16|.*-fp\d|fast|.*vram|directml|disable-xformers|cuda-malloc|disable-cuda-malloc)/;

/** Tier 3: the machine and the programs, as they were at the run. */
export function environmentVariables(sources: Sources): Variable[] {
  const environment = sources.state?.environment ?? {};
  const told = (key: VariableKey, field: keyof Environment, values: readonly Value[], why: string) =>
    variable(key, values, originOf(sources, field), whyMissing(sources, field, why));
  const packed = environment.pack === undefined ? needsPack : 'the capture pack found none that it knows';
  return [
    told('python', 'python', texts(environment.python), notTold),
    told('packages', 'packages', withOthers(packageValues(environment), environment, packed), packed),
    told('gpu', 'devices', texts(...(environment.devices ?? [])), notTold),
    told('vram', 'vramTotal', memoryValues(environment), notTold),
    told('driver', 'driver', driverValues(environment), packed),
    told('os', 'os', texts(environment.system ?? environment.os, environment.cpu), notTold),
    told('determinism', 'flags', flagValues(environment), precisionOf(environment)),
    told('arguments', 'arguments', argumentValues(environment), notTold),
    told('tokenizer', 'packages', tokenizerValues(environment), packed),
  ];
}

/** Where torch is all that is known, the others are named as missing. */
function withOthers(values: readonly Value[], { packages, notCaptured }: Environment, why: string): readonly Value[] {
  if (values.length === 0 || packages !== undefined) return values;
  return [...values, { text: 'and others', notCaptured: notCaptured?.['packages'] ?? why }];
}

/** Only the capture pack knows these; the others every server tells. */
const packOnly: ReadonlySet<keyof Environment> = new Set(['driver', 'flags', 'system', 'cpu']);

function originOf({ record, state }: Sources, field: keyof Environment): Origin {
  if (record?.captured === 'pack') return 'capture pack';
  if (record?.captured === 'embedded') return 'user';
  const { pack, packages, system } = state?.environment ?? {};
  if (field === 'packages' && packages !== undefined) return pack === undefined ? 'disk' : 'capture pack';
  return packOnly.has(field) || (field === 'os' && system !== undefined) ? 'capture pack' : 'server';
}

function whyMissing(sources: Sources, field: keyof Environment, why: string): string {
  const environment = sources.state?.environment;
  const given = sources.record?.captured === 'embedded' && Object.keys(environment ?? {}).length > 0;
  if (environment === undefined || (sources.record?.captured === 'embedded' && !given)) return whyUnobserved(sources);
  return given ? notGiven : (environment.notCaptured?.[field] ?? why);
}

/** Flags on the command line are known; what the libraries made of them is not. */
function precisionOf({ arguments: words = [] }: Environment): string {
  const flags = words.filter((argument) => precision.test(argument));
  return flags.length === 0 ? needsPack : `${needsPack}; its arguments had ${flags.join(' ')}`;
}
