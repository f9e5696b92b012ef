// Generated from docs/openapi/conduit.json by `npm run generate`; do not edit.

export interface Operation {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  /** The body may name the workspace. */
  readonly workspaceInBody: boolean;
}

/** JSON, one operation a line. */
export const operationLines = String.raw`{"operationId":"getApi","method":"GET","path":"/v1","summary":"What the token reaches","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"startSession","method":"POST","path":"/v1/session","summary":"Sign in","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"endSession","method":"DELETE","path":"/v1/session","summary":"Sign out","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listSignInMethods","method":"GET","path":"/v1/session/methods","summary":"Ways to sign in","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"signInByPassword","method":"POST","path":"/v1/session/password","summary":"Sign in by password","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"changePassword","method":"PUT","path":"/v1/session/password","summary":"Change one’s own password","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"acceptInvitation","method":"POST","path":"/v1/session/invitation","summary":"Set a password with an invitation","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"beginOidcSignIn","method":"GET","path":"/v1/session/oidc","summary":"Sign in by OpenID Connect","query":["return_to"],"hasBody":false,"workspaceInBody":false}
{"operationId":"finishOidcSignIn","method":"GET","path":"/v1/session/oidc/callback","summary":"Where the issuer sends browsers back to","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listWorkspaces","method":"GET","path":"/v1/workspaces","summary":"List workspaces of the token","query":["limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createWorkspace","method":"POST","path":"/v1/workspaces","summary":"Create workspace","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"getWorkspace","method":"GET","path":"/v1/workspaces/{id}","summary":"Get workspace","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateWorkspace","method":"PATCH","path":"/v1/workspaces/{id}","summary":"Update workspace","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteWorkspace","method":"DELETE","path":"/v1/workspaces/{id}","summary":"Delete an empty workspace","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"getWorkspaceQuotas","method":"GET","path":"/v1/workspaces/{id}/quotas","summary":"Get the quotas of a workspace and what is used of them","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"putWorkspaceQuotas","method":"PUT","path":"/v1/workspaces/{id}/quotas","summary":"Set the quotas of a workspace","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"listInboxTypes","method":"GET","path":"/v1/inbox-types","summary":"List inbox types","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createInboxType","method":"POST","path":"/v1/inbox-types","summary":"Create inbox type","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"updateInboxType","method":"PATCH","path":"/v1/inbox-types/{id}","summary":"Rename an inbox type","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteInboxType","method":"DELETE","path":"/v1/inbox-types/{id}","summary":"Delete an inbox type that nothing belongs to","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listWorkspaceUsers","method":"GET","path":"/v1/workspaces/{id}/users","summary":"List members of a workspace","query":["limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"addWorkspaceUser","method":"POST","path":"/v1/workspaces/{id}/users","summary":"Add a member","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"getWorkspaceUser","method":"GET","path":"/v1/workspaces/{id}/users/{user_id}","summary":"Get a member","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateWorkspaceUser","method":"PATCH","path":"/v1/workspaces/{id}/users/{user_id}","summary":"Change the role of a member","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"removeWorkspaceUser","method":"DELETE","path":"/v1/workspaces/{id}/users/{user_id}","summary":"Remove a member","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"inviteWorkspaceUser","method":"POST","path":"/v1/workspaces/{id}/users/{user_id}/invitation","summary":"Invite a member again","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listWorkspaceRoles","method":"GET","path":"/v1/workspaces/{id}/roles","summary":"List roles","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAuditEntries","method":"GET","path":"/v1/audit","summary":"List audit entries, newest first","query":["workspace_id","limit","cursor","actor_id","action","resource","object_id","from","to"],"hasBody":false,"workspaceInBody":false}
{"operationId":"exportAuditEntries","method":"GET","path":"/v1/audit/export","summary":"Export audit entries","query":["workspace_id","actor_id","action","resource","object_id","from","to"],"hasBody":false,"workspaceInBody":false}
{"operationId":"verifyAuditLog","method":"GET","path":"/v1/audit/verify","summary":"Verify the chain of audit entries","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTokens","method":"GET","path":"/v1/tokens","summary":"List tokens","query":["limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createToken","method":"POST","path":"/v1/tokens","summary":"Create token","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"getToken","method":"GET","path":"/v1/tokens/{id}","summary":"Get token","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"revokeToken","method":"DELETE","path":"/v1/tokens/{id}","summary":"Revoke token","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAgents","method":"GET","path":"/v1/agents","summary":"List agents","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createAgent","method":"POST","path":"/v1/agents","summary":"Create agent","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getAgent","method":"GET","path":"/v1/agents/{id}","summary":"Get agent by id","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateAgent","method":"PATCH","path":"/v1/agents/{id}","summary":"Update agent","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteAgent","method":"DELETE","path":"/v1/agents/{id}","summary":"Delete agent","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAgentVersions","method":"GET","path":"/v1/agents/{id}/versions","summary":"List saved versions of an agent, newest first","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createAgentCandidate","method":"POST","path":"/v1/agents/{id}/versions","summary":"Save a candidate version","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getAgentVersion","method":"GET","path":"/v1/agents/{id}/versions/{version}","summary":"Get a saved version of an agent","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"enableAgentVersion","method":"POST","path":"/v1/agents/{id}/versions/{version}/enable","summary":"Let a version go live","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"rollbackAgent","method":"POST","path":"/v1/agents/{id}/rollback","summary":"Bring an earlier version back","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"explainCronExpression","method":"POST","path":"/v1/triggers/cron/explain","summary":"Explain a cron expression","query":[],"hasBody":true,"workspaceInBody":false}
{"operationId":"rotateTriggerSecret","method":"POST","path":"/v1/agents/{id}/triggers/{trigger_id}/rotate-secret","summary":"Rotate the secret of a webhook trigger","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"rotateTriggerUrl","method":"POST","path":"/v1/agents/{id}/triggers/{trigger_id}/rotate-url","summary":"Rotate the URL of a webhook trigger","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"runAgent","method":"POST","path":"/v1/agents/{id}/run","summary":"Run an agent","query":["workspace_id","wait"],"hasBody":true,"workspaceInBody":false}
{"operationId":"sendEvents","method":"POST","path":"/v1/events","summary":"Send an event","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listTriggerEvents","method":"GET","path":"/v1/trigger-events","summary":"List trigger events, newest first","query":["workspace_id","agent_id","trigger_id","source","type","entity_id","matched","from","to","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getTriggerEvent","method":"GET","path":"/v1/trigger-events/{id}","summary":"Get a trigger event: its payload, and why each agent ran or did not","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"replayTriggerEvents","method":"POST","path":"/v1/trigger-events/replay","summary":"Fire a range of trigger events again","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"replayTriggerEvent","method":"POST","path":"/v1/trigger-events/{id}/replay","summary":"Fire a trigger event again","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listAgentRuns","method":"GET","path":"/v1/agents/{id}/runs","summary":"List runs of an agent, newest first","query":["workspace_id","status","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getAgentRun","method":"GET","path":"/v1/agents/{id}/runs/{run_id}","summary":"Get a run with its trace","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAgentRunSteps","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/steps","summary":"All steps of a run, in order","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"streamAgentRunEvents","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/events","summary":"Follow a run","query":["workspace_id","last_event_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getAgentRunOutput","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/outputs/{output_id}","summary":"Read a part of a large output","query":["workspace_id","offset","limit"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAgentRunArtifacts","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/artifacts","summary":"List the files of a run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getAgentRunArtifact","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/artifacts/{artifact_id}","summary":"Get a file of a run, with a new link to it","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"downloadAgentRunArtifact","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/artifacts/{artifact_id}/content","summary":"Download a file of a run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createAgentRunFeedbackLink","method":"POST","path":"/v1/agents/{id}/runs/{run_id}/feedback-links","summary":"Make a link by which somebody says what they think of a run","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listAgentRunFeedback","method":"GET","path":"/v1/agents/{id}/runs/{run_id}/feedback","summary":"What people said of a run, by links","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"cancelAgentRun","method":"POST","path":"/v1/agents/{id}/runs/{run_id}/cancel","summary":"Cancel a run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"retryAgentRun","method":"POST","path":"/v1/agents/{id}/runs/{run_id}/retry","summary":"Run again with the same payload","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"forkAgentRun","method":"POST","path":"/v1/agents/{id}/runs/{run_id}/fork","summary":"Go on from a step in a new run","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"retryFailedAgentRuns","method":"POST","path":"/v1/agents/{id}/runs/retry","summary":"Retry the failed runs since a time","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"pauseAgent","method":"POST","path":"/v1/agents/{id}/pause","summary":"Pause an agent","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"resumeAgent","method":"POST","path":"/v1/agents/{id}/resume","summary":"Resume a paused agent","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listRuns","method":"GET","path":"/v1/runs","summary":"List runs of a workspace, newest first","query":["workspace_id","agent_id","status","disposition","trigger_id","conversation_id","from","to","min_cost","q","test_run_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getRunStats","method":"GET","path":"/v1/runs/stats","summary":"Count runs over time and by agent","query":["workspace_id","agent_id","from","to","buckets"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getRun","method":"GET","path":"/v1/runs/{run_id}","summary":"Get a run with its trace, by its id alone","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listCustomToolRuntimes","method":"GET","path":"/v1/custom-tools/runtimes","summary":"What tool code is given, by language","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listCustomTools","method":"GET","path":"/v1/custom-tools","summary":"List custom tools","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createCustomTool","method":"POST","path":"/v1/custom-tools","summary":"Create custom tool","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getCustomTool","method":"GET","path":"/v1/custom-tools/{id}","summary":"Get custom tool","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateCustomTool","method":"PATCH","path":"/v1/custom-tools/{id}","summary":"Update custom tool","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteCustomTool","method":"DELETE","path":"/v1/custom-tools/{id}","summary":"Delete custom tool","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"runCustomTool","method":"POST","path":"/v1/custom-tools/{id}/run","summary":"Run custom tool","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"listCustomToolRuns","method":"GET","path":"/v1/custom-tools/{id}/runs","summary":"List runs of a custom tool, newest first","query":["workspace_id","limit","cursor","caller","status","run_id","from","to"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getCustomToolRun","method":"GET","path":"/v1/custom-tools/{id}/runs/{tool_run_id}","summary":"Get a run of a custom tool","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listCustomToolVersions","method":"GET","path":"/v1/custom-tools/{id}/versions","summary":"List versions of a custom tool’s code, newest first","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getCustomToolVersion","method":"GET","path":"/v1/custom-tools/{id}/versions/{version}","summary":"Get a version of a custom tool’s code","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"rollbackCustomTool","method":"POST","path":"/v1/custom-tools/{id}/rollback","summary":"Bring the code of an earlier version back","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listSchedules","method":"GET","path":"/v1/schedules","summary":"List scheduled runs, newest first","query":["workspace_id","status","agent_id","entity_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createSchedule","method":"POST","path":"/v1/schedules","summary":"Schedule a run","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getSchedule","method":"GET","path":"/v1/schedules/{id}","summary":"Get a scheduled run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateSchedule","method":"PATCH","path":"/v1/schedules/{id}","summary":"Edit a scheduled run","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"cancelSchedule","method":"POST","path":"/v1/schedules/{id}/cancel","summary":"Cancel a scheduled run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listApprovals","method":"GET","path":"/v1/approvals","summary":"List approvals, newest first","query":["workspace_id","status","agent_id","run_id","approver","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getApproval","method":"GET","path":"/v1/approvals/{id}","summary":"Get an approval","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"decideApproval","method":"POST","path":"/v1/approvals/{id}/decision","summary":"Decide an approval","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listEscalations","method":"GET","path":"/v1/escalations","summary":"List escalations, newest first","query":["workspace_id","status","agent_id","conversation_id","assignee_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getEscalation","method":"GET","path":"/v1/escalations/{id}","summary":"Get an escalation","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"resolveEscalation","method":"POST","path":"/v1/escalations/{id}/resolve","summary":"Resolve an escalation","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"assignEscalation","method":"POST","path":"/v1/escalations/{id}/assign","summary":"Assign an escalation","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"approveEscalation","method":"POST","path":"/v1/escalations/{id}/approve","summary":"Send the proposed reply","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"sendEscalationReply","method":"POST","path":"/v1/escalations/{id}/send","summary":"Send a reply in place of the proposed one","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"takeOverEscalation","method":"POST","path":"/v1/escalations/{id}/take-over","summary":"Take the conversation over","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"giveBackEscalation","method":"POST","path":"/v1/escalations/{id}/give-back","summary":"Give the conversation back to agents","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listFieldDecisions","method":"GET","path":"/v1/field-decisions","summary":"List what runs decided about fields of records, newest first","query":["workspace_id","purpose","status","agent_id","run_id","kind","entity_id","field","from","to","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getFieldDecision","method":"GET","path":"/v1/field-decisions/{id}","summary":"Get a decision about a field","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"decideField","method":"POST","path":"/v1/field-decisions/{id}/decide","summary":"Accept, override or reject what a run proposed for a field","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listTools","method":"GET","path":"/v1/tools","summary":"List what agents may name in 'tools', by name","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getHttpRequestTool","method":"GET","path":"/v1/tools/http-request","summary":"What the tool http_request may reach","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"setHttpRequestTool","method":"PUT","path":"/v1/tools/http-request","summary":"Set what the tool http_request may reach","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"listMcpServers","method":"GET","path":"/v1/mcp-servers","summary":"List MCP servers","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createMcpServer","method":"POST","path":"/v1/mcp-servers","summary":"Add MCP server","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getMcpServer","method":"GET","path":"/v1/mcp-servers/{id}","summary":"Get MCP server","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateMcpServer","method":"PATCH","path":"/v1/mcp-servers/{id}","summary":"Update MCP server","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteMcpServer","method":"DELETE","path":"/v1/mcp-servers/{id}","summary":"Remove MCP server","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listMcpServerTools","method":"GET","path":"/v1/mcp-servers/{id}/tools","summary":"List tools of an MCP server","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"testMcpServer","method":"POST","path":"/v1/mcp-servers/{id}/test","summary":"Connect to an MCP server and read its tools","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listOpenApiTools","method":"GET","path":"/v1/openapi-tools","summary":"List OpenAPI documents that give tools","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createOpenApiTools","method":"POST","path":"/v1/openapi-tools","summary":"Add an OpenAPI document as tools","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getOpenApiTools","method":"GET","path":"/v1/openapi-tools/{id}","summary":"Get OpenAPI document","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateOpenApiTools","method":"PATCH","path":"/v1/openapi-tools/{id}","summary":"Update OpenAPI document","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteOpenApiTools","method":"DELETE","path":"/v1/openapi-tools/{id}","summary":"Remove OpenAPI document","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listToolsOfOpenApiTools","method":"GET","path":"/v1/openapi-tools/{id}/tools","summary":"List tools of an OpenAPI document","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"authorizeMcpServer","method":"POST","path":"/v1/mcp-servers/{id}/authorize","summary":"Begin to authorize at an MCP server","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"finishMcpAuthorization","method":"GET","path":"/v1/mcp-authorizations/callback","summary":"Where a browser comes back to from an authorization","query":["state","code","iss","error"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTestRuns","method":"GET","path":"/v1/tests/runs","summary":"List test runs, newest first","query":["workspace_id","agent_id","status","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"startTestRun","method":"POST","path":"/v1/tests/runs","summary":"Run test cases of an agent","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getTestRun","method":"GET","path":"/v1/tests/runs/{test_run_id}","summary":"Get a test run with what came of every case","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTestResults","method":"GET","path":"/v1/tests/runs/{test_run_id}/results","summary":"List the runs of a test run, with a verdict on every expectation","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"cancelTestRun","method":"POST","path":"/v1/tests/runs/{test_run_id}/cancel","summary":"Cancel a test run","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTests","method":"GET","path":"/v1/tests","summary":"List test cases of agents, newest first","query":["workspace_id","agent_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createTest","method":"POST","path":"/v1/tests","summary":"Create a test case","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getTest","method":"GET","path":"/v1/tests/{id}","summary":"Get a test case","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateTest","method":"PATCH","path":"/v1/tests/{id}","summary":"Change a test case","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteTest","method":"DELETE","path":"/v1/tests/{id}","summary":"Delete a test case","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"importSkill","method":"POST","path":"/v1/skills/import","summary":"Import a skill folder or archive","query":["workspace_id","replace"],"hasBody":true,"workspaceInBody":false}
{"operationId":"exportSkill","method":"GET","path":"/v1/skills/{id}/export","summary":"Export a skill as an archive","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listSkillFiles","method":"GET","path":"/v1/skills/{id}/files","summary":"Files of a skill, whole","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"replaceSkillFiles","method":"PUT","path":"/v1/skills/{id}/files","summary":"Replace the files of a skill","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listSkillVersions","method":"GET","path":"/v1/skills/{id}/versions","summary":"Versions of a skill, newest first","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getSkillVersion","method":"GET","path":"/v1/skills/{id}/versions/{version}","summary":"A version of a skill with its files","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"rollbackSkill","method":"POST","path":"/v1/skills/{id}/rollback","summary":"Bring the files of an earlier version back, as a new one","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listSkills","method":"GET","path":"/v1/skills","summary":"List skills","query":["workspace_id","limit","cursor","enabled"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createSkill","method":"POST","path":"/v1/skills","summary":"Create skill","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getSkill","method":"GET","path":"/v1/skills/{id}","summary":"Get skill","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateSkill","method":"PATCH","path":"/v1/skills/{id}","summary":"Update skill","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteSkill","method":"DELETE","path":"/v1/skills/{id}","summary":"Delete skill","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listMemories","method":"GET","path":"/v1/memories","summary":"List memories","query":["workspace_id","limit","cursor","agent_id","scope","entity_id","pinned","q"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createMemory","method":"POST","path":"/v1/memories","summary":"Create memory","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getMemory","method":"GET","path":"/v1/memories/{id}","summary":"Get memory","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateMemory","method":"PATCH","path":"/v1/memories/{id}","summary":"Update memory","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteMemory","method":"DELETE","path":"/v1/memories/{id}","summary":"Delete memory","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTemplates","method":"GET","path":"/v1/templates","summary":"List templates of agents","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"getTemplate","method":"GET","path":"/v1/templates/{slug}","summary":"Get template","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"installTemplate","method":"POST","path":"/v1/templates/{slug}/install","summary":"Install a template","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listSecrets","method":"GET","path":"/v1/secrets","summary":"List secrets","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getSecret","method":"GET","path":"/v1/secrets/{name}","summary":"Get secret","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"setSecret","method":"PUT","path":"/v1/secrets/{name}","summary":"Set secret","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"deleteSecret","method":"DELETE","path":"/v1/secrets/{name}","summary":"Delete secret","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listModels","method":"GET","path":"/v1/models","summary":"List models","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createModel","method":"POST","path":"/v1/models","summary":"Create model","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getModel","method":"GET","path":"/v1/models/{id}","summary":"Get model","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateModel","method":"PATCH","path":"/v1/models/{id}","summary":"Update model","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteModel","method":"DELETE","path":"/v1/models/{id}","summary":"Delete model","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"testModel","method":"POST","path":"/v1/models/{id}/test","summary":"Test model","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listPrices","method":"GET","path":"/v1/prices","summary":"List prices","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"setPrice","method":"POST","path":"/v1/prices","summary":"Set price","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getPriceInForce","method":"GET","path":"/v1/prices/in-force","summary":"What a model costs now","query":["workspace_id","model"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getPrice","method":"GET","path":"/v1/prices/{id}","summary":"Get price","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"deletePrice","method":"DELETE","path":"/v1/prices/{id}","summary":"Delete price","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAlerts","method":"GET","path":"/v1/alerts","summary":"List alerts","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createAlert","method":"POST","path":"/v1/alerts","summary":"Create alert","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getAlert","method":"GET","path":"/v1/alerts/{id}","summary":"Get alert","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateAlert","method":"PATCH","path":"/v1/alerts/{id}","summary":"Update alert","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteAlert","method":"DELETE","path":"/v1/alerts/{id}","summary":"Delete alert","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listNotificationPreferences","method":"GET","path":"/v1/notifications/preferences","summary":"List what members are told","query":["workspace_id","limit","cursor","user_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createNotificationPreference","method":"POST","path":"/v1/notifications/preferences","summary":"Be told when something needs a person","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getNotificationPreference","method":"GET","path":"/v1/notifications/preferences/{id}","summary":"Get what a member is told","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateNotificationPreference","method":"PATCH","path":"/v1/notifications/preferences/{id}","summary":"Change what a member is told","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteNotificationPreference","method":"DELETE","path":"/v1/notifications/preferences/{id}","summary":"Tell a member no more","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"testNotificationPreference","method":"POST","path":"/v1/notifications/preferences/{id}/test","summary":"Send a test message","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listNotifications","method":"GET","path":"/v1/notifications","summary":"List what members were told","query":["workspace_id","limit","cursor","user_id","status"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getNotification","method":"GET","path":"/v1/notifications/{id}","summary":"Get a notification","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"searchKnowledgeNodes","method":"POST","path":"/v1/kb/nodes/search","summary":"List nodes, newest first","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"createKnowledgeNode","method":"POST","path":"/v1/kb/nodes","summary":"Create a node","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getKnowledgeNode","method":"GET","path":"/v1/kb/nodes/{node_id}","summary":"Get a node","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateKnowledgeNode","method":"PATCH","path":"/v1/kb/nodes/{node_id}","summary":"Change or move a node","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteKnowledgeNode","method":"DELETE","path":"/v1/kb/nodes/{node_id}","summary":"Delete a node and all below it","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"refreshKnowledgeNode","method":"POST","path":"/v1/kb/nodes/{node_id}/refresh","summary":"Index a node again","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listKnowledgeChunks","method":"GET","path":"/v1/kb/nodes/{node_id}/chunks","summary":"List the chunks of a node, in order","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listKnowledgeVersions","method":"GET","path":"/v1/kb/nodes/{node_id}/versions","summary":"List the versions of a node with their bodies, newest first","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createKnowledgeFile","method":"POST","path":"/v1/kb/files","summary":"Create a node of a file","query":["workspace_id","name","title","parent_id","entity_ids","tags","source","source_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"replaceKnowledgeFile","method":"PUT","path":"/v1/kb/nodes/{node_id}/file","summary":"Read a node from another file","query":["workspace_id","name"],"hasBody":true,"workspaceInBody":false}
{"operationId":"createKnowledgePage","method":"POST","path":"/v1/kb/pages","summary":"Create a node of a web page","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listKnowledgeGaps","method":"GET","path":"/v1/kb/gaps","summary":"List questions of runs that found no answer, newest first","query":["workspace_id","answered","run_id","agent_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createKnowledgeNodeFromRun","method":"POST","path":"/v1/kb/nodes/from-run","summary":"Make a node of a run’s question and a person’s answer","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"searchKnowledge","method":"POST","path":"/v1/kb/search","summary":"Find the passages that answer a question, best first","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getKnowledgeSettings","method":"GET","path":"/v1/kb/settings","summary":"Get how the workspace’s knowledge is searched","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateKnowledgeSettings","method":"PATCH","path":"/v1/kb/settings","summary":"Change how the workspace’s knowledge is searched","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getKnowledgeStatus","method":"GET","path":"/v1/kb/status","summary":"Get how far the workspace’s knowledge is indexed","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listWebhooks","method":"GET","path":"/v1/webhooks","summary":"List webhooks","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createWebhook","method":"POST","path":"/v1/webhooks","summary":"Create webhook","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getWebhook","method":"GET","path":"/v1/webhooks/{id}","summary":"Get webhook","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateWebhook","method":"PATCH","path":"/v1/webhooks/{id}","summary":"Update webhook","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteWebhook","method":"DELETE","path":"/v1/webhooks/{id}","summary":"Delete webhook","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"rotateWebhookSecret","method":"POST","path":"/v1/webhooks/{id}/rotate-secret","summary":"Rotate the secret of a webhook","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"testWebhook","method":"POST","path":"/v1/webhooks/{id}/test","summary":"Send a test event","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listWebhookDeliveries","method":"GET","path":"/v1/webhooks/{id}/deliveries","summary":"List deliveries of a webhook","query":["workspace_id","limit","cursor","status","event_type"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getWebhookDelivery","method":"GET","path":"/v1/webhooks/{id}/deliveries/{delivery_id}","summary":"Get a delivery","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"resendWebhookDelivery","method":"POST","path":"/v1/webhooks/{id}/deliveries/{delivery_id}/resend","summary":"Send a delivery again","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getUsage","method":"GET","path":"/v1/usage","summary":"Runs, tokens and money by day, agent, model and trigger","query":["workspace_id","from","to","group_by","agent_id","model","trigger_id","limit"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listBudgets","method":"GET","path":"/v1/budgets","summary":"List budgets, newest first","query":["workspace_id","agent_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createBudget","method":"POST","path":"/v1/budgets","summary":"Limit what an agent or the workspace may use","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getBudget","method":"GET","path":"/v1/budgets/{id}","summary":"Get a budget and what is used of it","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateBudget","method":"PATCH","path":"/v1/budgets/{id}","summary":"Change the limits of a budget","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteBudget","method":"DELETE","path":"/v1/budgets/{id}","summary":"Delete a budget","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getRetention","method":"GET","path":"/v1/retention","summary":"Get what the workspace keeps, and for how long","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateRetention","method":"PATCH","path":"/v1/retention","summary":"Change what the workspace keeps, and for how long","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getDatabaseHealth","method":"GET","path":"/v1/system/database","summary":"Get the size of the database by what, and the health of its upkeep","query":[],"hasBody":false,"workspaceInBody":false}
{"operationId":"listChannels","method":"GET","path":"/v1/channels","summary":"List channels","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createChannel","method":"POST","path":"/v1/channels","summary":"Create channel","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getChannel","method":"GET","path":"/v1/channels/{id}","summary":"Get channel","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateChannel","method":"PATCH","path":"/v1/channels/{id}","summary":"Update channel","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteChannel","method":"DELETE","path":"/v1/channels/{id}","summary":"Delete channel","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"receiveMessage","method":"POST","path":"/v1/channels/{id}/messages","summary":"Take in a message","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listContacts","method":"GET","path":"/v1/contacts","summary":"List contacts","query":["workspace_id","limit","cursor","archived","sort_by","order","inbox_type_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"searchContacts","method":"GET","path":"/v1/contacts/search","summary":"Search contacts","query":["workspace_id","limit","cursor","query","field","archived","inbox_type_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getContact","method":"GET","path":"/v1/contacts/{id}","summary":"Get contact","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateContact","method":"PATCH","path":"/v1/contacts/{id}","summary":"Update contact","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"sendContactMessage","method":"POST","path":"/v1/contacts/{id}/messages","summary":"Write to a contact","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"exportContact","method":"POST","path":"/v1/contacts/{id}/export","summary":"Export all that is kept about a contact","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"eraseContact","method":"POST","path":"/v1/contacts/{id}/erase","summary":"Erase all that is kept about a contact","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listErasures","method":"GET","path":"/v1/erasures","summary":"List erasures of contacts, newest first","query":["workspace_id","limit","cursor"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getErasure","method":"GET","path":"/v1/erasures/{id}","summary":"Get an erasure","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listConversations","method":"GET","path":"/v1/conversations","summary":"List conversations","query":["workspace_id","limit","cursor","inbox_type_id","channel","state","archived","contact_id","assignee_id","tag_id","order"],"hasBody":false,"workspaceInBody":false}
{"operationId":"searchConversations","method":"GET","path":"/v1/conversations/search","summary":"Search conversations","query":["workspace_id","limit","cursor","query","field","archived","inbox_type_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getConversation","method":"GET","path":"/v1/conversations/{id}","summary":"Get conversation","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateConversation","method":"PATCH","path":"/v1/conversations/{id}","summary":"Update conversation","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listMessages","method":"GET","path":"/v1/conversations/{id}/messages","summary":"List messages","query":["workspace_id","limit","cursor","order"],"hasBody":false,"workspaceInBody":false}
{"operationId":"sendMessage","method":"POST","path":"/v1/conversations/{id}/messages","summary":"Send a message","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"resendMessage","method":"POST","path":"/v1/conversations/{id}/messages/{message_id}/resend","summary":"Send a message again","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"readAttachment","method":"GET","path":"/v1/conversations/{id}/attachments/{attachment_id}","summary":"A file of a message","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listConversationTags","method":"GET","path":"/v1/conversation-tags","summary":"List topics","query":["workspace_id","limit","cursor","parent_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createConversationTag","method":"POST","path":"/v1/conversation-tags","summary":"Create a topic","query":[],"hasBody":true,"workspaceInBody":true}
{"operationId":"getConversationTag","method":"GET","path":"/v1/conversation-tags/{id}","summary":"Get topic","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"updateConversationTag","method":"PATCH","path":"/v1/conversation-tags/{id}","summary":"Update topic","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteConversationTag","method":"DELETE","path":"/v1/conversation-tags/{id}","summary":"Delete topic","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listRecordKinds","method":"GET","path":"/v1/record-kinds","summary":"List kinds of records","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getRecordKind","method":"GET","path":"/v1/record-kinds/{name}","summary":"Get a kind of records","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"describeRecordKind","method":"PUT","path":"/v1/record-kinds/{name}","summary":"Describe a kind of records","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteRecordKind","method":"DELETE","path":"/v1/record-kinds/{name}","summary":"Delete a kind of records","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listRecords","method":"GET","path":"/v1/records/{kind}","summary":"List records of a kind","query":["workspace_id","limit","cursor","where","contact_id","from","to","order"],"hasBody":false,"workspaceInBody":false}
{"operationId":"upsertRecords","method":"POST","path":"/v1/records/{kind}","summary":"Tell of many records","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"upsertRecord","method":"PUT","path":"/v1/records/{kind}/{external_id}","summary":"Tell of a record","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getRecord","method":"GET","path":"/v1/records/{kind}/{external_id}","summary":"Get a record","query":["workspace_id","source"],"hasBody":false,"workspaceInBody":false}
{"operationId":"deleteRecord","method":"DELETE","path":"/v1/records/{kind}/{external_id}","summary":"Tell that a record is no more","query":["workspace_id","source","version"],"hasBody":false,"workspaceInBody":false}
{"operationId":"actOnRecord","method":"POST","path":"/v1/records/{kind}/{external_id}/actions/{action}","summary":"Move a record to another state","query":["workspace_id","source"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listReservations","method":"GET","path":"/v1/reservations","summary":"List reservations","query":["workspace_id","limit","cursor","order","status","listing_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getReservation","method":"GET","path":"/v1/reservations/{id}","summary":"Get reservation","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listContactReservations","method":"GET","path":"/v1/contacts/{id}/reservations","summary":"List reservations of a contact","query":["workspace_id","limit","cursor","order","status","listing_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listAppointments","method":"GET","path":"/v1/appointments","summary":"List appointments","query":["workspace_id","limit","cursor","order","status"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getAppointment","method":"GET","path":"/v1/appointments/{id}","summary":"Get appointment","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listContactAppointments","method":"GET","path":"/v1/contacts/{id}/appointments","summary":"List appointments of a contact","query":["workspace_id","limit","cursor","order","status"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listCalls","method":"GET","path":"/v1/calls","summary":"List calls","query":["workspace_id","limit","cursor","order","direction","ticket_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getCall","method":"GET","path":"/v1/calls/{id}","summary":"Get call","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listContactCalls","method":"GET","path":"/v1/contacts/{id}/calls","summary":"List calls of a contact","query":["workspace_id","limit","cursor","order","direction","ticket_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listTickets","method":"GET","path":"/v1/tickets","summary":"List tickets","query":["workspace_id","limit","cursor","order","status","inbox_type_id","waiting_on","channel"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getTicket","method":"GET","path":"/v1/tickets/{id}","summary":"Get ticket","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listContactTickets","method":"GET","path":"/v1/contacts/{id}/tickets","summary":"List tickets of a contact","query":["workspace_id","limit","cursor","order","status","inbox_type_id","waiting_on","channel"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listHelpdeskTickets","method":"GET","path":"/v1/helpdesk-tickets","summary":"List helpdesk tickets","query":["workspace_id","limit","cursor","order","status","channel"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getHelpdeskTicket","method":"GET","path":"/v1/helpdesk-tickets/{id}","summary":"Get helpdesk ticket","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"listContactHelpdeskTickets","method":"GET","path":"/v1/contacts/{id}/helpdesk-tickets","summary":"List helpdesk tickets of a contact","query":["workspace_id","limit","cursor","order","status","channel"],"hasBody":false,"workspaceInBody":false}
{"operationId":"closeTicket","method":"POST","path":"/v1/tickets/{id}/close","summary":"Close a resolved ticket","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"sendTicketMessage","method":"POST","path":"/v1/tickets/{id}/messages","summary":"Send a message in the conversation of a ticket","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listTicketNotes","method":"GET","path":"/v1/tickets/{id}/notes","summary":"List notes on a ticket","query":["workspace_id","limit","cursor","order"],"hasBody":false,"workspaceInBody":false}
{"operationId":"createTicketNote","method":"POST","path":"/v1/tickets/{id}/notes","summary":"Note something on a ticket","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"listCustomAttributes","method":"GET","path":"/v1/custom-attributes","summary":"List custom attributes of contacts","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"describeCustomAttribute","method":"PUT","path":"/v1/custom-attributes/{name}","summary":"Describe a custom attribute","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"deleteCustomAttribute","method":"DELETE","path":"/v1/custom-attributes/{name}","summary":"Delete a custom attribute","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"getContactAttributes","method":"GET","path":"/v1/contacts/{id}/custom-attributes","summary":"Get the custom attributes of a contact","query":["workspace_id"],"hasBody":false,"workspaceInBody":false}
{"operationId":"setContactAttributes","method":"PATCH","path":"/v1/contacts/{id}/custom-attributes","summary":"Set custom attributes of a contact","query":["workspace_id"],"hasBody":true,"workspaceInBody":false}
{"operationId":"getBackup","method":"GET","path":"/v1/backup","summary":"Take a backup","query":[],"hasBody":false,"workspaceInBody":false}`;
