// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be made visible
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes text from outside harmless for a terminal: control characters (escape sequences, C1, carriage return) and
 * the direction marks that can reorder a line are shown as `\u001b`; line breaks and tabs stay. JSON says the same after it: there they are
 * escapes, and these characters stand in strings only.
 */
export function safe(text: string): string {
  return text.replace(controls, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As `safe`, on one line. */
export function safeLine(text: string): string {
  return safe(text.replace(/\r?\n/g, ' '));
}
