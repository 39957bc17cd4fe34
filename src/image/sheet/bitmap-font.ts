/** Samples of a glyph; text is as wide and high as `step` says. */
export const glyphSize = { width: 5, height: 7 } as const;

/** From one character to the next, and from one line to the next. */
export const step = { x: 6, y: 9 } as const;

/** Seven rows a glyph, one digit to base 32 a row, the leftmost sample in its highest bit; from space to tilde. */
const glyphs: readonly string[] = [
  '0000000 4444404 aaa0000 aavavaa 4fke5u4 pp248jj cik8lid 4440000 2488842 8422248 04lel40 044v440 0000c48 000v000 00000cc 11248gg',
  'ehjlphe 4c4444e eh1248v v2421he 26aiv22 vgu11he 68guhhe v124888 ehhehhe ehhf12c 0440440 0440448 248g842 00v0v00 8421248 eh12404',
  'ehnlnge ehhvhhh uhhuhhu ehggghe uhhhhhu vgguggv vgguggg ehgnhhe hhhvhhh e44444e 72222ic hikokih ggggggv hrllhhh hpljhhh ehhhhhe',
  'uhhuggg ehhhlid uhhukih fgge11u v444444 hhhhhhe hhhhha4 hhhllrh hha4ahh hha4444 v1248gv e88888e gg84211 e22222e 4ah0000 000000v',
  '8420000 00e1fhf gguhhhu 00egghe 11fhhhf 00ehvge 698s888 00fhf1e gguhhhh 40c444e 20622ic ggikoki c44444e 00qllll 00uhhhh 00ehhhe',
  '00uhugg 00fhf11 00mpggg 00fge1u 88s8896 00hhhhf 00hhha4 00hllla 00ha4ah 00hhf1e 00v248v 3448443 4444444 o44244o 008l200',
]
  .join(' ')
  .split(' ');

const firstCode = 0x20;
const unknown = glyphs['?'.charCodeAt(0) - firstCode] ?? '';

/** Rows of a glyph as bits; of a character that the font lacks those of a question mark. */
export const glyphRows = (character: string): readonly number[] =>
  [...(glyphs[character.charCodeAt(0) - firstCode] ?? unknown)].map((digit) => Number.parseInt(digit, 32));

/** Text as the font can show it: without accents. */
export const drawable = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
