import { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { createTransport } from 'nodemailer';
import { isFinalReply } from '../../core/is-final-reply.ts';
import { EgressFailed, EgressRefused, type GuardedConnection } from '../../sandbox/egress/guard.ts';
import type { Attempted, WayOut } from './adapter.ts';

// One e-mail by SMTP, over a connection that the guard has made: the address is checked, and the name is never
// resolved again. A server that takes the same Message-ID twice delivers it twice, so what broke off after the
// message had begun to leave is `unknown`.

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `tls` from the first byte; `none` only at addresses that the operator named. */
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string | null;
  readonly password: string | null;
}

export interface OutgoingEmail {
  readonly from: { readonly address: string; readonly name: string | null };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** With its angle brackets, the same at every attempt. */
  readonly messageId: string;
  readonly references: readonly string[];
  readonly isAutomatic: boolean;
}

export async function sendBySmtp(
  server: SmtpServer,
  email: OutgoingEmail,
  way: WayOut,
): Promise<Attempted> {
  const { host, port } = server;
  let connection: GuardedConnection;
  try {
    connection = await way.guard.connect({ host, port, ports: [port], signal: way.signal });
  } catch (thrown) {
    const isKnown = thrown instanceof EgressRefused || thrown instanceof EgressFailed;
    if (isKnown) return { kind: 'not_sent', error: thrown.message };
    if (way.signal.aborted) return { kind: 'not_sent', error: 'The connection took too long.' };
    throw thrown;
  }
  if (server.security === 'none' && !way.mayBePlain(connection.address)) {
    connection.socket.destroy();
    return { kind: 'not_sent', error: 'Unencrypted SMTP is not allowed to this address.' };
  }
  return await exchange(server, email, { way, connection });
}

async function exchange(
  server: SmtpServer,
  email: OutgoingEmail,
  given: { readonly way: WayOut; readonly connection: GuardedConnection },
): Promise<Attempted> {
  const { way, connection } = given;
  let hasBegun = false;
  const text = Readable.from(
    (function* () {
      hasBegun = true;
      yield email.text;
    })(),
  );
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(server.user === null ? {} : { auth: { user: server.user, pass: server.password ?? '' } }),
    tls: { ca: [...(way.authorities ?? getCACertificates('default'))], servername: server.host },
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_: unknown, callback: (error: null, options: object) => void) =>
      callback(null, { connection: connection.socket }),
  });
  const abort = () => connection.socket.destroy();
  way.signal.addEventListener('abort', abort, { once: true });
  try {
    await transport.sendMail({
      from: { address: email.from.address, name: email.from.name ?? '' },
      to: { address: email.to, name: '' },
      subject: email.subject,
      text,
      messageId: email.messageId,
      ...(email.references.length === 0
        ? {}
        : { inReplyTo: email.references.at(-1), references: [...email.references] }),
      // Other machines are not to answer an agent (RFC 3834).
      headers: email.isAutomatic ? { 'Auto-Submitted': 'auto-replied' } : {},
    });
    return { kind: 'sent', externalId: email.messageId };
  } catch (thrown) {
    return afterFailure(thrown, { hasBegun, isTooLate: way.signal.aborted });
  } finally {
    way.signal.removeEventListener('abort', abort);
    transport.close();
    connection.socket.destroy();
  }
}

function afterFailure(
  thrown: unknown,
  given: { readonly hasBegun: boolean; readonly isTooLate: boolean },
): Attempted {
  const { responseCode } = thrown as { readonly responseCode?: unknown };
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const error = given.isTooLate
    ? 'The mail server took too long.'
    : `The mail server did not take it: ${said.slice(0, 500)}`;
  if (typeof responseCode === 'number' && responseCode >= 400) {
    return { kind: isFinalReply(responseCode) ? 'refused' : 'not_sent', error };
  }
  return { kind: given.hasBegun ? 'unknown' : 'not_sent', error };
}
