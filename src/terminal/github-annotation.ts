import { safeLine } from './safe.js';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Relative to the top of the repository, with `/`. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly title: string;
  readonly text: string;
}

/**
 * A line that GitHub Actions shows beside the file. Nothing in it can start another command.
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function annotationLine({ level, file, line, title, text }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(text)}`;
}

const data = (text: string) => text.split('\n').map(safeLine).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');

const property = (text: string) => safeLine(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
