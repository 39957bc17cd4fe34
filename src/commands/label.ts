import type { Context } from '../context.js';
import { openRepository } from '../git/repository.js';
import { type ChangeLabel, type Labelled, label, unlabel } from '../sharing/label.js';
import { safeLine } from '../terminal/safe.js';
import type { Answer, Command, Input } from './command.js';

const theArguments = [
  { name: '<name>', about: 'the label: a project, a client, approved' },
  {
    name: '<output...>',
    about: 'files, wherever they lie and whatever they are called now, or the first digits of their SHA-256',
  },
];

export const labelCommand: Command = {
  name: 'label',
  group: 'more',
  summary: 'name outputs: project, client, approved',
  about:
    'The label is on the run that made the output, travels with git comfy sync, and is found by git comfy find label:<name>.',
  arguments: theArguments,
  options: [],
  examples: ['git comfy label approved fox.png', 'git comfy find label:approved'],
  run: (context, input) => change(context, input, label, { done: 'labelled', already: 'had the label already' }),
};

export const unlabelCommand: Command = {
  name: 'unlabel',
  group: 'more',
  summary: 'take a label back',
  arguments: theArguments,
  options: [],
  examples: ['git comfy unlabel approved fox.png'],
  run: (context, input) => change(context, input, unlabel, { done: 'label taken back', already: 'had no such label' }),
};

async function change(
  context: Context,
  { args }: Input,
  apply: ChangeLabel,
  words: { readonly done: string; readonly already: string },
): Promise<Answer> {
  const [name = '', ...outputs] = args;
  const changed = await apply(await openRepository(context.cwd), context.cwd, name, outputs, context.now);
  const line = ({ output, unchanged }: Labelled) => `${safeLine(output)}  ${unchanged ? words.already : words.done}`;
  return { result: { name, outputs: changed }, text: changed.map(line).join('\n') };
}
