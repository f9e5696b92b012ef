import { stringifyJson } from '../core/raw-json.ts';

/** The body of a message, in the form of Standard Webhooks: what happened, when, and to what. */
export function messageBody(message: {
  readonly type: string;
  readonly at: Date;
  readonly data: unknown;
}): string {
  return stringifyJson({
    type: message.type,
    timestamp: message.at.toISOString(),
    data: message.data,
  });
}
