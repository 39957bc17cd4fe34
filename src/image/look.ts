import { ComfyError, type Failure, failureOf } from '../errors.js';
import { describeBytes, type OutputIdentity } from './describe-output.js';
import { type Embedded, readEmbedded } from './embedded.js';

/** All that is to be known of an output, from its bytes alone; it can be handed from one thread to another. */
export interface OutputLook extends OutputIdentity {
  /** Size of the file. */
  readonly bytes: number;
  readonly embedded: Embedded | undefined;
  /** Why what is embedded cannot be read. */
  readonly unreadable: Failure | undefined;
}

/** Never throws for what the bytes are. */
export function lookAt(bytes: Uint8Array): OutputLook {
  const known = { ...describeBytes(bytes), bytes: bytes.length };
  try {
    return { ...known, embedded: readEmbedded(bytes), unreadable: undefined };
  } catch (error) {
    if (error instanceof ComfyError) return { ...known, embedded: undefined, unreadable: failureOf(error) };
    throw error;
  }
}
