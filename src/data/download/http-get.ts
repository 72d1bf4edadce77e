/**
 * A GET request that gives the very bytes that lie on the server. `fetch` would unpack a file of gzip data
 * where a server declares it as compressed on the way, and its checksum would be another.
 */

// Without `node:` on purpose: under these names only does VS Code give extensions modules that use its proxy
// and the certificates of the system.
// biome-ignore lint/style/useNodejsImportProtocol: see above
import { get as httpGet, type IncomingMessage } from 'http';
// biome-ignore lint/style/useNodejsImportProtocol: see above
import { get as httpsGet } from 'https';

import { DownloadError, networkError, shown } from './download-error';

const MAX_REDIRECTS = 5;

const headers = { 'user-agent': 'descent', accept: '*/*', 'accept-encoding': 'identity' };

/**
 * The answer to a request, as soon as its headers are there; its status is 200.
 * @throws DownloadError when the server cannot be reached or answers something else
 */
export async function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  let place = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await request(place, signal);
    const { statusCode = 0, statusMessage = '' } = response;
    if (statusCode === 200) return response;
    response.destroy();
    const { location } = response.headers;
    if (statusCode < 300 || statusCode > 399 || location === undefined) {
      const reason = statusMessage === '' ? '' : ` (${statusMessage})`;
      throw new DownloadError('mirror', `${shown(place)} answered ${statusCode}${reason}`);
    }
    place = redirected(place, location);
  }
  throw new DownloadError('mirror', `${shown(url)} leads from one address to another without an end`);
}

/** Where a redirect leads; a secure connection does not lead to one that everybody can change. */
function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const allowed = from.protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (to !== undefined && allowed.includes(to.protocol)) return to;
  throw new DownloadError('mirror', `${shown(from)} leads to an address that is not followed (${location})`);
}

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { headers, signal };
    const sent = url.protocol === 'https:' ? httpsGet(url, options, resolve) : httpGet(url, options, resolve);
    // Errors that come after the answer come with its bytes, too.
    sent.on('error', error => reject(networkError(url, error)));
  });
}
