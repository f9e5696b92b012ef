import type { ZodType } from 'zod';
import type { ApiError, Problem } from '../core/errors.ts';
import type { Answer } from './answer.ts';

/** Where a limited caller stands, for the headers that a dialect documents. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Unix seconds at which the oldest counted request leaves the window. */
  readonly resetAtS: number;
  readonly retryAfterS: number;
}

/** What a dialect may tell about the request in its envelopes. */
export interface RequestFacts {
  readonly requestId: string;
  /** Milliseconds since the request came in. */
  readonly elapsedMs: number;
  /** Members of the body that the route does not know. */
  readonly unknownFields: readonly string[];
}

export interface DialectDocument {
  readonly openapi: '3.0.0' | '3.1.0';
  /** Of the route that shows the document. */
  readonly operationId: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly bearerAuth: Readonly<Record<string, string>>;
  /** Statuses that every operation may answer with, and what they mean. */
  readonly errors: Readonly<Record<number, string>>;
  readonly errorSchema: ZodType;
  /** Schema of the whole answer around the schema of its data. */
  readonly envelope: (data: ZodType, kind: 'one' | 'page' | 'counted_page') => ZodType;
}

/** How one of the published APIs speaks. No rule of the domain lives in it. */
export interface Dialect {
  readonly name:
    | 'conduit'
    | 'neo'
    | 'openai'
    | 'mcp'
    | 'a2a'
    | 'ag-ui'
    | 'agent-protocol'
    | 'plain';
  /** Paths below it are answered in this dialect. */
  readonly prefix: string;
  readonly statusOf: Readonly<Record<Problem, number>>;
  readonly errorBody: (error: ApiError, facts: RequestFacts) => unknown;
  readonly successBody: (answer: Answer, facts: RequestFacts) => unknown;
  /** Requests a minute unless the server or the workspace says otherwise. */
  readonly rateLimit: number;
  /** Its requests are counted by caller: those that they lead to are counted by workspace. */
  readonly countsCallers?: true;
  /** What a request without a good credential is answered with in `WWW-Authenticate`; default `Bearer`. */
  readonly challenge?: (serverUrl: string) => string;
  readonly rateHeaders: (state: RateState) => Readonly<Record<string, string>>;
  readonly document: DialectDocument | null;
}
