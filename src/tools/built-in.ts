/** What built-in tools are that change nothing outside: their calls may be repeated. */
export const builtIn = {
  toolId: null,
  version: null,
  idempotent: true,
  requiresApproval: false,
  hasEffects: false,
} as const;
