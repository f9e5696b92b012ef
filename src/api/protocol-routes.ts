import { a2aDialect } from './a2a/dialect.ts';
import { a2aRoutes } from './a2a/routes.ts';
import { agUiDialect } from './ag-ui/dialect.ts';
import { runAgUi } from './ag-ui/routes.ts';
import { assistantRoutes } from './agent-protocol/assistants.ts';
import { agentProtocolDialect } from './agent-protocol/dialect.ts';
import { runRoutes } from './agent-protocol/runs.ts';
import { storeRoutes } from './agent-protocol/store.ts';
import { threadRoutes } from './agent-protocol/threads.ts';
import type { Dialect } from './dialect.ts';
import { mcpDialect } from './mcp/dialect.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { createChatCompletion } from './openai/completions.ts';
import { openAiDialect } from './openai/dialect.ts';
import type { Route } from './route.ts';

const agentProtocol = [...assistantRoutes, ...threadRoutes, ...runRoutes, ...storeRoutes];

/** The routes of protocols of others. `routes`: those of `/v1`, of which tools are made. */
export function protocolRoutes(
  routes: readonly Route[],
): readonly { readonly dialect: Dialect; readonly route: Route }[] {
  return [
    { dialect: openAiDialect, route: createChatCompletion },
    ...a2aRoutes.map((route) => ({ dialect: a2aDialect, route })),
    { dialect: agUiDialect, route: runAgUi },
    ...agentProtocol.map((route) => ({ dialect: agentProtocolDialect, route })),
    ...mcpRoutes(routes).map((route) => ({ dialect: mcpDialect, route })),
  ];
}
