import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../fixtures/image/', import.meta.url));

export const fixture = (path: string): Buffer => readFileSync(`${folder}${path}`);

export interface OutputFacts {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
  readonly pixelSha256: string;
  readonly frameSha256?: readonly string[];
  readonly metadata: readonly { readonly key: string | null; readonly text: string }[];
}

/** Outputs of a real server with what its own libraries say of them. */
export const outputs: readonly OutputFacts[] = JSON.parse(fixture('outputs/index.json').toString('utf8'));
