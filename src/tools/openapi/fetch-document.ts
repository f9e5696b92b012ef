import { refusal } from '../../core/validate.ts';
import type { HostPolicy } from '../../sandbox/egress/allowed-hosts.ts';
import { EgressFailed, EgressRefused } from '../../sandbox/egress/guard.ts';
import { type Outlet, readUpTo } from '../../sandbox/egress/outlet.ts';
import { maxDocumentChars } from './document.ts';
import { policyOf } from './openapi-tools.ts';

const timeoutMs = 20_000;

/** The document at the URL, once, without credentials or redirects. Throws `validation_error`. */
export async function fetchDocument(
  openOutlet: (policy: HostPolicy) => Outlet,
  given: { readonly url: string; readonly signal: AbortSignal },
): Promise<string> {
  const url = new URL(given.url);
  using outlet = openOutlet(policyOf(url, 'document_url'));
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([given.signal, timeout]);
  try {
    const headers = { accept: 'application/json, application/yaml, */*;q=0.5' };
    const response = await outlet.send(url, { headers, signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new EgressFailed(`it answered ${response.status}, not 200`);
    }
    const { bytes, isCut } = await readUpTo(response, maxDocumentChars);
    if (isCut) throw new EgressFailed(`it has more than ${maxDocumentChars} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    given.signal.throwIfAborted();
    throw refusal(new Map([['document_url', `cannot be read: ${reasonOf(error, timeout)}`]]));
  }
}

function reasonOf(error: unknown, timeout: AbortSignal): string {
  if (timeout.aborted) return `there was no whole answer within ${timeoutMs} ms`;
  if (error instanceof TypeError) return 'it is not UTF-8';
  if (error instanceof EgressFailed || error instanceof EgressRefused) return error.message;
  return error instanceof Error ? error.message : String(error);
}
