import { CommanderError, Command as Parser } from 'commander';
import type { Command, Input } from './commands/command.js';
import { commands } from './commands/table.js';
import type { Context } from './context.js';
import { ComfyError, exitCode, Interrupted, UsageError } from './errors.js';
import { closest } from './terminal/closest.js';
import { envelope, failureText, isSystemFailure } from './terminal/envelope.js';
import { helpOf, overview } from './terminal/help.js';
import { painter } from './terminal/paint.js';

/**
 * Runs one command line and returns the exit code. The one place where an error becomes text and a code.
 */
export async function run(context: Context, words: readonly string[]): Promise<number> {
  const name = words[0];
  // Before parsing, so that even a usage error comes as an envelope.
  const options = beforeDashes(words);
  const json = options.includes('--json');
  try {
    if (name === undefined || name === '-h' || name === '--help' || name === 'help')
      return await help(context, words[1]);
    const command = await load(name);
    if (options.includes('-h') || options.includes('--help')) return await help(context, name);
    const answer = await command.run(context, parse(command, words.slice(1)));
    context.talk.progress(undefined);
    if (json) await context.write(envelope(name, { ok: (answer.exit ?? 0) === 0, result: answer.result }));
    else if (answer.text !== '') await context.write(`${answer.text}\n`);
    return answer.exit ?? exitCode.ok;
  } catch (error) {
    context.talk.progress(undefined);
    return fail(context, name ?? '', error, json);
  }
}

async function help(context: Context, name: string | undefined): Promise<number> {
  const known = name !== undefined && !name.startsWith('-') ? await load(name) : undefined;
  const { color, width } = context.output;
  await context.write(known === undefined ? overview(await loadAll(), width, painter(color)) : helpOf(known, width));
  return exitCode.ok;
}

async function load(name: string): Promise<Command> {
  const loader = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (loader !== undefined) return loader();
  throw new UsageError(`there is no command "${name}"`, { hint: hintFor(name) });
}

function hintFor(name: string): string {
  if (name.startsWith('-')) return `options come after the command: git comfy <command> ${name}`;
  const near = closest(name, Object.keys(commands));
  return near === undefined ? 'git comfy -h lists the commands' : `did you mean: git comfy ${near}`;
}

const loadAll = () => Promise.all(Object.values(commands).map((loader) => loader()));

/** What may be options: after `--` come paths, whatever they look like. */
function beforeDashes(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

function parse(command: Command, words: readonly string[]): Input {
  if (command.passThrough === true) {
    const own = beforeDashes(words);
    const args = [...own.filter((word) => word !== '--json'), ...words.slice(own.length)];
    return { args, options: { json: own.includes('--json') } };
  }
  const parser = new Parser(command.name).exitOverride().helpOption(false).allowExcessArguments(false);
  parser.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  parser.option('--json', 'one JSON envelope on stdout');
  for (const argument of command.arguments) parser.argument(argument.name, argument.about);
  for (const option of command.options) {
    if (option.many === true) parser.option(option.flags, option.about, collect, []);
    else parser.option(option.flags, option.about);
  }
  try {
    parser.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [message = '', near] = error.message.replace(/^error: /, '').split(/\n\(Did you mean (?:one of )?/);
    const isOption = /^unknown option/.test(message);
    const dash = isOption ? '; a name that begins with - comes after --' : '';
    const usage = `git comfy ${command.name} -h shows the usage${dash}`;
    throw new UsageError(message, {
      hint: near === undefined ? usage : `did you mean ${near.replace(/\?\)$/, '').replaceAll(', ', ' or ')}? ${usage}`,
    });
  }
  return { args: parser.args, options: parser.opts() };
}

const collect = (value: string, before: readonly string[]) => [...before, value];

async function fail(context: Context, name: string, thrown: unknown, json: boolean): Promise<number> {
  // After Ctrl-C whatever fails is a consequence: a git that it reached too, a connection that was cut.
  const error = context.signal.aborted ? new Interrupted() : thrown;
  const known = error instanceof ComfyError ? error : undefined;
  if (json) await context.write(envelope(name, { ok: false, error }));
  else context.talk.say(failureText(error, name));
  if (known === undefined && context.env['GIT_COMFY_DEBUG'] !== undefined)
    context.talk.say(String((thrown as Error).stack));
  return known?.exit ?? (isSystemFailure(error) ? exitCode.cannot : exitCode.bug);
}
