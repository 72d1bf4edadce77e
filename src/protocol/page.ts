/**
 * The document of a page: the same in the editor and in a browser. Nothing in it is inline, and nothing is
 * loaded from elsewhere.
 */

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Addresses of what is loaded. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
  /** A number used once, which the scripts carry. The page's components look for it in a `meta` element. */
  readonly nonce: string;
  /** Where styles and images may come from: `webview.cspSource` in the editor, `'self'` on a server. */
  readonly source: string;
  /** Where the page may connect to; nowhere in the editor. */
  readonly connect?: string;
  /** What opens the page anew when nobody answers the one that is there: the address of an editor's command. */
  readonly reopen?: string;
}

/** The name of the `meta` element that holds `reopen`. */
export const reopenName = 'descent-reopen';

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}

/** What a page may do; everything else is forbidden. */
export function contentSecurityPolicy({
  nonce,
  source,
  connect,
}: Pick<PageParts, 'nonce' | 'source' | 'connect'>): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `img-src ${source} data: blob:`,
    `font-src ${source}`,
    `connect-src ${connect ?? "'none'"}`,
    // Workers whose program is a part of the page's own script.
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The document. */
export function pageHtml(parts: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(parts))}">
<meta property="csp-nonce" content="${escapeHtml(parts.nonce)}">
${parts.reopen === undefined ? '' : `<meta name="${reopenName}" content="${escapeHtml(parts.reopen)}">\n`}<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}</title>
${parts.styles.map(href => `<link rel="stylesheet" href="${escapeHtml(href)}">`).join('\n')}
</head>
<body>
<div id="root"></div>
${parts.scripts.map(src => `<script nonce="${escapeHtml(parts.nonce)}" src="${escapeHtml(src)}"></script>`).join('\n')}
</body>
</html>
`;
}
