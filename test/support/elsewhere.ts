// The simulated ComfyUI as if it were on another machine: its folders are none of this one.
import { handMade } from './simulated.js';

/** A way to a server through which none of its folders is this machine's. */
export function asElsewhere(url: string): Promise<string> {
  return handMade(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const type = request.headers['content-type'];
    const answer = await fetch(`${url}${request.url}`, {
      method: request.method ?? 'GET',
      ...(type === undefined ? {} : { headers: { 'content-type': type } }),
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isFolders = request.url === '/internal/folder_paths';
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(isFolders ? bytes.toString('utf8').replaceAll(/"\/[^"]*\//g, '"/elsewhere/') : bytes);
  });
}
