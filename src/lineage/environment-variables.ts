import type { Origin, Sources, Value, Variable, VariableKey } from './account.js';
import type { Environment } from './state.js';
import { variable, whyUnobserved } from './variable.js';

/** What HTTP alone does not tell. */
const needsPack = 'the server does not tell it without the capture pack';

/** Arguments that decide precision, attention and determinism. */
const precision =
  /^--(?:deterministic|cpu$|.*attention|(?:force-)?fp|bf16|.*-fp\d|fast|.*vram|directml|disable-xformers|cuda-malloc|disable-cuda-malloc)/;

/** Tier 3: the machine and the programs, as the server told them at the run. */
export function environmentVariables(sources: Sources): Variable[] {
  const environment = sources.state?.environment;
  const origin: Origin = sources.record?.captured === 'pack' ? 'capture pack' : 'server';
  const told = (key: VariableKey, field: keyof Environment | undefined, values: readonly Value[], why: string) => {
    const known = field === undefined ? undefined : environment?.notCaptured?.[field];
    return variable(key, values, origin, environment === undefined ? whyUnobserved(sources) : (known ?? why));
  };
  const notTold = 'the server did not tell it';
  return [
    told('python', 'python', texts(environment?.python), notTold),
    told('packages', 'packages', packagesOf(environment), needsPack),
    told('gpu', 'devices', texts(...(environment?.devices ?? [])), notTold),
    told('vram', 'vramTotal', memoryOf(environment), notTold),
    told('driver', undefined, [], needsPack),
    told('os', 'os', texts(environment?.os), notTold),
    told('determinism', undefined, [], precisionOf(environment)),
    told('arguments', 'arguments', argumentsOf(environment), notTold),
    told('tokenizer', undefined, tokenizerOf(environment), needsPack),
  ];
}

const texts = (...words: (string | undefined)[]): Value[] =>
  words.flatMap((text) => (text === undefined || text === '' ? [] : [{ text }]));

function packagesOf(environment: Environment | undefined): Value[] {
  const listed = Object.entries(environment?.packages ?? {}).map(([name, version]) => `${name} ${version}`);
  return texts(environment?.torch === undefined ? undefined : `torch ${environment.torch}`, ...listed);
}

const memoryOf = (environment: Environment | undefined): Value[] =>
  environment?.vramTotal === undefined ? [] : [{ text: `${(environment.vramTotal / 2 ** 30).toFixed(1)} GiB` }];

/** An empty list is an answer: the server was started with defaults. */
function argumentsOf(environment: Environment | undefined): Value[] {
  if (environment?.arguments === undefined) return [];
  return [{ text: environment.arguments.length === 0 ? 'defaults' : environment.arguments.join(' ') }];
}

/** Flags on the command line are known; what the libraries made of them is not. */
function precisionOf(environment: Environment | undefined): string {
  const flags = (environment?.arguments ?? []).filter((argument) => precision.test(argument));
  return flags.length === 0 ? needsPack : `${needsPack}; its arguments had ${flags.join(' ')}`;
}

function tokenizerOf(environment: Environment | undefined): Value[] {
  const version = environment?.packages?.['tokenizers'] ?? environment?.packages?.['transformers'];
  return texts(version);
}
