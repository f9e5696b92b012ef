import type { Database } from '../../src/store/connect.ts';
import { createCustomTool } from '../../src/tools/custom-tools.ts';
import { createNotedSandbox } from './sandbox.ts';

/** A tool of the workspace's own that nobody runs; its id. */
export async function createTool(db: Database, workspaceId: string, name: string): Promise<string> {
  const code = { language: 'python', code: 'c' } as const;
  const given = { workspace_id: workspaceId, name, ...code };
  return (await createCustomTool({ db, sandbox: createNotedSandbox() }, 'all', given)).id;
}
