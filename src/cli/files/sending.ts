import type { ApiClient } from '../api-client.ts';
import type { Folder } from './objects.ts';
import type { ServerState } from './read-server.ts';

/** What writing to a workspace takes. */
export interface Sending {
  readonly client: ApiClient;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly server: ServerState;
  /** By key: those of the server, and those made on the way. */
  readonly ids: Map<string, string>;
  readonly folder: Folder;
}
