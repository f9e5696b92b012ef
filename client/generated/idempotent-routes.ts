// Generated from docs/openapi/*.json by `npm run generate`; do not edit.

/** Routes that take `Idempotency-Key`. */
export const idempotentRoutes: ReadonlySet<string> = new Set([
  "POST /v1/workspaces",
  "POST /v1/tokens",
  "POST /v1/agents",
  "POST /v1/agents/{id}/run",
  "POST /v1/agents/{id}/runs/{run_id}/retry",
  "POST /v1/agents/{id}/runs/{run_id}/fork",
  "POST /v1/custom-tools",
  "POST /v1/schedules",
  "POST /v1/mcp-servers",
  "POST /v1/openapi-tools",
  "POST /v1/tests/runs",
  "POST /v1/tests",
  "POST /v1/skills",
  "POST /v1/models",
  "POST /v1/prices",
  "POST /v1/kb/nodes",
  "POST /v1/kb/pages",
  "POST /v1/kb/nodes/from-run",
  "POST /v1/webhooks",
  "POST /v1/budgets",
  "POST /v1/contacts/{id}/messages",
  "POST /v1/conversations/{id}/messages",
  "POST /v1/conversation-tags",
  "POST /public-api/agents/{agent_id}/run-now",
  "POST /public-api/executions/{execution_id}/retry",
  "POST /public-api/scheduled-work",
  "POST /public-api/skills",
  "POST /public-api/api-keys",
  "POST /public-api/api-keys/{key_id}/rotate"
]);
