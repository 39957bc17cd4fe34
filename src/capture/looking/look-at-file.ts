import { readBounded } from '../../files/read.js';
import { maxOutputBytes } from '../../image/describe-output.js';
import { lookAt, type OutputLook } from '../../image/look.js';

/** @throws InputError `no-such-file`, `not-a-file`, `file-too-large` */
export const lookAtFile = async (path: string): Promise<OutputLook> => lookAt(await readBounded(path, maxOutputBytes));
