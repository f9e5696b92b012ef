import type { z } from 'zod';
import type { Channel, MessageChannel } from '../../core/channel.ts';
import type { SignedRequest } from '../../core/request-signature.ts';
import type { Guard } from '../../sandbox/egress/guard.ts';
import type { InboundMessage } from '../../store/inbound.ts';
import type { ClaimedMessage } from '../../store/message-claims.ts';

// One interface for every way in and out. An adapter reads what its other side sends, and sends one message; that
// messages are kept, delivered again, and answered once is nothing it has to know of.

/** A channel with its secrets, by name. */
export interface OpenChannel {
  readonly channel: Channel;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A request that came to a channel's URL: its raw body, and its headers by their lower-case names. */
export interface InboundRequest extends SignedRequest {
  readonly contentType: string | null;
}

/** A message as the other side sent it; `references`: what it says it belongs to, the nearest last. */
export interface ReadMessage extends Omit<InboundMessage, 'channel' | 'threadKey'> {
  readonly kind: 'message';
  readonly threadKey: string;
  readonly references?: readonly string[];
}

export type ReadItem =
  | ReadMessage
  | { readonly kind: 'edit'; readonly externalId: string; readonly body: string };

export type Read =
  /** Empty: there was nothing in it for us. */
  | { readonly kind: 'items'; readonly items: readonly ReadItem[] }
  /** The other side asks whether this is the right place. */
  | { readonly kind: 'greeting'; readonly answer: Readonly<Record<string, string>> };

/** How adapters get out. */
export interface WayOut {
  readonly guard: Guard;
  /** Addresses that what is not encrypted may go to: those that the operator named. */
  readonly mayBePlain: (address: string) => boolean;
  /** `Signalbox/<version>`. */
  readonly userAgent: string;
  /** PEM; by default Node's. */
  readonly authorities?: readonly string[];
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** How an attempt ended, before it is decided when to try again. */
export type Attempted =
  | { readonly kind: 'sent'; readonly externalId: string | null }
  /** It has not arrived, and may do so later. */
  | { readonly kind: 'not_sent'; readonly error: string; readonly retryAfter?: string | null }
  /** It has not arrived, and never will. */
  | { readonly kind: 'refused'; readonly error: string }
  /** Nobody knows whether it has. */
  | { readonly kind: 'unknown'; readonly error: string };

export interface ChannelAdapter {
  /** What message triggers may know its messages by; the first one unless another is chosen. */
  readonly kinds: readonly MessageChannel[];
  readonly config: z.ZodObject;
  /** Every one is optional here: what a config needs beside it is said by `problems`. */
  readonly secrets: z.ZodObject;
  /** Whether the other side takes a second sending under the same id for the same message. */
  readonly knowsRepeats: boolean;
  /** A message's address is unique to the channel, not known elsewhere. */
  readonly hasUrl: boolean;
  /** Of one request that comes in; by default what every body may have. */
  readonly maxBytes?: number;
  /** Field → what is wrong with config and secrets together. */
  readonly problems: (
    config: Readonly<Record<string, unknown>>,
    secrets: Readonly<Record<string, string>>,
  ) => ReadonlyMap<string, string>;
  /** Throws `unauthenticated`, `malformed_request`. */
  readonly read: (open: OpenChannel, request: InboundRequest) => Promise<Read>;
  /** One attempt. Throws nothing but what is a fault of ours. */
  readonly send: (open: OpenChannel, message: ClaimedMessage, way: WayOut) => Promise<Attempted>;
}
