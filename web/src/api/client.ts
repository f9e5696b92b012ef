import { createClient } from '../../../client/client.ts';
import { noteAnswer, noteSilence } from './connection.ts';

// The session's cookie goes along by itself: the page and the API are of one origin.

const listeners = new Set<() => void>();

/** Called when the server says that nobody is signed in (any more). */
export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function send(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    noteAnswer();
    if (response.status === 401) for (const listener of listeners) listener();
    return response;
  } catch (error) {
    if (!request.signal.aborted) noteSilence();
    throw error;
  }
}

// A page shows at once that nobody answers, and asks again by itself: few tries for each request.
export const client = createClient({
  baseUrl: location.origin,
  fetch: send,
  retry: { retries: 1, longestWaitMs: 5_000 },
});

export const { v1 } = client;
