import { escaped } from './html.js';
import { style } from './style.js';

export interface Page {
  readonly title: string;
  /** What the browser may load and run besides our own style: a Content-Security-Policy without its first words. */
  readonly allowed: string;
  /** Added to the common style sheet. */
  readonly style?: string;
  /** HTML of `<main>` and what follows it. */
  readonly body: string;
}

/** A self-contained page. Nothing is loaded, and nothing runs that the policy does not name; the page says so to the browser too. */
export const htmlPage = ({ title, allowed, style: more = '', body }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ${allowed}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}${more}</style>
</head>
<body>
${body}
</body>
</html>`;
