import type { ApiClient } from '../api-client.ts';
import type { ClientOptions } from '../command-context.ts';
import { onlyWorkspaceId } from '../find.ts';

export interface WorkspaceOptions extends ClientOptions {
  readonly workspace?: string;
}

/** The workspace that is named, else the only one. */
export async function workspaceOf(client: ApiClient, options: WorkspaceOptions): Promise<string> {
  return options.workspace ?? (await onlyWorkspaceId(client));
}
