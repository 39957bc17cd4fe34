import { isObject, type Json, type JsonObject, parseJson } from '../../workflow/json.js';
import { dumps, PythonError } from './python.js';

/** What a route answers. */
export interface Reply {
  readonly status: number;
  readonly type?: string;
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a route is asked. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export const json = (value: Json, status = 200): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: Buffer.from(dumps(value)),
});

export const empty = (status: number): Reply => ({ status });

/** A path without a route: the static file handler answers. */
export const unknownPath: Reply = { status: 404, type: 'application/octet-stream' };

/** An exception that nobody caught. */
export const trouble: Reply = {
  status: 500,
  type: 'text/plain; charset=utf-8',
  body: Buffer.from('500 Internal Server Error\n\nServer got itself in trouble'),
};

/** @throws PythonError for a body that is no JSON object */
export function bodyObject(asked: Asked): JsonObject {
  const body = parseJson(asked.body.toString('utf8'));
  if (!isObject(body)) throw new PythonError('TypeError', 'no object');
  return body;
}
