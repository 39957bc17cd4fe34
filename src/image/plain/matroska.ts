import { fileBytes } from '../texts/file-bytes.js';
import { type Element, elements } from '../texts/matroska.js';

// Elements (RFC 9559, 5.1): what they hold decides film and sound.
const segment = 0x18538067;
const tracks = 0x1654ae6b;
const trackEntry = 0xae;
const cluster = 0x1f43b675;
/** Drawn anew for every file. */
const trackUid = 0x73c5;

/** What of a WebM or MKV makes film and sound, in one piece: nothing that a player takes, only good for telling whether two files are the same but for texts. */
export function plainMatroska(bytes: Uint8Array): Uint8Array {
  const file = fileBytes('Matroska', bytes);
  const content = ({ start, end }: Element) => file.part(start, end - start);
  const inside = (parent: Element, id: number) => elements(file, parent).filter((element) => element.id === id);
  const whole = { id: 0, start: 0, end: file.length };
  return Buffer.concat(
    inside(whole, segment).flatMap((found) => [
      ...inside(found, tracks)
        .flatMap((list) => inside(list, trackEntry))
        .flatMap((track) => elements(file, track).filter(({ id }) => id !== trackUid))
        .flatMap((fact) => [Buffer.from(`${fact.id} `), content(fact)]),
      ...inside(found, cluster).map(content),
    ]),
  );
}
