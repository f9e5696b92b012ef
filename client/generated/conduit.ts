// Generated from docs/openapi/conduit.json by `npm run generate`; do not edit.

export interface paths {
    "/v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the token reaches */
        get: operations["getApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description For browsers: gives a cookie that stands for the token of the request, for seven days at most and never longer than the token itself holds.
         */
        post: operations["startSession"];
        /**
         * Sign out
         * @description Ends the session of the request’s cookie; without one it changes nothing.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workspaces of the token */
        get: operations["listWorkspaces"];
        put?: never;
        /** Create workspace */
        post: operations["createWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get workspace */
        get: operations["getWorkspace"];
        put?: never;
        post?: never;
        /** Delete an empty workspace */
        delete: operations["deleteWorkspace"];
        options?: never;
        head?: never;
        /** Update workspace */
        patch: operations["updateWorkspace"];
        trace?: never;
    };
    "/v1/workspaces/{id}/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the quotas of a workspace and what is used of them */
        get: operations["getWorkspaceQuotas"];
        /**
         * Set the quotas of a workspace
         * @description Both at once: one that is null or absent is taken away. They work as budgets do, beside those that the workspace sets itself.
         */
        put: operations["putWorkspaceQuotas"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List inbox types */
        get: operations["listInboxTypes"];
        put?: never;
        /** Create inbox type */
        post: operations["createInboxType"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox-types/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an inbox type that nothing belongs to */
        delete: operations["deleteInboxType"];
        options?: never;
        head?: never;
        /** Rename an inbox type */
        patch: operations["updateInboxType"];
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create token
         * @description The secret is in `data.token`, this once.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke token */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List agents */
        get: operations["listAgents"];
        put?: never;
        /** Create agent */
        post: operations["createAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get agent by id */
        get: operations["getAgent"];
        put?: never;
        post?: never;
        /**
         * Delete agent
         * @description The agent and its triggers are gone; its runs stay.
         */
        delete: operations["deleteAgent"];
        options?: never;
        head?: never;
        /**
         * Update agent
         * @description Only what is given changes, and makes a new version. `skill_ids` and `triggers` replace; a trigger given with its `id` keeps it.
         */
        patch: operations["updateAgent"];
        trace?: never;
    };
    "/v1/agents/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List saved versions of an agent, newest first */
        get: operations["listAgentVersions"];
        put?: never;
        /**
         * Save a candidate version
         * @description The live version with these changes, to be tested (`variants: [{version}]` of a test run) before it goes live. Nothing runs on it otherwise. `enabled`, `test_gate` and `triggers` belong to the agent and are refused.
         */
        post: operations["createAgentCandidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a saved version of an agent */
        get: operations["getAgentVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/versions/{version}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a version go live
         * @description What it holds becomes the newest version, and the agent is enabled; triggers stay as they are. Where the agent has a `test_gate`, its cases must have passed on it.
         */
        post: operations["enableAgentVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring an earlier version back
         * @description Saves it as a new version; `enabled`, webhook keys and secrets stay as they are.
         */
        post: operations["rollbackAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/triggers/cron/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain a cron expression
         * @description When a cron trigger with this config would be due: in words, and the next five times. Refuses what a trigger would be refused for. Fixed times that clocks skip when they are set forward are due at the first moment after; those that clocks show twice when they are set back, at the first. Intervals (with `*` or a step in seconds, minutes or hours) go by the clock.
         */
        post: operations["explainCronExpression"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/triggers/{trigger_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret of a webhook trigger
         * @description Requests that are signed with the former secret are taken during the overlap too. The new secret is shown this once.
         */
        post: operations["rotateTriggerSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/triggers/{trigger_id}/rotate-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the URL of a webhook trigger
         * @description The new one is in `config.url`; the former one works during the overlap.
         */
        post: operations["rotateTriggerUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an agent
         * @description Dispatches the agent as if one of its triggers had fired; filters and overlap rules do not apply.
         */
        post: operations["runAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event
         * @description Runs every agent with an event trigger that listens to the event’s `type` and whose filter its payload passes. Also takes CloudEvents 1.0: `application/cloudevents+json`, `application/cloudevents-batch+json` (up to 100), or binary with `ce-…` headers; `subject` is the entity then. Each event is kept as a trigger event, with the reason why each agent ran or did not. A repeat, by `source` and `id`, starts nothing and gets the first answer’s ids.
         */
        post: operations["sendEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trigger-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List trigger events, newest first
         * @description What has fired, whether it started a run or not. Dispatches by hand are in it, with the source `manual`.
         */
        get: operations["listTriggerEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trigger-events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a trigger event: its payload, and why each agent ran or did not */
        get: operations["getTriggerEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trigger-events/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire a range of trigger events again
         * @description Up to 500 events, the oldest first, each as a single replay would. Ask with `dry_run` how many there are, and give that as `expected_count`: if it has changed, nothing is fired. Replays are not replayed unless `source` asks for them.
         */
        post: operations["replayTriggerEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trigger-events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fire a trigger event again
         * @description A new trigger event with the same payload, linked by `replay_of`. A named event is held against all triggers as they are now; a tick, a webhook or a dispatch fires its own trigger again, as it is now. Once-only and overlap rules hold. With `Idempotency-Key` a second replay of the event is a repeat.
         */
        post: operations["replayTriggerEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs of an agent, newest first */
        get: operations["listAgentRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a run with its trace
         * @description What the run decided, what it cost, and its tool calls in order.
         */
        get: operations["getAgentRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All steps of a run, in order */
        get: operations["listAgentRunSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a run
         * @description Server-sent events. `step`: a step as it stands after each of its changes. `text`: a piece of a model’s answer that is still coming, provisional until its `step` replaces it. `reset`: the pieces shown since the last step are void. `end`: the run, last. Resumes after `Last-Event-ID`, without a gap and without a repeat.
         */
        get: operations["streamAgentRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/outputs/{output_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a part of a large output
         * @description Outputs over 64 KiB are kept apart: steps and trace show their head and tail with `output_id`.
         */
        get: operations["getAgentRunOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a run */
        post: operations["cancelAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run again with the same payload
         * @description A new run of the agent as it is now, linked by `retry_of`.
         */
        post: operations["retryAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/{run_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on from a step in a new run
         * @description The new run begins with the steps before `from_step` and goes on from there on the same version of the agent, with what is changed here. Its tokens and cost begin at 0.
         */
        post: operations["forkAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/runs/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry the failed runs since a time
         * @description Each run is retried once, however often this is called; runs that were retried already are left out. The oldest failures come first.
         */
        post: operations["retryFailedAgentRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an agent
         * @description New runs are accepted and wait until the agent is resumed; runs that have begun go on. To pause a paused agent changes nothing.
         */
        post: operations["pauseAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused agent
         * @description The runs that waited begin, in their order.
         */
        post: operations["resumeAgent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List runs of a workspace, newest first */
        get: operations["listRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count runs over time and by agent
         * @description Of the runs created at or after `from` and before `to`; the last 24 hours.
         */
        get: operations["getRunStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a run with its trace, by its id alone */
        get: operations["getRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/runtimes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What tool code is given, by language */
        get: operations["listCustomToolRuntimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List custom tools */
        get: operations["listCustomTools"];
        put?: never;
        /**
         * Create custom tool
         * @description The code is checked, not run: it must parse, define `main` and return something.
         */
        post: operations["createCustomTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get custom tool */
        get: operations["getCustomTool"];
        put?: never;
        post?: never;
        /** Delete custom tool */
        delete: operations["deleteCustomTool"];
        options?: never;
        head?: never;
        /**
         * Update custom tool
         * @description Only what is given changes. Other code is a new version, and parameters that were read from the code are read again.
         */
        patch: operations["updateCustomTool"];
        trace?: never;
    };
    "/v1/custom-tools/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run custom tool
         * @description Runs the code in the sandbox as an agent’s call would, and waits for its result.
         */
        post: operations["runCustomTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs of a custom tool, newest first
         * @description Calls of agents’ runs, as their journals have them, and direct runs. Calls that were refused before they began are only in their run’s trace.
         */
        get: operations["listCustomToolRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}/runs/{tool_run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a run of a custom tool */
        get: operations["getCustomToolRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List versions of a custom tool’s code, newest first
         * @description Those of a deleted tool too: traces name them.
         */
        get: operations["listCustomToolVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of a custom tool’s code
         * @description `tool_version` of a tool trace or a tool run names it.
         */
        get: operations["getCustomToolVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-tools/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring the code of an earlier version back
         * @description Saves it as a new version. Parameters and settings of the tool are not part of a version, and stay.
         */
        post: operations["rollbackCustomTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List scheduled runs, newest first */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Schedule a run
         * @description The agent runs once at that time, or as soon as a server is there again, as it is then: its version, model and limits of the time. A paused agent’s run waits; of an agent that is then disabled, inactive or deleted it fails, with the reason.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a scheduled run */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit a scheduled run
         * @description Only what is given changes, and only before it starts.
         */
        patch: operations["updateSchedule"];
        trace?: never;
    };
    "/v1/schedules/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a scheduled run */
        post: operations["cancelSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List approvals, newest first */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an approval */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide an approval
         * @description Once and for good: a second decision is refused with 409. The run goes on by it: an approved call is made; of one that is rejected, or sent back for changes, the agent is told, with the note. A run that waits as a whole starts, or ends; changes of what it decided are its agent’s to make. Who is not among the approvers gets 403; the admin token may always decide.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what agents may name in `tools`, by name */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/http-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the tool http_request may reach */
        get: operations["getHttpRequestTool"];
        /**
         * Set what the tool http_request may reach
         * @description Hosts by exact name, `*.suffix` or with a port; the first that fits a request decides. A credential names a secret, is added to requests to its host over https, and is never shown to a model. `agents` limits a host to agents by id. Agents name `http_request` in `tools`, unless it is enabled globally.
         */
        put: operations["setHttpRequestTool"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp-servers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List MCP servers */
        get: operations["listMcpServers"];
        put?: never;
        /**
         * Add MCP server
         * @description Nothing is connected to yet: `POST /v1/mcp-servers/{id}/test` does, and reads its tools. An agent names a tool as `server__tool`; a name that had to be changed or cut to 64 characters ends in a hash.
         */
        post: operations["createMcpServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp-servers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get MCP server */
        get: operations["getMcpServer"];
        put?: never;
        post?: never;
        /** Remove MCP server */
        delete: operations["deleteMcpServer"];
        options?: never;
        head?: never;
        /**
         * Update MCP server
         * @description Only what is given changes; `config` is given whole. Another address or `auth` forgets what was authorized.
         */
        patch: operations["updateMcpServer"];
        trace?: never;
    };
    "/v1/mcp-servers/{id}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tools of an MCP server
         * @description As they were last read: by a test, at a connection, or when the server said they changed.
         */
        get: operations["listMcpServerTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp-servers/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Connect to an MCP server and read its tools
         * @description A server that cannot be used is an answer too: `success` is false and `error` says why.
         */
        post: operations["testMcpServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi-tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List OpenAPI documents that give tools */
        get: operations["listOpenApiTools"];
        put?: never;
        /**
         * Add an OpenAPI document as tools
         * @description `document` is the text of a document of version 3.0 or 3.1, in JSON or YAML; or `document_url` says where it is fetched, once. Each operation is a tool, `name__operationId` (or method and path where there is no id; a name that had to be changed or cut to 64 characters ends in a hash); `allowed_tools` chooses some, and a document of more than 500 needs it. Parameters are arguments of their names, the body is the argument `body`; a parameter whose name is taken, or is `body`, gets its place appended (`id_query`). References are followed inside the document only. Requests go to `base_url`, by default the document’s first server with `server_variables`. `credentials` has one for each security scheme by name, as `PUT /v1/tools/http-request` takes them: secrets are named, and no model sees them.
         */
        post: operations["createOpenApiTools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi-tools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get OpenAPI document */
        get: operations["getOpenApiTools"];
        put?: never;
        post?: never;
        /** Remove OpenAPI document */
        delete: operations["deleteOpenApiTools"];
        options?: never;
        head?: never;
        /**
         * Update OpenAPI document
         * @description Only what is given changes. Another document keeps the base URL, unless `base_url` is given too; null takes that of the document. `document_url` fetches anew. `credentials` are given whole.
         */
        patch: operations["updateOpenApiTools"];
        trace?: never;
    };
    "/v1/openapi-tools/{id}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tools of an OpenAPI document */
        get: operations["listToolsOfOpenApiTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp-servers/{id}/authorize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to authorize at an MCP server
         * @description For `auth` of type `oauth`. Open `authorization_url` in a browser; it comes back to the callback within ten minutes.
         */
        post: operations["authorizeMcpServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mcp-authorizations/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where a browser comes back to from an authorization
         * @description Needs no token: `state` is random, is known only to who began the authorization, and counts once. Answers a page.
         */
        get: operations["finishMcpAuthorization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List test runs, newest first */
        get: operations["listTestRuns"];
        put?: never;
        /**
         * Run test cases of an agent
         * @description On one or several versions and models side by side, each case as often as it or `repeat` says. The runs are ordinary runs with a whole trace, but nothing is delivered, no event is told, and neither lists nor statistics of the agent count them. It goes on whatever crashes. `max_cost_usd` (default 5) caps all of it; where a price is not known, only the agent’s own limits do.
         */
        post: operations["startTestRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests/runs/{test_run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a test run with what came of every case */
        get: operations["getTestRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests/runs/{test_run_id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the runs of a test run, with a verdict on every expectation */
        get: operations["listTestResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests/runs/{test_run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a test run
         * @description Its runs are cancelled soon after; what has ended keeps its results.
         */
        post: operations["cancelTestRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List test cases of agents, newest first */
        get: operations["listTests"];
        put?: never;
        /**
         * Create a test case
         * @description For an agent, or out of a run that has ended (`from_run_id`): then payload and results of tools are that run’s, and the same disposition and calls are expected. What is given beside it takes precedence.
         */
        post: operations["createTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a test case */
        get: operations["getTest"];
        put?: never;
        post?: never;
        /**
         * Delete a test case
         * @description What came of it in test runs stays.
         */
        delete: operations["deleteTest"];
        options?: never;
        head?: never;
        /**
         * Change a test case
         * @description Only what is given changes; `tools`, `expect` and `conversation` replace.
         */
        patch: operations["updateTest"];
        trace?: never;
    };
    "/v1/skills/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a skill folder or archive
         * @description The body is a ZIP archive with a SKILL.md at its top or in its only folder, or JSON with the files. All bytes are kept as they are. Links, paths that lead out and what is too large are refused. With `replace`, in the query for an archive, the skill that has the name gets the files as a new version (200).
         */
        post: operations["importSkill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a skill as an archive
         * @description A ZIP archive with the files as they came, below a folder of the skill’s name.
         */
        get: operations["exportSkill"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files of a skill, whole */
        get: operations["listSkillFiles"];
        /**
         * Replace the files of a skill
         * @description Files that are as they were keep their ids and versions.
         */
        put: operations["replaceSkillFiles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of a skill, newest first */
        get: operations["listSkillVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A version of a skill with its files */
        get: operations["getSkillVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring the files of an earlier version back, as a new one */
        post: operations["rollbackSkill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List skills */
        get: operations["listSkills"];
        put?: never;
        /**
         * Create skill
         * @description Writes a SKILL.md of the fields. Folders and archives go to `/v1/skills/import`.
         */
        post: operations["createSkill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/skills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get skill */
        get: operations["getSkill"];
        put?: never;
        post?: never;
        /**
         * Delete skill
         * @description Runs that began with it keep it.
         */
        delete: operations["deleteSkill"];
        options?: never;
        head?: never;
        /**
         * Update skill
         * @description Only what is given changes; null clears. Name, description, body and allowed tools are changed in its SKILL.md, which is a new version.
         */
        patch: operations["updateSkill"];
        trace?: never;
    };
    "/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List secrets
         * @description Names and times; values never come back.
         */
        get: operations["listSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get secret
         * @description Whether it is set, and since when; its value never comes back.
         */
        get: operations["getSecret"];
        /**
         * Set secret
         * @description Creates it or replaces its value, for calls that start from then on. Only calls of tools that name it are given it. Values of 8 characters and more are masked in logs, results and errors.
         */
        put: operations["setSecret"];
        post?: never;
        /**
         * Delete secret
         * @description Calls of tools that name it fail from then on, and say so.
         */
        delete: operations["deleteSecret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List models
         * @description Those that the workspace gave a name.
         */
        get: operations["listModels"];
        put?: never;
        /**
         * Create model
         * @description Gives a model of a provider a name, with its own key, address, limits and fallbacks.
         */
        post: operations["createModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get model
         * @description Where one workspace is meant, its name finds it as well.
         */
        get: operations["getModel"];
        put?: never;
        post?: never;
        /** Delete model */
        delete: operations["deleteModel"];
        options?: never;
        head?: never;
        /**
         * Update model
         * @description In force from the next call of it, in runs under way too. `settings`, `limits` and `fallbacks` replace.
         */
        patch: operations["updateModel"];
        trace?: never;
    };
    "/v1/models/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test model
         * @description Asks it for one word, once, with its key and address, without its fallbacks. The provider charges for that. What goes wrong is in `data.error`.
         */
        post: operations["testModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List prices
         * @description Those that the workspace set itself, which come before the list of the server.
         */
        get: operations["listPrices"];
        put?: never;
        /**
         * Set price
         * @description USD per million tokens, for calls from now on, in place of a price that the workspace set before. A call whose prompt passes a tier is billed at the tier’s rates as a whole.
         */
        post: operations["setPrice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prices/in-force": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a model costs now
         * @description The workspace’s own price, else that of the list, with its source and date.
         */
        get: operations["getPriceInForce"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get price */
        get: operations["getPrice"];
        put?: never;
        post?: never;
        /**
         * Delete price
         * @description The list’s price is in force again from the next call on.
         */
        delete: operations["deletePrice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/nodes/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List nodes, newest first */
        post: operations["searchKnowledgeNodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a node
         * @description A file with a body, or a directory. It is indexed in the background: `embed_status` says how far it is.
         */
        post: operations["createKnowledgeNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/nodes/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a node */
        get: operations["getKnowledgeNode"];
        put?: never;
        post?: never;
        /** Delete a node and all below it */
        delete: operations["deleteKnowledgeNode"];
        options?: never;
        head?: never;
        /**
         * Change or move a node
         * @description Only what is given changes; lists and metadata are replaced. A new body or title is a new version; until it is indexed, search finds the one before.
         */
        patch: operations["updateKnowledgeNode"];
        trace?: never;
    };
    "/v1/kb/nodes/{node_id}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Index a node again
         * @description A web page is fetched again; what failed is tried again.
         */
        post: operations["refreshKnowledgeNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/nodes/{node_id}/chunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the chunks of a node, in order */
        get: operations["listKnowledgeChunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/nodes/{node_id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a node with their bodies, newest first */
        get: operations["listKnowledgeVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kb/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Find the passages that answer a question, best first */
        post: operations["searchKnowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create webhook
         * @description From now on the URL is sent what happens, signed as Standard Webhooks say. The secret is in `data.secret`, this once.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete webhook
         * @description What is not delivered yet never is.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Update webhook
         * @description One that the server switched off goes on with `enabled: true`.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret of a webhook
         * @description During the overlap requests carry a signature by each of the two secrets. The new one is shown this once.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description An event of type `webhook.test`, like any other in the list of deliveries.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries of a webhook
         * @description What it was told, and how that went, for 30 days.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery
         * @description With what is sent, and every attempt.
         */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description At once, with the same id and body, whatever became of it before; then as the schedule of retries says.
         */
        post: operations["resendWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs, tokens and money by day, agent, model and trigger
         * @description Of the runs that ended on the days from `from` to `to`, both included, in UTC; the last 30 days. What a run asked other agents for are runs of their own, each counted once. The sums are exact at any moment.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List budgets, newest first */
        get: operations["listBudgets"];
        put?: never;
        /**
         * Limit what an agent or the workspace may use
         * @description When a limit is reached no further run starts until the period (UTC) is over: a dispatch is answered 422, a firing of a trigger is kept with the verdict `refused`, reason `budget_exceeded`. Runs that have started go on to their end, with what they ask other agents for. `max_runs` holds exactly; tokens and money are known about two seconds late and without what open runs are still going to use.
         */
        post: operations["createBudget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a budget and what is used of it */
        get: operations["getBudget"];
        put?: never;
        post?: never;
        /** Delete a budget */
        delete: operations["deleteBudget"];
        options?: never;
        head?: never;
        /**
         * Change the limits of a budget
         * @description Only what is given changes; what was used in the period stays counted.
         */
        patch: operations["updateBudget"];
        trace?: never;
    };
    "/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List contacts */
        get: operations["listContacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search contacts
         * @description `any` looks for an e-mail address or a number among addresses, for everything else among names.
         */
        get: operations["searchContacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get contact */
        get: operations["getContact"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Update contact */
        patch: operations["updateContact"];
        trace?: never;
    };
    "/v1/contacts/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write to a contact
         * @description Accepted for delivery, in the latest conversation with that address; on e-mail, a subject begins a new one.
         */
        post: operations["sendContactMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List conversations
         * @description By their last message.
         */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search conversations
         * @description `message` finds words of messages. `any` looks for an e-mail address or a number among addresses, for everything else among names.
         */
        get: operations["searchConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get conversation
         * @description Without its messages.
         */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Update conversation
         * @description With `ai_paused: true` a person takes it over: no agent answers, not even one that is about to.
         */
        patch: operations["updateConversation"];
        trace?: never;
    };
    "/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List messages */
        get: operations["listMessages"];
        put?: never;
        /**
         * Send a message
         * @description Accepted for delivery; `status` says how that goes. It answers all that has come in: an agent that was about to does not.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{id}/messages/{message_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again
         * @description One that `failed`, or whose sending ended as `unknown`: under the same id, so that a channel that knows it takes it once.
         */
        post: operations["resendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversation-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List topics */
        get: operations["listConversationTags"];
        put?: never;
        /**
         * Create a topic
         * @description A root topic, or with `parent_id` a subtopic; subtopics have none below them.
         */
        post: operations["createConversationTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversation-tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get topic */
        get: operations["getConversationTag"];
        put?: never;
        post?: never;
        /**
         * Delete topic
         * @description Conversations lose it. A root topic goes after its subtopics.
         */
        delete: operations["deleteConversationTag"];
        options?: never;
        head?: never;
        /** Update topic */
        patch: operations["updateConversationTag"];
        trace?: never;
    };
    "/v1/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take a backup
         * @description The whole installation, all workspaces, as it is at the moment of the request; nothing stops meanwhile. A script for Postgres, compressed with gzip, for `signalbox restore`. It is whole only if its last line begins with `-- signalbox end`. Secrets in it are sealed: restoring needs the same SIGNALBOX_SECRET_KEY, which is not in it. Everything else is in it in clear.
         */
        get: operations["getBackup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version, rights and the first 100 workspaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            version: string;
                            /** @enum {string} */
                            access: "read" | "write" | "admin";
                            workspaces: {
                                id: string;
                                name: string;
                            }[];
                            links: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    startSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {string} */
                            access: "read" | "write" | "admin";
                            expires_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            signed_out: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listWorkspaces: {
        parameters: {
            query?: {
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspaces */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            rate_limit: number | null;
                            max_running: number | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createWorkspace: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Support"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @description Requests a minute; null takes the server’s setting, 0 is off. */
                    rate_limit?: number | null;
                    /** @description Runs at once; null takes the server’s setting. */
                    max_running?: number | null;
                };
            };
        };
        responses: {
            /** @description Workspace created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            rate_limit: number | null;
                            max_running: number | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workspace id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            rate_limit: number | null;
                            max_running: number | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workspace id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Workspace deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The workspace still holds agents or custom tools */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateWorkspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workspace id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Support"
                 *     }
                 */
                "application/json": {
                    name?: string;
                    /** @description Requests a minute; null takes the server’s setting, 0 is off. */
                    rate_limit?: number | null;
                    /** @description Runs at once; null takes the server’s setting. */
                    max_running?: number | null;
                };
            };
        };
        responses: {
            /** @description Workspace updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            rate_limit: number | null;
                            max_running: number | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getWorkspaceQuotas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workspace id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Quotas */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            workspace_id: string;
                            day: {
                                id: string;
                                workspace_id: string;
                                /** @description Null: of the whole workspace. */
                                agent_id: string | null;
                                /** @enum {string} */
                                period: "day" | "month";
                                max_runs: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                warn_at: number;
                                stops: boolean;
                                /** @enum {string} */
                                state: "ok" | "warning" | "exceeded";
                                /** @description Limits that are reached. */
                                reached: ("runs" | "tokens" | "cost")[];
                                used: {
                                    runs: number;
                                    tokens: number;
                                    cost_usd: number;
                                    runs_of_unknown_cost: number;
                                };
                                period_start: string;
                                period_end: string;
                                created_at: string;
                                updated_at: string;
                            } | null;
                            month: {
                                id: string;
                                workspace_id: string;
                                /** @description Null: of the whole workspace. */
                                agent_id: string | null;
                                /** @enum {string} */
                                period: "day" | "month";
                                max_runs: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                warn_at: number;
                                stops: boolean;
                                /** @enum {string} */
                                state: "ok" | "warning" | "exceeded";
                                /** @description Limits that are reached. */
                                reached: ("runs" | "tokens" | "cost")[];
                                used: {
                                    runs: number;
                                    tokens: number;
                                    cost_usd: number;
                                    runs_of_unknown_cost: number;
                                };
                                period_start: string;
                                period_end: string;
                                created_at: string;
                                updated_at: string;
                            } | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    putWorkspaceQuotas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workspace id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "day": {
                 *         "max_runs": 10000
                 *       },
                 *       "month": {
                 *         "max_cost_usd": 500
                 *       }
                 *     }
                 */
                "application/json": {
                    day?: {
                        /** @description Runs that are started, by hand or by triggers; kept exactly. */
                        max_runs?: number | null;
                        /** @description Input and output together. */
                        max_tokens?: number | null;
                        /** @description Of runs whose price is known; others are counted in `runs_of_unknown_cost`. */
                        max_cost_usd?: number | null;
                        /** @description The share of a limit from which on `budget.warning` is told; default 0.8. */
                        warn_at?: number;
                        /** @description Whether no run starts any more when it is used up; default true. */
                        stops?: boolean;
                    } | null;
                    month?: {
                        /** @description Runs that are started, by hand or by triggers; kept exactly. */
                        max_runs?: number | null;
                        /** @description Input and output together. */
                        max_tokens?: number | null;
                        /** @description Of runs whose price is known; others are counted in `runs_of_unknown_cost`. */
                        max_cost_usd?: number | null;
                        /** @description The share of a limit from which on `budget.warning` is told; default 0.8. */
                        warn_at?: number;
                        /** @description Whether no run starts any more when it is used up; default true. */
                        stops?: boolean;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Quotas */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            workspace_id: string;
                            day: {
                                id: string;
                                workspace_id: string;
                                /** @description Null: of the whole workspace. */
                                agent_id: string | null;
                                /** @enum {string} */
                                period: "day" | "month";
                                max_runs: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                warn_at: number;
                                stops: boolean;
                                /** @enum {string} */
                                state: "ok" | "warning" | "exceeded";
                                /** @description Limits that are reached. */
                                reached: ("runs" | "tokens" | "cost")[];
                                used: {
                                    runs: number;
                                    tokens: number;
                                    cost_usd: number;
                                    runs_of_unknown_cost: number;
                                };
                                period_start: string;
                                period_end: string;
                                created_at: string;
                                updated_at: string;
                            } | null;
                            month: {
                                id: string;
                                workspace_id: string;
                                /** @description Null: of the whole workspace. */
                                agent_id: string | null;
                                /** @enum {string} */
                                period: "day" | "month";
                                max_runs: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                warn_at: number;
                                stops: boolean;
                                /** @enum {string} */
                                state: "ok" | "warning" | "exceeded";
                                /** @description Limits that are reached. */
                                reached: ("runs" | "tokens" | "cost")[];
                                used: {
                                    runs: number;
                                    tokens: number;
                                    cost_usd: number;
                                    runs_of_unknown_cost: number;
                                };
                                period_start: string;
                                period_end: string;
                                created_at: string;
                                updated_at: string;
                            } | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listInboxTypes: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Inbox types */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createInboxType: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Owners"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Inbox type created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or the workspace has too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteInboxType: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Inbox type id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Inbox type deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Channels, contacts or conversations belong to it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateInboxType: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Inbox type id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Owners"
                 *     }
                 */
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Inbox type renamed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It is one of every workspace */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            access: "read" | "write" | "admin";
                            /** @description Null for the admin token, which reaches all. */
                            workspace_ids: string[] | null;
                            /** @description The first characters of the secret. */
                            hint: string;
                            created_at: string;
                            expires_at: string | null;
                            last_used_at: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "CI",
                 *       "access": "write",
                 *       "workspace_ids": [
                 *         "ws77c0dy0mgdpzmqz6tesry8w184002s"
                 *       ],
                 *       "expires_at": null
                 *     }
                 */
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    access: "read" | "write";
                    workspace_ids: string[];
                    /** Format: date-time */
                    expires_at?: string;
                };
            };
        };
        responses: {
            /** @description Token created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            name: string;
                            /** @enum {string} */
                            access: "read" | "write" | "admin";
                            /** @description Null for the admin token, which reaches all. */
                            workspace_ids: string[] | null;
                            /** @description The first characters of the secret. */
                            hint: string;
                            created_at: string;
                            expires_at: string | null;
                            last_used_at: string | null;
                            token: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Token id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Token revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The admin token cannot be revoked */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listAgents: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Agents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createAgent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace_id": "ws77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "Reservations",
                 *       "description": "Confirms reservations.",
                 *       "instructions": "Look the reservation up and confirm it.",
                 *       "triggers": [
                 *         {
                 *           "name": "Changed",
                 *           "type": "webhook",
                 *           "config": {}
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    name: string;
                    description: string;
                    instructions: string;
                    guardrails?: {
                        id?: string;
                        title: string;
                        knowledge: string;
                    }[];
                    /** @enum {string} */
                    operation_mode?: "autopilot" | "copilot" | "inactive";
                    autopilot_schedule?: {
                        timezone: string;
                        windows: {
                            days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                            from: string;
                            to: string;
                        }[];
                    } | null;
                    custom_response_delay_ms?: number;
                    auto_mark_as_done?: boolean;
                    /** @enum {string} */
                    response_language?: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                    responseflow?: boolean;
                    output_schema?: {
                        name: string;
                        /** @default  */
                        description?: string;
                        /** @enum {string} */
                        type?: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                        enum?: string[];
                        /** @default false */
                        is_required?: boolean;
                    }[];
                    skill_ids?: string[];
                    model?: string | null;
                    fallback_model?: string | null;
                    limits?: {
                        /** @default null */
                        max_steps?: number | null;
                        /** @default null */
                        max_tokens?: number | null;
                        /** @default null */
                        max_cost_usd?: number | null;
                        /** @default null */
                        timeout_ms?: number | null;
                    } | null;
                    tools?: string[] | null;
                    concurrency?: number | null;
                    concurrency_key?: string | null;
                    run_only_once_per_entity?: boolean;
                    process_entities_sequentially?: boolean;
                    execution_order?: number | null;
                    ignore_execution_order?: boolean;
                    approvals?: {
                        /**
                         * @default null
                         * @enum {string|null}
                         */
                        run?: "start" | "reply" | null;
                        /** @default [] */
                        tools?: string[];
                        /** @default [] */
                        approvers?: string[];
                        /** @default 604800000 */
                        expires_after_ms?: number;
                        /**
                         * @default reject
                         * @enum {string}
                         */
                        on_expiry?: "reject" | "fail" | "escalate";
                    } | null;
                    enabled?: boolean;
                    test_gate?: boolean;
                    triggers?: {
                        id?: string;
                        name?: string;
                        description?: string;
                        /** @enum {string} */
                        type?: "cron" | "webhook" | "event" | "message";
                        config?: {
                            [key: string]: unknown;
                        };
                        enabled?: boolean;
                    }[];
                    expected_version?: number;
                    workspace_id: string;
                };
            };
        };
        responses: {
            /** @description Agent created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Agent deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "operation_mode": "copilot"
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    instructions?: string;
                    guardrails?: {
                        id?: string;
                        title: string;
                        knowledge: string;
                    }[];
                    /** @enum {string} */
                    operation_mode?: "autopilot" | "copilot" | "inactive";
                    autopilot_schedule?: {
                        timezone: string;
                        windows: {
                            days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                            from: string;
                            to: string;
                        }[];
                    } | null;
                    custom_response_delay_ms?: number;
                    auto_mark_as_done?: boolean;
                    /** @enum {string} */
                    response_language?: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                    responseflow?: boolean;
                    output_schema?: {
                        name: string;
                        /** @default  */
                        description?: string;
                        /** @enum {string} */
                        type?: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                        enum?: string[];
                        /** @default false */
                        is_required?: boolean;
                    }[];
                    skill_ids?: string[];
                    model?: string | null;
                    fallback_model?: string | null;
                    limits?: {
                        /** @default null */
                        max_steps?: number | null;
                        /** @default null */
                        max_tokens?: number | null;
                        /** @default null */
                        max_cost_usd?: number | null;
                        /** @default null */
                        timeout_ms?: number | null;
                    } | null;
                    tools?: string[] | null;
                    concurrency?: number | null;
                    concurrency_key?: string | null;
                    run_only_once_per_entity?: boolean;
                    process_entities_sequentially?: boolean;
                    execution_order?: number | null;
                    ignore_execution_order?: boolean;
                    approvals?: {
                        /**
                         * @default null
                         * @enum {string|null}
                         */
                        run?: "start" | "reply" | null;
                        /** @default [] */
                        tools?: string[];
                        /** @default [] */
                        approvers?: string[];
                        /** @default 604800000 */
                        expires_after_ms?: number;
                        /**
                         * @default reject
                         * @enum {string}
                         */
                        on_expiry?: "reject" | "fail" | "escalate";
                    } | null;
                    enabled?: boolean;
                    test_gate?: boolean;
                    triggers?: {
                        id?: string;
                        name?: string;
                        description?: string;
                        /** @enum {string} */
                        type?: "cron" | "webhook" | "event" | "message";
                        config?: {
                            [key: string]: unknown;
                        };
                        enabled?: boolean;
                    }[];
                    expected_version?: number;
                };
            };
        };
        responses: {
            /** @description Agent updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listAgentVersions: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            agent_id: string;
                            agent_version: number;
                            /** @description Saved to be tried: it was never live itself. */
                            is_candidate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                            }[];
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createAgentCandidate: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "instructions": "Look the reservation up, and confirm it in two sentences."
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    instructions?: string;
                    guardrails?: {
                        id?: string;
                        title: string;
                        knowledge: string;
                    }[];
                    /** @enum {string} */
                    operation_mode?: "autopilot" | "copilot" | "inactive";
                    autopilot_schedule?: {
                        timezone: string;
                        windows: {
                            days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                            from: string;
                            to: string;
                        }[];
                    } | null;
                    custom_response_delay_ms?: number;
                    auto_mark_as_done?: boolean;
                    /** @enum {string} */
                    response_language?: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                    responseflow?: boolean;
                    output_schema?: {
                        name: string;
                        /** @default  */
                        description?: string;
                        /** @enum {string} */
                        type?: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                        enum?: string[];
                        /** @default false */
                        is_required?: boolean;
                    }[];
                    skill_ids?: string[];
                    model?: string | null;
                    fallback_model?: string | null;
                    limits?: {
                        /** @default null */
                        max_steps?: number | null;
                        /** @default null */
                        max_tokens?: number | null;
                        /** @default null */
                        max_cost_usd?: number | null;
                        /** @default null */
                        timeout_ms?: number | null;
                    } | null;
                    tools?: string[] | null;
                    concurrency?: number | null;
                    concurrency_key?: string | null;
                    run_only_once_per_entity?: boolean;
                    process_entities_sequentially?: boolean;
                    execution_order?: number | null;
                    ignore_execution_order?: boolean;
                    approvals?: {
                        /**
                         * @default null
                         * @enum {string|null}
                         */
                        run?: "start" | "reply" | null;
                        /** @default [] */
                        tools?: string[];
                        /** @default [] */
                        approvers?: string[];
                        /** @default 604800000 */
                        expires_after_ms?: number;
                        /**
                         * @default reject
                         * @enum {string}
                         */
                        on_expiry?: "reject" | "fail" | "escalate";
                    } | null;
                    enabled?: boolean;
                    test_gate?: boolean;
                    expected_version?: number;
                };
            };
        };
        responses: {
            /** @description Candidate saved */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            agent_id: string;
                            agent_version: number;
                            /** @description Saved to be tried: it was never live itself. */
                            is_candidate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                            }[];
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getAgentVersion: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Number of the version. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            agent_id: string;
                            agent_version: number;
                            /** @description Saved to be tried: it was never live itself. */
                            is_candidate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                            }[];
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    enableAgentVersion: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Number of the version. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Test cases fail on it, or were not run on it: the error names them */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rollbackAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": 1
                 *     }
                 */
                "application/json": {
                    version: number;
                };
            };
        };
        responses: {
            /** @description The agent as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    explainCronExpression: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "expression": "0 9 * * MON-FRI",
                 *       "timezone": "Europe/Berlin"
                 *     }
                 */
                "application/json": {
                    /** @description Minute, hour, day, month, weekday; with six fields, seconds come first. */
                    expression: string;
                    /** @description IANA name; default UTC. */
                    timezone?: string;
                };
            };
        };
        responses: {
            /** @description What the expression means */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            expression: string;
                            timezone: string;
                            explanation: string;
                            next_ticks: string[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rotateTriggerSecret: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Trigger id. */
                trigger_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_hours": 24
                 *     }
                 */
                "application/json": {
                    /** @description Made at random when absent; Slack and Stripe make theirs themselves. */
                    secret?: string;
                    /**
                     * @description Hours that the former one stays good. 0 ends it, and all before it, at once.
                     * @default 24
                     */
                    overlap_hours?: number;
                };
            };
        };
        responses: {
            /** @description The trigger, and its new secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            type: "cron" | "webhook" | "event" | "message";
                            config: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_at: string;
                            updated_at: string;
                            secret: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The trigger is no webhook, or has no secret */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rotateTriggerUrl: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Trigger id. */
                trigger_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_hours": 24
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Hours that the former one stays good. 0 ends it, and all before it, at once.
                     * @default 24
                     */
                    overlap_hours?: number;
                };
            };
        };
        responses: {
            /** @description The trigger */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            type: "cron" | "webhook" | "event" | "message";
                            config: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The trigger is no webhook, or has no secret */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    runAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Seconds to wait for the end of the run, which is then in the answer. */
                wait?: number;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "payload": {
                 *         "reservation_id": "res_123",
                 *         "status": "confirmed"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description The trigger to run; needed when the agent has several. */
                    trigger_id?: string;
                    /** @description What the trigger would have received. `{}` when absent; cron ignores it. */
                    payload?: unknown;
                    /** @description Seconds that the run goes ahead of others of its workspace in the queue. */
                    priority?: number;
                    /** @description Runs of the agent with the same key go one at a time. */
                    concurrency_key?: string | null;
                    /** @description Calls of tools with outside effects are written down in the trace and not made: all of them but those with `has_effects: false`. */
                    dry_run?: boolean;
                };
            };
        };
        responses: {
            /** @description Agent dispatched */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            dispatched: boolean;
                            trigger_id: string;
                            /** @enum {string} */
                            trigger_type: "cron" | "webhook" | "event";
                            id: string;
                            run_id: string;
                            /** @description With `wait`, when the run ended in time. */
                            run?: {
                                id: string;
                                run_id: string;
                                agent_id: string;
                                workspace_id: string;
                                /** @enum {string} */
                                status: "accepted" | "running" | "completed" | "failed";
                                /** @enum {string|null} */
                                disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                                contact_id: string | null;
                                conversation_id: string | null;
                                trigger_id: string | null;
                                error: string | null;
                                duration_ms: number | null;
                                token_usage: {
                                    input: number;
                                    output: number;
                                } | null;
                                /** @description USD; null when a price is unknown. */
                                total_cost: number | null;
                                trace_id: string | null;
                                created_at: string;
                                completed_at: string | null;
                                agent_version: number;
                                model: string;
                                /** @enum {string|null} */
                                stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                                retry_of: string | null;
                                /** @description `id` of the run whose agent asked this one’s. */
                                parent_run_id: string | null;
                                forked_from: string | null;
                                /** @description Steps before it were copied. */
                                from_step: number | null;
                                dry_run: boolean;
                                /** @description The test run that it belongs to. */
                                test_run_id: string | null;
                                session_id: string | null;
                                disposition_reason: string | null;
                                trigger_event_id: string | null;
                                response: string | null;
                                reflection: string | null;
                                tool_trace: unknown[] | null;
                                /** @enum {string|null} */
                                trigger_type: "cron" | "webhook" | "event" | "message" | null;
                                /** @description What the run was started with. */
                                payload?: unknown;
                                /** @description Those of a fork, in place of the agent’s. */
                                instructions: string | null;
                                /** @description Structured output, by the agent’s output_schema. */
                                output?: unknown;
                            };
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Trigger cannot be dispatched */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    sendEvents: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "reservation.created",
                 *       "id": "evt-4711",
                 *       "payload": {
                 *         "reservation": {
                 *           "id": "res_123",
                 *           "status": "confirmed"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @example reservation.created */
                    type: string;
                    /** @description `{}` when absent. */
                    payload?: unknown;
                    /** @description A second event with the same `source` and `id` is a repeat and starts nothing. */
                    id?: string;
                    source?: string;
                    /** @description What the event is about; else the payload’s own `entity_id`, if it has one. */
                    entity_id?: string;
                    /** Format: date-time */
                    occurred_at?: string;
                };
            };
        };
        responses: {
            /** @description Events kept, and their runs accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            trigger_event_ids: string[];
                            events: {
                                trigger_event_id: string;
                                /** @description The event came before: trigger event and runs are those of the first time. */
                                repeated: boolean;
                                runs: {
                                    id: string;
                                    run_id: string;
                                    agent_id: string;
                                    trigger_id: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listTriggerEvents: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description A trigger of it was looked at. */
                agent_id?: string;
                trigger_id?: string;
                source?: "manual" | "retry" | "fork" | "cron" | "webhook" | "event" | "schedule" | "internal" | "message" | "replay";
                /** @description The event’s name. */
                type?: string;
                entity_id?: string;
                /** @description Whether it started a run; of the agent or trigger, where one is named. */
                matched?: boolean;
                /** @description Created at or after. */
                from?: string;
                /** @description Created before. */
                to?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Trigger events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            source: string;
                            type: string | null;
                            /** @description When it is one trigger’s own firing. */
                            trigger_id: string | null;
                            entity_id: string | null;
                            /** @description Whether it started a run. */
                            matched: boolean;
                            /** @description How many triggers of agents that was the answer for. */
                            verdicts: {
                                ran: number;
                                not_matched: number;
                                refused: number;
                                skipped: number;
                            };
                            caused_by_run_id: string | null;
                            /** @description Firings before it in a chain of runs. */
                            depth: number;
                            replay_of: string | null;
                            /** @description By its sender. */
                            occurred_at: string | null;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getTriggerEvent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Trigger event id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Trigger event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            source: string;
                            type: string | null;
                            /** @description When it is one trigger’s own firing. */
                            trigger_id: string | null;
                            entity_id: string | null;
                            /** @description Whether it started a run. */
                            matched: boolean;
                            caused_by_run_id: string | null;
                            /** @description Firings before it in a chain of runs. */
                            depth: number;
                            replay_of: string | null;
                            /** @description By its sender. */
                            occurred_at: string | null;
                            created_at: string;
                            payload?: unknown;
                            verdicts: {
                                agent_id: string;
                                agent_name: string;
                                trigger_id: string | null;
                                trigger_name: string | null;
                                /** @enum {string} */
                                verdict: "ran" | "not_matched" | "refused" | "skipped";
                                /** @description Of what was refused or skipped: agent_disabled, inactive, trigger_disabled, not_dispatchable, too_many_runs, chain_depth, chain_rate, once_per_entity, overlap, or one of the trigger’s own kind. */
                                reason: string | null;
                                /** @description The reason as a sentence. */
                                detail: string | null;
                                comparisons: {
                                    field: string;
                                    op: string;
                                    expected?: unknown;
                                    /** @description Absent when the payload has no such field. */
                                    actual?: unknown;
                                    matched: boolean;
                                }[];
                                run: {
                                    id: string;
                                    run_id: string;
                                } | null;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    replayTriggerEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "2026-04-03T00:00:00Z",
                 *       "to": "2026-04-04T00:00:00Z",
                 *       "type": "reservation.created",
                 *       "dry_run": true
                 *     }
                 */
                "application/json": {
                    workspace_id?: string;
                    /** Format: date-time */
                    from: string;
                    /** Format: date-time */
                    to: string;
                    /** @enum {string} */
                    source?: "manual" | "retry" | "fork" | "cron" | "webhook" | "event" | "schedule" | "internal" | "message" | "replay";
                    /** @description The event’s name. */
                    type?: string;
                    entity_id?: string;
                    /** @description Whether it started a run. */
                    matched?: boolean;
                    /** @description Only triggers of this agent are looked at, also by events from before it was there. */
                    agent_id?: string;
                    /** @default false */
                    dry_run?: boolean;
                    expected_count?: number;
                };
            };
        };
        responses: {
            /** @description How many there are */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            dry_run: boolean;
                            count: number;
                            replayed: {
                                trigger_event_id: string;
                                /** @description The event came before: trigger event and runs are those of the first time. */
                                repeated: boolean;
                                runs: {
                                    id: string;
                                    run_id: string;
                                    agent_id: string;
                                    trigger_id: string;
                                }[];
                                replay_of: string;
                            }[];
                            failed: {
                                replay_of: string;
                                error: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Fired again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            dry_run: boolean;
                            count: number;
                            replayed: {
                                trigger_event_id: string;
                                /** @description The event came before: trigger event and runs are those of the first time. */
                                repeated: boolean;
                                runs: {
                                    id: string;
                                    run_id: string;
                                    agent_id: string;
                                    trigger_id: string;
                                }[];
                                replay_of: string;
                            }[];
                            failed: {
                                replay_of: string;
                                error: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description There are not as many as expected */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description There are too many */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    replayTriggerEvent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Trigger event id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Only for this agent. */
                    agent_id?: string;
                };
            };
        };
        responses: {
            /** @description Fired again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            trigger_event_id: string;
                            /** @description The event came before: trigger event and runs are those of the first time. */
                            repeated: boolean;
                            runs: {
                                id: string;
                                run_id: string;
                                agent_id: string;
                                trigger_id: string;
                            }[];
                            replay_of: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Its trigger is not there any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listAgentRuns: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                status?: "accepted" | "running" | "completed" | "failed";
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            agent_id: string;
                            workspace_id: string;
                            /** @enum {string} */
                            status: "accepted" | "running" | "completed" | "failed";
                            /** @enum {string|null} */
                            disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                            contact_id: string | null;
                            conversation_id: string | null;
                            trigger_id: string | null;
                            error: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description USD; null when a price is unknown. */
                            total_cost: number | null;
                            trace_id: string | null;
                            created_at: string;
                            completed_at: string | null;
                            agent_version: number;
                            model: string;
                            /** @enum {string|null} */
                            stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                            retry_of: string | null;
                            /** @description `id` of the run whose agent asked this one’s. */
                            parent_run_id: string | null;
                            forked_from: string | null;
                            /** @description Steps before it were copied. */
                            from_step: number | null;
                            dry_run: boolean;
                            /** @description The test run that it belongs to. */
                            test_run_id: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getAgentRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Agent run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            agent_id: string;
                            workspace_id: string;
                            /** @enum {string} */
                            status: "accepted" | "running" | "completed" | "failed";
                            /** @enum {string|null} */
                            disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                            contact_id: string | null;
                            conversation_id: string | null;
                            trigger_id: string | null;
                            error: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description USD; null when a price is unknown. */
                            total_cost: number | null;
                            trace_id: string | null;
                            created_at: string;
                            completed_at: string | null;
                            agent_version: number;
                            model: string;
                            /** @enum {string|null} */
                            stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                            retry_of: string | null;
                            /** @description `id` of the run whose agent asked this one’s. */
                            parent_run_id: string | null;
                            forked_from: string | null;
                            /** @description Steps before it were copied. */
                            from_step: number | null;
                            dry_run: boolean;
                            /** @description The test run that it belongs to. */
                            test_run_id: string | null;
                            session_id: string | null;
                            disposition_reason: string | null;
                            trigger_event_id: string | null;
                            response: string | null;
                            reflection: string | null;
                            tool_trace: unknown[] | null;
                            /** @enum {string|null} */
                            trigger_type: "cron" | "webhook" | "event" | "message" | null;
                            /** @description What the run was started with. */
                            payload?: unknown;
                            /** @description Those of a fork, in place of the agent’s. */
                            instructions: string | null;
                            /** @description Structured output, by the agent’s output_schema. */
                            output?: unknown;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listAgentRunSteps: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            step_id: string;
                            seq: number;
                            type: string;
                            status: string;
                            name: string;
                            input?: unknown;
                            output?: unknown;
                            error: string | null;
                            logs: string | null;
                            connections: {
                                host: string;
                                port: number;
                                /** @enum {string} */
                                outcome: "connected" | "refused" | "failed";
                                reason: string | null;
                                /** @description Where the host led to. */
                                address: string | null;
                                sent_bytes: number;
                                received_bytes: number;
                            }[] | null;
                            started_at: string;
                            completed_at: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            cost: number | null;
                            attempts: number;
                            tool_call_id: string | null;
                            tool_id: string | null;
                            tool_version: number | null;
                            /** @description Of a call of another agent: `id` of the run that does it. */
                            child_run_id: string | null;
                            /** @description Taken over by a fork. */
                            copied: boolean;
                            /** @description Its result was given to the fork. */
                            edited: boolean;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    streamAgentRunEvents: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description For clients that cannot set the header. */
                last_event_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events of the run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getAgentRunOutput: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description First byte of the part. */
                offset?: number;
                /** @description Bytes of the part at most; a character is never cut. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
                /** @description Output id. */
                output_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Part of the output */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            /** @description First byte, moved to where a character begins. */
                            offset: number;
                            /** @description Of the whole output, in UTF-8. */
                            size_bytes: number;
                            /** @description Null at the end. */
                            next_offset: number | null;
                            text: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    cancelAgentRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run, cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            agent_id: string;
                            workspace_id: string;
                            /** @enum {string} */
                            status: "accepted" | "running" | "completed" | "failed";
                            /** @enum {string|null} */
                            disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                            contact_id: string | null;
                            conversation_id: string | null;
                            trigger_id: string | null;
                            error: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description USD; null when a price is unknown. */
                            total_cost: number | null;
                            trace_id: string | null;
                            created_at: string;
                            completed_at: string | null;
                            agent_version: number;
                            model: string;
                            /** @enum {string|null} */
                            stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                            retry_of: string | null;
                            /** @description `id` of the run whose agent asked this one’s. */
                            parent_run_id: string | null;
                            forked_from: string | null;
                            /** @description Steps before it were copied. */
                            from_step: number | null;
                            dry_run: boolean;
                            /** @description The test run that it belongs to. */
                            test_run_id: string | null;
                            session_id: string | null;
                            disposition_reason: string | null;
                            trigger_event_id: string | null;
                            response: string | null;
                            reflection: string | null;
                            tool_trace: unknown[] | null;
                            /** @enum {string|null} */
                            trigger_type: "cron" | "webhook" | "event" | "message" | null;
                            /** @description What the run was started with. */
                            payload?: unknown;
                            /** @description Those of a fork, in place of the agent’s. */
                            instructions: string | null;
                            /** @description Structured output, by the agent’s output_schema. */
                            output?: unknown;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The run has ended already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    retryAgentRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new run */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            retry_of: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The run has not ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent cannot run */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    forkAgentRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Agent id. */
                id: string;
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from_step": 1,
                 *       "instructions": "Look the reservation up twice."
                 *     }
                 */
                "application/json": {
                    /** @description The step to go on from: its number, or its id. Steps before it are copied, not made again. The number after the last step copies all of them. */
                    from_step: number | string;
                    /** @description In place of the agent’s. */
                    instructions?: string | null;
                    model?: string | null;
                    /** @description What tools are to have returned, by the number or id of the step, or by `tool_call_id`. */
                    tool_results?: {
                        [key: string]: unknown;
                    };
                    payload?: unknown;
                };
            };
        };
        responses: {
            /** @description The new run */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            forked_from: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent was deleted */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent or the model cannot run */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    retryFailedAgentRuns: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-04-03T00:00:00Z",
                 *       "stop_reasons": [
                 *         "failed"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Runs that failed at or after it.
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description Runs that failed before it.
                     */
                    until?: string;
                    /** @description Only runs that failed for one of these. */
                    stop_reasons?: ("failed" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted")[];
                    /** @default 1000 */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description The new runs */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            retried: {
                                id: string;
                                run_id: string;
                                retry_of: string;
                            }[];
                            /** @description There are more than `limit`: call again. */
                            more: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent or the model cannot run */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    pauseAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    resumeAgent: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Agent id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The agent */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @enum {string} */
                            version: "v2";
                            instructions: string;
                            guardrails: {
                                id: string;
                                title: string;
                                knowledge: string;
                            }[];
                            /** @enum {string} */
                            operation_mode: "autopilot" | "copilot" | "inactive";
                            autopilot_schedule: {
                                timezone: string;
                                windows: {
                                    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[];
                                    from: string;
                                    to: string;
                                }[];
                            } | null;
                            custom_response_delay_ms: number;
                            auto_mark_as_done: boolean;
                            /** @enum {string} */
                            response_language: "English" | "Original" | "Spanish" | "French" | "German" | "Italian" | "Portuguese";
                            responseflow: boolean;
                            output_schema: {
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "string" | "number" | "integer" | "boolean" | "array" | "object" | "date" | "datetime";
                                enum?: string[];
                                is_required: boolean;
                            }[];
                            skill_ids: string[];
                            model: string | null;
                            fallback_model: string | null;
                            limits: {
                                max_steps: number | null;
                                max_tokens: number | null;
                                max_cost_usd: number | null;
                                timeout_ms: number | null;
                            } | null;
                            /** @description Names of custom tools beside the globally enabled ones, and other agents: `agent:` and an id, number or name, kept as the id. */
                            tools: string[] | null;
                            concurrency: number | null;
                            /** @description A JSON pointer into the payload, or text with `{{fields}}` of it: runs with the same key go one at a time. */
                            concurrency_key: string | null;
                            run_only_once_per_entity: boolean;
                            process_entities_sequentially: boolean;
                            execution_order: number | null;
                            ignore_execution_order: boolean;
                            /** @description What its runs ask people for: the whole `run` before its first step (`start`) or before what it decided takes effect (`reply`), and calls of `tools`, beside those that always need approval. `approvers` are ids of tokens; empty is whoever may write. What nobody decides within `expires_after_ms` is rejected, or the run fails or is escalated. */
                            approvals: {
                                /** @enum {string|null} */
                                run: "start" | "reply" | null;
                                tools: string[];
                                approvers: string[];
                                expires_after_ms: number;
                                /** @enum {string} */
                                on_expiry: "reject" | "fail" | "escalate";
                            } | null;
                            id: string;
                            workspace_id: string;
                            /** @description Number of the saved version. */
                            agent_version: number;
                            enabled: boolean;
                            /** @description While it is set, new runs are accepted and wait. */
                            paused_at: string | null;
                            /** @description Only a version on which the agent’s test cases pass goes live (409 otherwise). */
                            test_gate: boolean;
                            triggers: {
                                id: string;
                                workspace_id: string;
                                name: string;
                                description: string;
                                /** @enum {string} */
                                type: "cron" | "webhook" | "event" | "message";
                                config: {
                                    [key: string]: unknown;
                                };
                                enabled: boolean;
                                created_at: string;
                                updated_at: string;
                                /** @description When a cron trigger is due, in words; null for other types. */
                                explanation: string | null;
                                /** @description The next five times that a cron trigger is due, without jitter; null for other types. Nothing fires while the trigger or the agent is disabled. */
                                next_ticks: string[] | null;
                            }[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                agent_id?: string;
                status?: "accepted" | "running" | "completed" | "failed";
                disposition?: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive";
                trigger_id?: string;
                conversation_id?: string;
                /** @description Created at or after. */
                from?: string;
                /** @description Created before. */
                to?: string;
                /** @description USD. */
                min_cost?: number;
                /** @description Text in response, error or reason. */
                q?: string;
                /** @description Runs of this test run; without it runs of tests are left out. */
                test_run_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            agent_id: string;
                            workspace_id: string;
                            /** @enum {string} */
                            status: "accepted" | "running" | "completed" | "failed";
                            /** @enum {string|null} */
                            disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                            contact_id: string | null;
                            conversation_id: string | null;
                            trigger_id: string | null;
                            error: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description USD; null when a price is unknown. */
                            total_cost: number | null;
                            trace_id: string | null;
                            created_at: string;
                            completed_at: string | null;
                            agent_version: number;
                            model: string;
                            /** @enum {string|null} */
                            stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                            retry_of: string | null;
                            /** @description `id` of the run whose agent asked this one’s. */
                            parent_run_id: string | null;
                            forked_from: string | null;
                            /** @description Steps before it were copied. */
                            from_step: number | null;
                            dry_run: boolean;
                            /** @description The test run that it belongs to. */
                            test_run_id: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getRunStats: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                agent_id?: string;
                from?: string;
                to?: string;
                /** @description Parts of the time. */
                buckets?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            from: string;
                            to: string;
                            bucket_ms: number;
                            /** @description The whole time in equal parts, empty ones included. */
                            buckets: {
                                start: string;
                                completed: number;
                                /** @description Failed or cancelled. */
                                failed: number;
                                /** @description Accepted or running. */
                                open: number;
                                /** @description USD, of the runs whose cost is known. */
                                total_cost: number;
                            }[];
                            /** @description Those with runs in this time. */
                            agents: {
                                agent_id: string;
                                completed: number;
                                /** @description Failed or cancelled. */
                                failed: number;
                                /** @description Accepted or running. */
                                open: number;
                                /** @description USD, of the runs whose cost is known. */
                                total_cost: number;
                                p50_duration_ms: number | null;
                                last_run_at: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Run id. */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            run_id: string;
                            agent_id: string;
                            workspace_id: string;
                            /** @enum {string} */
                            status: "accepted" | "running" | "completed" | "failed";
                            /** @enum {string|null} */
                            disposition: "escalated" | "escalation_and_answer" | "resolved" | "unresolved" | "no_op" | "proactive" | null;
                            contact_id: string | null;
                            conversation_id: string | null;
                            trigger_id: string | null;
                            error: string | null;
                            duration_ms: number | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description USD; null when a price is unknown. */
                            total_cost: number | null;
                            trace_id: string | null;
                            created_at: string;
                            completed_at: string | null;
                            agent_version: number;
                            model: string;
                            /** @enum {string|null} */
                            stop_reason: "completed" | "failed" | "cancelled" | "max_steps" | "max_tokens" | "max_cost" | "timeout" | "poison" | "interrupted" | null;
                            retry_of: string | null;
                            /** @description `id` of the run whose agent asked this one’s. */
                            parent_run_id: string | null;
                            forked_from: string | null;
                            /** @description Steps before it were copied. */
                            from_step: number | null;
                            dry_run: boolean;
                            /** @description The test run that it belongs to. */
                            test_run_id: string | null;
                            session_id: string | null;
                            disposition_reason: string | null;
                            trigger_event_id: string | null;
                            response: string | null;
                            reflection: string | null;
                            tool_trace: unknown[] | null;
                            /** @enum {string|null} */
                            trigger_type: "cron" | "webhook" | "event" | "message" | null;
                            /** @description What the run was started with. */
                            payload?: unknown;
                            /** @description Those of a fork, in place of the agent’s. */
                            instructions: string | null;
                            /** @description Structured output, by the agent’s output_schema. */
                            output?: unknown;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listCustomToolRuntimes: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Runtimes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {string} */
                            language: "python" | "javascript";
                            version: string;
                            backend: string;
                            entrypoint: string;
                            return_shape: string;
                            template: string;
                            builtin_modules: string[];
                            /** @description What code may import; the first call that needs them installs what is not. */
                            packages: {
                                name: string;
                                version: string;
                                import: string;
                                installed: boolean;
                            }[];
                            /** @description Why there are no packages on this server; null when there are. */
                            packages_unavailable: string | null;
                            network: boolean;
                            limits: {
                                default_timeout_ms: number;
                                max_timeout_ms: number;
                                default_memory_mb: number;
                                max_memory_mb: number;
                                max_logs_bytes: number;
                                max_result_bytes: number;
                            };
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listCustomTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Custom tools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            parameters: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Those read from the code follow it; those that were given stay.
                             * @enum {string}
                             */
                            parameters_from: "code" | "author";
                            /** @description Packages that the code imports. */
                            packages: string[];
                            execution_message_description: string;
                            enable_globally: boolean;
                            validated: boolean;
                            version: number;
                            timeout_ms: number;
                            memory_mb: number;
                            network: {
                                allow: string[];
                            } | null;
                            secrets: string[];
                            idempotent: boolean;
                            requires_approval: boolean;
                            /** @description Not called in a dry run, which only writes its calls down. */
                            has_effects: boolean;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createCustomTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace_id": "ws77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "order-status",
                 *       "description": "Looks up an order.",
                 *       "language": "python",
                 *       "code": "def main(order_id):\n    return {\"message\": f\"Order {order_id} is shipped\"}\n",
                 *       "parameters": {
                 *         "order_id": {
                 *           "type": "string",
                 *           "required": true
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    name: string;
                    description?: string;
                    /** @enum {string} */
                    language: "python" | "javascript";
                    code: string;
                    /** @description Without it (or null in an update): read from the type hints and defaults of `main`, or from its JSDoc. Parameter name → `{type, required, description, enum, default, properties, items}`; types are string, number, integer, boolean, array and object. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    execution_message_description?: string;
                    enable_globally?: boolean;
                    timeout_ms?: number;
                    memory_mb?: number;
                    network?: {
                        allow: string[];
                    } | null;
                    secrets?: string[];
                    idempotent?: boolean;
                    requires_approval?: boolean;
                    has_effects?: boolean;
                    workspace_id: string;
                };
            };
        };
        responses: {
            /** @description Custom tool created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            parameters: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Those read from the code follow it; those that were given stay.
                             * @enum {string}
                             */
                            parameters_from: "code" | "author";
                            /** @description Packages that the code imports. */
                            packages: string[];
                            execution_message_description: string;
                            enable_globally: boolean;
                            validated: boolean;
                            version: number;
                            timeout_ms: number;
                            memory_mb: number;
                            network: {
                                allow: string[];
                            } | null;
                            secrets: string[];
                            idempotent: boolean;
                            requires_approval: boolean;
                            /** @description Not called in a dry run, which only writes its calls down. */
                            has_effects: boolean;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description No sandbox is usable on this server */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getCustomTool: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Custom tool */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            parameters: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Those read from the code follow it; those that were given stay.
                             * @enum {string}
                             */
                            parameters_from: "code" | "author";
                            /** @description Packages that the code imports. */
                            packages: string[];
                            execution_message_description: string;
                            enable_globally: boolean;
                            validated: boolean;
                            version: number;
                            timeout_ms: number;
                            memory_mb: number;
                            network: {
                                allow: string[];
                            } | null;
                            secrets: string[];
                            idempotent: boolean;
                            requires_approval: boolean;
                            /** @description Not called in a dry run, which only writes its calls down. */
                            has_effects: boolean;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteCustomTool: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Custom tool deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Agents name the tool */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateCustomTool: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Looks up an order by its id."
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    /** @enum {string} */
                    language?: "python" | "javascript";
                    code?: string;
                    /** @description Without it (or null in an update): read from the type hints and defaults of `main`, or from its JSDoc. Parameter name → `{type, required, description, enum, default, properties, items}`; types are string, number, integer, boolean, array and object. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                    execution_message_description?: string;
                    enable_globally?: boolean;
                    timeout_ms?: number;
                    memory_mb?: number;
                    network?: {
                        allow: string[];
                    } | null;
                    secrets?: string[];
                    idempotent?: boolean;
                    requires_approval?: boolean;
                    has_effects?: boolean;
                };
            };
        };
        responses: {
            /** @description Custom tool updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            parameters: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Those read from the code follow it; those that were given stay.
                             * @enum {string}
                             */
                            parameters_from: "code" | "author";
                            /** @description Packages that the code imports. */
                            packages: string[];
                            execution_message_description: string;
                            enable_globally: boolean;
                            validated: boolean;
                            version: number;
                            timeout_ms: number;
                            memory_mb: number;
                            network: {
                                allow: string[];
                            } | null;
                            secrets: string[];
                            idempotent: boolean;
                            requires_approval: boolean;
                            /** @description Not called in a dry run, which only writes its calls down. */
                            has_effects: boolean;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or agents name the tool */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description No sandbox is usable on this server */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    runCustomTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "parameters": {
                 *         "order_id": "ord_12345"
                 *       }
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /** @description Arguments for `main`, by parameter name. */
                    parameters?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Custom tool run result */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Of the tool run that is kept of it. */
                            id: string;
                            tool_version: number;
                            /** @description Whether the code ran to its end and returned the expected shape. */
                            success: boolean;
                            message: string | null;
                            /** @description The whole returned object; null without success. */
                            result: unknown;
                            error: string | null;
                            /** @description stdout and stderr; null when there was none. */
                            logs: string | null;
                            run_time_ms: number;
                            /** @description Only of tools that may reach hosts. */
                            connections?: {
                                host: string;
                                port: number;
                                /** @enum {string} */
                                outcome: "connected" | "refused" | "failed";
                                reason: string | null;
                                /** @description Where the host led to. */
                                address: string | null;
                                sent_bytes: number;
                                received_bytes: number;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description No sandbox is usable on this server */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listCustomToolRuns: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                caller?: "run" | "direct";
                /** @description Only those that ended so, newest end first. */
                status?: "failed" | "interrupted";
                /** @description Calls of one agent’s run. */
                run_id?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tool runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Of a call of an agent’s run, its stable key `run:step`. */
                            id: string;
                            tool_id: string;
                            tool_version: number;
                            caller: {
                                /** @enum {string} */
                                type: "run" | "direct";
                                agent_id?: string;
                                run_id?: string;
                                step_id?: string;
                                token_id?: string | null;
                                token_name?: string | null;
                            };
                            /** @enum {string} */
                            status: "running" | "done" | "failed" | "interrupted" | "cancelled";
                            input: unknown;
                            output: unknown;
                            /** @description Ends of an output that is kept apart with its run. */
                            spilled: {
                                output_id: string;
                                size_bytes: number;
                                head: string;
                                tail: string;
                            } | null;
                            error: string | null;
                            logs: string | null;
                            connections: {
                                host: string;
                                port: number;
                                /** @enum {string} */
                                outcome: "connected" | "refused" | "failed";
                                reason: string | null;
                                /** @description Where the host led to. */
                                address: string | null;
                                sent_bytes: number;
                                received_bytes: number;
                            }[] | null;
                            duration_ms: number | null;
                            started_at: string;
                            completed_at: string | null;
                            /** @description In a list, of a large one: what is null here is read by its id. */
                            shortened: boolean;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getCustomToolRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
                /** @description Id of a direct run, or `run:step` of a call. */
                tool_run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tool run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description Of a call of an agent’s run, its stable key `run:step`. */
                            id: string;
                            tool_id: string;
                            tool_version: number;
                            caller: {
                                /** @enum {string} */
                                type: "run" | "direct";
                                agent_id?: string;
                                run_id?: string;
                                step_id?: string;
                                token_id?: string | null;
                                token_name?: string | null;
                            };
                            /** @enum {string} */
                            status: "running" | "done" | "failed" | "interrupted" | "cancelled";
                            input: unknown;
                            output: unknown;
                            /** @description Ends of an output that is kept apart with its run. */
                            spilled: {
                                output_id: string;
                                size_bytes: number;
                                head: string;
                                tail: string;
                            } | null;
                            error: string | null;
                            logs: string | null;
                            connections: {
                                host: string;
                                port: number;
                                /** @enum {string} */
                                outcome: "connected" | "refused" | "failed";
                                reason: string | null;
                                /** @description Where the host led to. */
                                address: string | null;
                                sent_bytes: number;
                                received_bytes: number;
                            }[] | null;
                            duration_ms: number | null;
                            started_at: string;
                            completed_at: string | null;
                            /** @description In a list, of a large one: what is null here is read by its id. */
                            shortened: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listCustomToolVersions: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            tool_id: string;
                            version: number;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getCustomToolVersion: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
                /** @description Number of the version. */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            tool_id: string;
                            version: number;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rollbackCustomTool: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Custom tool id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": 1
                 *     }
                 */
                "application/json": {
                    version: number;
                };
            };
        };
        responses: {
            /** @description The tool as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            /** @enum {string} */
                            language: "python" | "javascript";
                            code: string;
                            parameters: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Those read from the code follow it; those that were given stay.
                             * @enum {string}
                             */
                            parameters_from: "code" | "author";
                            /** @description Packages that the code imports. */
                            packages: string[];
                            execution_message_description: string;
                            enable_globally: boolean;
                            validated: boolean;
                            version: number;
                            timeout_ms: number;
                            memory_mb: number;
                            network: {
                                allow: string[];
                            } | null;
                            secrets: string[];
                            idempotent: boolean;
                            requires_approval: boolean;
                            /** @description Not called in a dry run, which only writes its calls down. */
                            has_effects: boolean;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The code was changed meanwhile */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description No sandbox is usable on this server */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                status?: "scheduled" | "fired" | "cancelled" | "failed";
                agent_id?: string;
                entity_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Scheduled runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "scheduled" | "fired" | "cancelled" | "failed";
                            scheduled_for: string;
                            payload?: unknown;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            /** @description Why it failed. */
                            reason: string | null;
                            fired_at: string | null;
                            /** @description The run that came of it. */
                            run_id: string | null;
                            trigger_event_id: string | null;
                            created_by_token: string | null;
                            /** @description The run whose agent made it. */
                            created_by_run: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agent_id": "ag77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "scheduled_for": "2035-04-03T09:00:00Z",
                 *       "payload": {
                 *         "reservation_id": "res_123"
                 *       }
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /** @description Id or number of the agent. */
                    agent_id: string;
                    /**
                     * Format: date-time
                     * @description When, in the future, within ten years.
                     */
                    scheduled_for: string;
                    /** @description The run’s payload. When absent `{"entity_id": …}` if there is one, else `{}`. */
                    payload?: unknown;
                    /** @description What the run is about. */
                    entity_id?: string | null;
                    additional_instructions?: string | null;
                };
            };
        };
        responses: {
            /** @description Run scheduled */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "scheduled" | "fired" | "cancelled" | "failed";
                            scheduled_for: string;
                            payload?: unknown;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            /** @description Why it failed. */
                            reason: string | null;
                            fired_at: string | null;
                            /** @description The run that came of it. */
                            run_id: string | null;
                            trigger_event_id: string | null;
                            created_by_token: string | null;
                            /** @description The run whose agent made it. */
                            created_by_run: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Scheduled run id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Scheduled run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "scheduled" | "fired" | "cancelled" | "failed";
                            scheduled_for: string;
                            payload?: unknown;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            /** @description Why it failed. */
                            reason: string | null;
                            fired_at: string | null;
                            /** @description The run that came of it. */
                            run_id: string | null;
                            trigger_event_id: string | null;
                            created_by_token: string | null;
                            /** @description The run whose agent made it. */
                            created_by_run: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateSchedule: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Scheduled run id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scheduled_for": "2035-04-04T09:00:00Z"
                 *     }
                 */
                "application/json": {
                    /** Format: date-time */
                    scheduled_for?: string;
                    /** @description The run’s payload. When absent `{"entity_id": …}` if there is one, else `{}`. */
                    payload?: unknown;
                    /** @description What the run is about. */
                    entity_id?: string | null;
                    additional_instructions?: string | null;
                };
            };
        };
        responses: {
            /** @description Scheduled run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "scheduled" | "fired" | "cancelled" | "failed";
                            scheduled_for: string;
                            payload?: unknown;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            /** @description Why it failed. */
                            reason: string | null;
                            fired_at: string | null;
                            /** @description The run that came of it. */
                            run_id: string | null;
                            trigger_event_id: string | null;
                            created_by_token: string | null;
                            /** @description The run whose agent made it. */
                            created_by_run: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It has started, failed or was cancelled */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    cancelSchedule: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Scheduled run id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Scheduled run, cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "scheduled" | "fired" | "cancelled" | "failed";
                            scheduled_for: string;
                            payload?: unknown;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            /** @description Why it failed. */
                            reason: string | null;
                            fired_at: string | null;
                            /** @description The run that came of it. */
                            run_id: string | null;
                            trigger_event_id: string | null;
                            created_by_token: string | null;
                            /** @description The run whose agent made it. */
                            created_by_run: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It has started, failed or was cancelled */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                status?: "pending" | "approved" | "rejected" | "changes_requested" | "expired" | "cancelled";
                agent_id?: string;
                /** @description Either id of a run. */
                run_id?: string;
                /** @description Id of a token that is named as approver. */
                approver?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Approvals */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            agent_name: string;
                            /** @description The run that waits. */
                            run_id: string;
                            step_id: string;
                            /**
                             * @description A call of a tool, what the agent asks by its instructions, or the whole run: before its first step, or before what it decided takes effect.
                             * @enum {string}
                             */
                            kind: "tool_call" | "request" | "run_start" | "run_reply";
                            /** @enum {string} */
                            status: "pending" | "approved" | "rejected" | "changes_requested" | "expired" | "cancelled";
                            tool_name: string | null;
                            question: string;
                            /** @description Arguments of the call, the proposed action, the run’s payload or its decision. */
                            proposal?: unknown;
                            /** @description Empty: whoever may write. */
                            approvers: {
                                id: string;
                                name: string | null;
                            }[];
                            /** @enum {string} */
                            on_expiry: "reject" | "fail" | "escalate";
                            expires_at: string;
                            note: string | null;
                            decided_by: {
                                id: string;
                                name: string | null;
                            } | null;
                            decided_at: string | null;
                            entity_id: string | null;
                            session_id: string | null;
                            conversation_id: string | null;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Approval id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Approval */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            agent_name: string;
                            /** @description The run that waits. */
                            run_id: string;
                            step_id: string;
                            /**
                             * @description A call of a tool, what the agent asks by its instructions, or the whole run: before its first step, or before what it decided takes effect.
                             * @enum {string}
                             */
                            kind: "tool_call" | "request" | "run_start" | "run_reply";
                            /** @enum {string} */
                            status: "pending" | "approved" | "rejected" | "changes_requested" | "expired" | "cancelled";
                            tool_name: string | null;
                            question: string;
                            /** @description Arguments of the call, the proposed action, the run’s payload or its decision. */
                            proposal?: unknown;
                            /** @description Empty: whoever may write. */
                            approvers: {
                                id: string;
                                name: string | null;
                            }[];
                            /** @enum {string} */
                            on_expiry: "reject" | "fail" | "escalate";
                            expires_at: string;
                            note: string | null;
                            decided_by: {
                                id: string;
                                name: string | null;
                            } | null;
                            decided_at: string | null;
                            entity_id: string | null;
                            session_id: string | null;
                            conversation_id: string | null;
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Approval id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "approve",
                 *       "note": "Only this once."
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    action: "approve" | "reject" | "ask_for_changes";
                    note?: string | null;
                };
            };
        };
        responses: {
            /** @description Approval, decided */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            number: number;
                            workspace_id: string;
                            agent_id: string;
                            agent_name: string;
                            /** @description The run that waits. */
                            run_id: string;
                            step_id: string;
                            /**
                             * @description A call of a tool, what the agent asks by its instructions, or the whole run: before its first step, or before what it decided takes effect.
                             * @enum {string}
                             */
                            kind: "tool_call" | "request" | "run_start" | "run_reply";
                            /** @enum {string} */
                            status: "pending" | "approved" | "rejected" | "changes_requested" | "expired" | "cancelled";
                            tool_name: string | null;
                            question: string;
                            /** @description Arguments of the call, the proposed action, the run’s payload or its decision. */
                            proposal?: unknown;
                            /** @description Empty: whoever may write. */
                            approvers: {
                                id: string;
                                name: string | null;
                            }[];
                            /** @enum {string} */
                            on_expiry: "reject" | "fail" | "escalate";
                            expires_at: string;
                            note: string | null;
                            decided_by: {
                                id: string;
                                name: string | null;
                            } | null;
                            decided_at: string | null;
                            entity_id: string | null;
                            session_id: string | null;
                            conversation_id: string | null;
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It is decided, has expired, or its run has ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The run has not begun: there is nothing to change yet */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            /** @enum {string} */
                            kind: "built_in" | "custom" | "mcp" | "openapi" | "agent";
                            /** @description Of the custom tool, MCP server, OpenAPI document or agent. */
                            id: string | null;
                            description: string;
                            input_schema: {
                                [key: string]: unknown;
                            };
                            enable_globally: boolean;
                            requires_approval: boolean;
                            idempotent: boolean;
                            has_effects: boolean;
                            /** @description Why it is of no use to runs although it can be named. */
                            unusable: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getHttpRequestTool: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            workspace_id: string;
                            hosts: {
                                host: string;
                                methods: string[] | null;
                                agents: string[] | null;
                                credential: {
                                    /** @enum {string} */
                                    type: "bearer" | "header" | "query" | "basic";
                                    /** @description Name of a secret of the workspace. */
                                    secret: string;
                                    name?: string;
                                    username?: string;
                                } | null;
                            }[];
                            enable_globally: boolean;
                            requires_approval: boolean;
                            timeout_ms: number;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    setHttpRequestTool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hosts": [
                 *         {
                 *           "host": "api.example.com",
                 *           "methods": [
                 *             "GET",
                 *             "POST"
                 *           ],
                 *           "credential": {
                 *             "type": "bearer",
                 *             "secret": "EXAMPLE_KEY"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    hosts: {
                        host: string;
                        /** @default null */
                        methods?: ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | null;
                        /** @default null */
                        agents?: string[] | null;
                        /** @default null */
                        credential?: {
                            /** @enum {string} */
                            type: "bearer";
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "header";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "query";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "basic";
                            username: string;
                            secret: string;
                        } | unknown;
                    }[];
                    /** @default false */
                    enable_globally?: boolean;
                    /** @default false */
                    requires_approval?: boolean;
                    /** @default 30000 */
                    timeout_ms?: number;
                };
            };
        };
        responses: {
            /** @description Settings as they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            workspace_id: string;
                            hosts: {
                                host: string;
                                methods: string[] | null;
                                agents: string[] | null;
                                credential: {
                                    /** @enum {string} */
                                    type: "bearer" | "header" | "query" | "basic";
                                    /** @description Name of a secret of the workspace. */
                                    secret: string;
                                    name?: string;
                                    username?: string;
                                } | null;
                            }[];
                            enable_globally: boolean;
                            requires_approval: boolean;
                            timeout_ms: number;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listMcpServers: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP servers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description `{transport: "http"|"sse", url, auth}` with `auth` of type `none`, `bearer`, `header`, `oauth_client_credentials` or `oauth`; or `{transport: "stdio", directory, runtime: "node"|"python", args, env, secrets, network: {allow}, memory_mb}`, a program that runs in the jail from a folder of `mcp-servers/` in the data directory. Secrets are named, never given. */
                            config: {
                                [key: string]: unknown;
                            };
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createMcpServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace_id": "ws77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "tickets",
                 *       "config": {
                 *         "transport": "http",
                 *         "url": "https://mcp.example.com/mcp",
                 *         "auth": {
                 *           "type": "bearer",
                 *           "secret": "TICKETS_KEY"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    name: string;
                    description?: string;
                    enabled?: boolean;
                    enable_globally?: boolean;
                    requires_approval?: boolean;
                    allowed_tools?: string[] | null;
                    timeout_ms?: number;
                    config: {
                        /** @enum {string} */
                        transport: "http" | "sse";
                        url: string;
                        /**
                         * @default {
                         *       "type": "none"
                         *     }
                         */
                        auth?: {
                            /** @enum {string} */
                            type: "none";
                        } | {
                            /** @enum {string} */
                            type: "bearer";
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "header";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "oauth_client_credentials";
                            client_id: string;
                            secret: string;
                            /** @default null */
                            scope?: string | null;
                        } | {
                            /** @enum {string} */
                            type: "oauth";
                            /** @default null */
                            client_id?: string | null;
                            /** @default null */
                            secret?: string | null;
                            /** @default null */
                            scope?: string | null;
                        };
                    } | {
                        /** @enum {string} */
                        transport: "stdio";
                        directory: string;
                        /** @enum {string} */
                        runtime: "node" | "python";
                        args: string[];
                        /** @default {} */
                        env?: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        secrets?: string[];
                        /** @default null */
                        network?: {
                            allow: string[];
                        } | null;
                        /** @default 256 */
                        memory_mb?: number;
                    };
                    workspace_id: string;
                };
            };
        };
        responses: {
            /** @description MCP server added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description `{transport: "http"|"sse", url, auth}` with `auth` of type `none`, `bearer`, `header`, `oauth_client_credentials` or `oauth`; or `{transport: "stdio", directory, runtime: "node"|"python", args, env, secrets, network: {allow}, memory_mb}`, a program that runs in the jail from a folder of `mcp-servers/` in the data directory. Secrets are named, never given. */
                            config: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getMcpServer: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP server */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description `{transport: "http"|"sse", url, auth}` with `auth` of type `none`, `bearer`, `header`, `oauth_client_credentials` or `oauth`; or `{transport: "stdio", directory, runtime: "node"|"python", args, env, secrets, network: {allow}, memory_mb}`, a program that runs in the jail from a folder of `mcp-servers/` in the data directory. Secrets are named, never given. */
                            config: {
                                [key: string]: unknown;
                            };
                            /** @description Whether a person has; null where `auth` is not `oauth`. */
                            authorized: boolean | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteMcpServer: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description MCP server removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Agents name its tools */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateMcpServer: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    enabled?: boolean;
                    enable_globally?: boolean;
                    requires_approval?: boolean;
                    allowed_tools?: string[] | null;
                    timeout_ms?: number;
                    config?: {
                        /** @enum {string} */
                        transport: "http" | "sse";
                        url: string;
                        /**
                         * @default {
                         *       "type": "none"
                         *     }
                         */
                        auth?: {
                            /** @enum {string} */
                            type: "none";
                        } | {
                            /** @enum {string} */
                            type: "bearer";
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "header";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "oauth_client_credentials";
                            client_id: string;
                            secret: string;
                            /** @default null */
                            scope?: string | null;
                        } | {
                            /** @enum {string} */
                            type: "oauth";
                            /** @default null */
                            client_id?: string | null;
                            /** @default null */
                            secret?: string | null;
                            /** @default null */
                            scope?: string | null;
                        };
                    } | {
                        /** @enum {string} */
                        transport: "stdio";
                        directory: string;
                        /** @enum {string} */
                        runtime: "node" | "python";
                        args: string[];
                        /** @default {} */
                        env?: {
                            [key: string]: string;
                        };
                        /** @default [] */
                        secrets?: string[];
                        /** @default null */
                        network?: {
                            allow: string[];
                        } | null;
                        /** @default 256 */
                        memory_mb?: number;
                    };
                };
            };
        };
        responses: {
            /** @description MCP server updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description `{transport: "http"|"sse", url, auth}` with `auth` of type `none`, `bearer`, `header`, `oauth_client_credentials` or `oauth`; or `{transport: "stdio", directory, runtime: "node"|"python", args, env, secrets, network: {allow}, memory_mb}`, a program that runs in the jail from a folder of `mcp-servers/` in the data directory. Secrets are named, never given. */
                            config: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or agents name its tools */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listMcpServerTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description `source__tool`: as agents name it and the model sees it. */
                            name: string;
                            remote_name: string;
                            description: string;
                            input_schema: {
                                [key: string]: unknown;
                            };
                            idempotent: boolean;
                            has_effects: boolean;
                            allowed: boolean;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    testMcpServer: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            success: boolean;
                            error: string | null;
                            tools: {
                                /** @description `source__tool`: as agents name it and the model sees it. */
                                name: string;
                                remote_name: string;
                                description: string;
                                input_schema: {
                                    [key: string]: unknown;
                                };
                                idempotent: boolean;
                                has_effects: boolean;
                                allowed: boolean;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listOpenApiTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI documents */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description Requests go below it and nowhere else. */
                            base_url: string;
                            document_url: string | null;
                            credentials: {
                                [key: string]: unknown;
                            };
                            /** @description Security schemes without which some of its tools fail. */
                            missing_credentials: string[];
                            /** @description Operations that cannot be tools; the first hundred. */
                            skipped: {
                                operation: string;
                                reason: string;
                            }[];
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createOpenApiTools: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace_id": "ws77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "orders",
                 *       "base_url": "https://api.example.com/v2",
                 *       "document": "openapi: 3.1.0\ninfo: {title: Orders, version: \"2\"}\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      responses: {}\n"
                 *     }
                 */
                "application/json": {
                    name: string;
                    description?: string;
                    enabled?: boolean;
                    enable_globally?: boolean;
                    requires_approval?: boolean;
                    allowed_tools?: string[] | null;
                    timeout_ms?: number;
                    document?: string;
                    document_url?: string;
                    base_url?: string | null;
                    server_variables?: {
                        [key: string]: string;
                    };
                    credentials?: {
                        [key: string]: {
                            /** @enum {string} */
                            type: "bearer";
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "header";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "query";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "basic";
                            username: string;
                            secret: string;
                        };
                    };
                    workspace_id: string;
                };
            };
        };
        responses: {
            /** @description Document added */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description Requests go below it and nowhere else. */
                            base_url: string;
                            document_url: string | null;
                            credentials: {
                                [key: string]: unknown;
                            };
                            /** @description Security schemes without which some of its tools fail. */
                            missing_credentials: string[];
                            /** @description Operations that cannot be tools; the first hundred. */
                            skipped: {
                                operation: string;
                                reason: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getOpenApiTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description OpenAPI document id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description Requests go below it and nowhere else. */
                            base_url: string;
                            document_url: string | null;
                            credentials: {
                                [key: string]: unknown;
                            };
                            /** @description Security schemes without which some of its tools fail. */
                            missing_credentials: string[];
                            /** @description Operations that cannot be tools; the first hundred. */
                            skipped: {
                                operation: string;
                                reason: string;
                            }[];
                            /** @description As it was given or fetched. */
                            document: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteOpenApiTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description OpenAPI document id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI document removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Agents name its tools */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateOpenApiTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description OpenAPI document id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    enabled?: boolean;
                    enable_globally?: boolean;
                    requires_approval?: boolean;
                    allowed_tools?: string[] | null;
                    timeout_ms?: number;
                    document?: string;
                    document_url?: string;
                    base_url?: string | null;
                    server_variables?: {
                        [key: string]: string;
                    };
                    credentials?: {
                        [key: string]: {
                            /** @enum {string} */
                            type: "bearer";
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "header";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "query";
                            name: string;
                            secret: string;
                        } | {
                            /** @enum {string} */
                            type: "basic";
                            username: string;
                            secret: string;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description OpenAPI document updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            enabled: boolean;
                            enable_globally: boolean;
                            requires_approval: boolean;
                            allowed_tools: string[] | null;
                            timeout_ms: number;
                            tool_count: number;
                            tools_read_at: string | null;
                            /** @description Why its tools could not be read the last time. */
                            problem: string | null;
                            created_at: string;
                            updated_at: string;
                            /** @description Requests go below it and nowhere else. */
                            base_url: string;
                            document_url: string | null;
                            credentials: {
                                [key: string]: unknown;
                            };
                            /** @description Security schemes without which some of its tools fail. */
                            missing_credentials: string[];
                            /** @description Operations that cannot be tools; the first hundred. */
                            skipped: {
                                operation: string;
                                reason: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or agents name its tools */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listToolsOfOpenApiTools: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description OpenAPI document id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tools */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @description `source__tool`: as agents name it and the model sees it. */
                            name: string;
                            remote_name: string;
                            description: string;
                            input_schema: {
                                [key: string]: unknown;
                            };
                            idempotent: boolean;
                            has_effects: boolean;
                            allowed: boolean;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    authorizeMcpServer: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description MCP server id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Where the browser comes back to. By default /v1/mcp-authorizations/callback of this server, as the request reached it. */
                    redirect_url?: string;
                };
            };
        };
        responses: {
            /** @description Where to send the person; null when the stored tokens still serve */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            authorization_url: string | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server is not configured for OAuth */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Its authorization server cannot be used */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    finishMcpAuthorization: {
        parameters: {
            query?: {
                state?: string;
                code?: string;
                iss?: string;
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Authorized */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    listTestRuns: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                agent_id?: string;
                status?: "queued" | "running" | "cancelling" | "completed" | "cancelled";
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Test runs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "queued" | "running" | "cancelling" | "completed" | "cancelled";
                            passed: boolean | null;
                            reason: string | null;
                            variants: {
                                version: number;
                                model: string | null;
                                runs: number;
                                runs_ended: number;
                                runs_passed: number;
                                /** @description Of those that have ended. */
                                pass_rate: number | null;
                                /** @description The pass rate’s interval (Wilson, 95 %). */
                                pass_rate_low: number | null;
                                pass_rate_high: number | null;
                                cost_usd: number | null;
                            }[];
                            repeat: number | null;
                            max_cost_usd: number | null;
                            judge_model: string | null;
                            concurrency: number;
                            runs: number;
                            runs_ended: number;
                            runs_passed: number;
                            /** @description Of those that have ended. */
                            pass_rate: number | null;
                            /** @description The pass rate’s interval (Wilson, 95 %). */
                            pass_rate_low: number | null;
                            pass_rate_high: number | null;
                            cost_usd: number | null;
                            created_at: string;
                            started_at: string | null;
                            completed_at: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    startTestRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agent_id": "ag77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "repeat": 3
                 *     }
                 */
                "application/json": {
                    agent_id: string;
                    case_ids?: string[];
                    variants?: {
                        version?: number;
                        model?: string;
                    }[];
                    repeat?: number;
                    max_cost_usd?: number;
                    judge_model?: string;
                    /** @default 4 */
                    concurrency?: number;
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                };
            };
        };
        responses: {
            /** @description Test run started */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "queued" | "running" | "cancelling" | "completed" | "cancelled";
                            passed: boolean | null;
                            reason: string | null;
                            variants: {
                                version: number;
                                model: string | null;
                                runs: number;
                                runs_ended: number;
                                runs_passed: number;
                                /** @description Of those that have ended. */
                                pass_rate: number | null;
                                /** @description The pass rate’s interval (Wilson, 95 %). */
                                pass_rate_low: number | null;
                                pass_rate_high: number | null;
                                cost_usd: number | null;
                            }[];
                            repeat: number | null;
                            max_cost_usd: number | null;
                            judge_model: string | null;
                            concurrency: number;
                            runs: number;
                            runs_ended: number;
                            runs_passed: number;
                            /** @description Of those that have ended. */
                            pass_rate: number | null;
                            /** @description The pass rate’s interval (Wilson, 95 %). */
                            pass_rate_low: number | null;
                            pass_rate_high: number | null;
                            cost_usd: number | null;
                            created_at: string;
                            started_at: string | null;
                            completed_at: string | null;
                            cases: {
                                case_id: string;
                                name: string;
                                revision: number;
                                min_pass_rate: number;
                                /** @description On every variant; null until all its runs have ended. */
                                passed: boolean | null;
                                /** @description In the order of `variants`. */
                                variants: {
                                    runs: number;
                                    runs_ended: number;
                                    runs_passed: number;
                                    /** @description Of those that have ended. */
                                    pass_rate: number | null;
                                    /** @description The pass rate’s interval (Wilson, 95 %). */
                                    pass_rate_low: number | null;
                                    pass_rate_high: number | null;
                                    cost_usd: number | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent has no cases, or they would be too many runs */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getTestRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Test run id. */
                test_run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Test run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "queued" | "running" | "cancelling" | "completed" | "cancelled";
                            passed: boolean | null;
                            reason: string | null;
                            variants: {
                                version: number;
                                model: string | null;
                                runs: number;
                                runs_ended: number;
                                runs_passed: number;
                                /** @description Of those that have ended. */
                                pass_rate: number | null;
                                /** @description The pass rate’s interval (Wilson, 95 %). */
                                pass_rate_low: number | null;
                                pass_rate_high: number | null;
                                cost_usd: number | null;
                            }[];
                            repeat: number | null;
                            max_cost_usd: number | null;
                            judge_model: string | null;
                            concurrency: number;
                            runs: number;
                            runs_ended: number;
                            runs_passed: number;
                            /** @description Of those that have ended. */
                            pass_rate: number | null;
                            /** @description The pass rate’s interval (Wilson, 95 %). */
                            pass_rate_low: number | null;
                            pass_rate_high: number | null;
                            cost_usd: number | null;
                            created_at: string;
                            started_at: string | null;
                            completed_at: string | null;
                            cases: {
                                case_id: string;
                                name: string;
                                revision: number;
                                min_pass_rate: number;
                                /** @description On every variant; null until all its runs have ended. */
                                passed: boolean | null;
                                /** @description In the order of `variants`. */
                                variants: {
                                    runs: number;
                                    runs_ended: number;
                                    runs_passed: number;
                                    /** @description Of those that have ended. */
                                    pass_rate: number | null;
                                    /** @description The pass rate’s interval (Wilson, 95 %). */
                                    pass_rate_low: number | null;
                                    pass_rate_high: number | null;
                                    cost_usd: number | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listTestResults: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Test run id. */
                test_run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Results */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            case_id: string;
                            case_name: string;
                            version: number;
                            model: string | null;
                            /** @description From 1. */
                            repeat: number;
                            /** @enum {string} */
                            status: "pending" | "running" | "passed" | "failed" | "error" | "skipped" | "cancelled";
                            /** @description `id` of the run, with its whole trace. */
                            run_id: string | null;
                            cost_usd: number | null;
                            reason: string | null;
                            verdicts: {
                                kind: string;
                                expected: string;
                                passed: boolean;
                                detail: string | null;
                                judge_model: string | null;
                            }[] | null;
                            started_at: string | null;
                            completed_at: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    cancelTestRun: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Test run id. */
                test_run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Test run, being cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            /** @enum {string} */
                            status: "queued" | "running" | "cancelling" | "completed" | "cancelled";
                            passed: boolean | null;
                            reason: string | null;
                            variants: {
                                version: number;
                                model: string | null;
                                runs: number;
                                runs_ended: number;
                                runs_passed: number;
                                /** @description Of those that have ended. */
                                pass_rate: number | null;
                                /** @description The pass rate’s interval (Wilson, 95 %). */
                                pass_rate_low: number | null;
                                pass_rate_high: number | null;
                                cost_usd: number | null;
                            }[];
                            repeat: number | null;
                            max_cost_usd: number | null;
                            judge_model: string | null;
                            concurrency: number;
                            runs: number;
                            runs_ended: number;
                            runs_passed: number;
                            /** @description Of those that have ended. */
                            pass_rate: number | null;
                            /** @description The pass rate’s interval (Wilson, 95 %). */
                            pass_rate_low: number | null;
                            pass_rate_high: number | null;
                            cost_usd: number | null;
                            created_at: string;
                            started_at: string | null;
                            completed_at: string | null;
                            cases: {
                                case_id: string;
                                name: string;
                                revision: number;
                                min_pass_rate: number;
                                /** @description On every variant; null until all its runs have ended. */
                                passed: boolean | null;
                                /** @description In the order of `variants`. */
                                variants: {
                                    runs: number;
                                    runs_ended: number;
                                    runs_passed: number;
                                    /** @description Of those that have ended. */
                                    pass_rate: number | null;
                                    /** @description The pass rate’s interval (Wilson, 95 %). */
                                    pass_rate_low: number | null;
                                    pass_rate_high: number | null;
                                    cost_usd: number | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It has ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listTests: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                agent_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Test cases */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            name: string;
                            description: string;
                            /** @description Counts the changes of what decides. */
                            revision: number;
                            payload?: unknown;
                            conversation: {
                                /** @enum {string} */
                                from: "contact" | "agent";
                                text: string;
                            }[] | null;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            tools: {
                                /** @enum {string} */
                                others: "refuse" | "real";
                                results: {
                                    [key: string]: unknown;
                                }[];
                            };
                            expect: {
                                [key: string]: unknown;
                            };
                            repeat: number;
                            min_pass_rate: number;
                            from_run_id: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createTest: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "agent_id": "ag77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "A confirmed reservation is confirmed",
                 *       "payload": {
                 *         "reservation_id": "res_123"
                 *       },
                 *       "expect": {
                 *         "disposition": "resolved",
                 *         "tools_called": [
                 *           {
                 *             "tool": "get-reservation"
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    /** @description What the run is given; default `{}`. */
                    payload?: unknown;
                    conversation?: {
                        /** @enum {string} */
                        from: "contact" | "agent";
                        text: string;
                    }[] | null;
                    entity_id?: string | null;
                    additional_instructions?: string | null;
                    /** @description `results`: `[{tool, arguments?, result? | error?, times?}]`, the first that fits a call answers it; `others`: what becomes of other calls, `refuse` (default) or `real`. */
                    tools?: {
                        [key: string]: unknown;
                    };
                    /** @description `status`, `disposition`, `output: [{path, equals | matches | exists}]`, `tools_called: [{tool, arguments?, times?}]`, `tools_not_called`, `tools_in_order`, `max_cost_usd`, `max_tool_calls`, `text: [{equals | contains | not_contains | matches | not_matches | judge}]`. */
                    expect?: {
                        [key: string]: unknown;
                    };
                    repeat?: number;
                    min_pass_rate?: number;
                    agent_id?: string;
                    from_run_id?: string;
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                };
            };
        };
        responses: {
            /** @description Test case created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            name: string;
                            description: string;
                            /** @description Counts the changes of what decides. */
                            revision: number;
                            payload?: unknown;
                            conversation: {
                                /** @enum {string} */
                                from: "contact" | "agent";
                                text: string;
                            }[] | null;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            tools: {
                                /** @enum {string} */
                                others: "refuse" | "real";
                                results: {
                                    [key: string]: unknown;
                                }[];
                            };
                            expect: {
                                [key: string]: unknown;
                            };
                            repeat: number;
                            min_pass_rate: number;
                            from_run_id: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent has a case of this name, or the run has not ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getTest: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Test case id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Test case */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            name: string;
                            description: string;
                            /** @description Counts the changes of what decides. */
                            revision: number;
                            payload?: unknown;
                            conversation: {
                                /** @enum {string} */
                                from: "contact" | "agent";
                                text: string;
                            }[] | null;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            tools: {
                                /** @enum {string} */
                                others: "refuse" | "real";
                                results: {
                                    [key: string]: unknown;
                                }[];
                            };
                            expect: {
                                [key: string]: unknown;
                            };
                            repeat: number;
                            min_pass_rate: number;
                            from_run_id: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteTest: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Test case id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateTest: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Test case id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "repeat": 3
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                    /** @description What the run is given; default `{}`. */
                    payload?: unknown;
                    conversation?: {
                        /** @enum {string} */
                        from: "contact" | "agent";
                        text: string;
                    }[] | null;
                    entity_id?: string | null;
                    additional_instructions?: string | null;
                    /** @description `results`: `[{tool, arguments?, result? | error?, times?}]`, the first that fits a call answers it; `others`: what becomes of other calls, `refuse` (default) or `real`. */
                    tools?: {
                        [key: string]: unknown;
                    };
                    /** @description `status`, `disposition`, `output: [{path, equals | matches | exists}]`, `tools_called: [{tool, arguments?, times?}]`, `tools_not_called`, `tools_in_order`, `max_cost_usd`, `max_tool_calls`, `text: [{equals | contains | not_contains | matches | not_matches | judge}]`. */
                    expect?: {
                        [key: string]: unknown;
                    };
                    repeat?: number;
                    min_pass_rate?: number;
                };
            };
        };
        responses: {
            /** @description Test case */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            agent_id: string;
                            name: string;
                            description: string;
                            /** @description Counts the changes of what decides. */
                            revision: number;
                            payload?: unknown;
                            conversation: {
                                /** @enum {string} */
                                from: "contact" | "agent";
                                text: string;
                            }[] | null;
                            entity_id: string | null;
                            additional_instructions: string | null;
                            tools: {
                                /** @enum {string} */
                                others: "refuse" | "real";
                                results: {
                                    [key: string]: unknown;
                                }[];
                            };
                            expect: {
                                [key: string]: unknown;
                            };
                            repeat: number;
                            min_pass_rate: number;
                            from_run_id: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The agent has another case of this name */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    importSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                replace?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "files": [
                 *         {
                 *           "path": "SKILL.md",
                 *           "content": "---\nname: greeting\ndescription: Use it to greet.\n---\n\nGreet by the first name.\n"
                 *         }
                 *       ],
                 *       "replace": true
                 *     }
                 */
                "application/json": {
                    /** @description All files, SKILL.md among them; paths are relative and have / in between. */
                    files: {
                        path: string;
                        content: string;
                        /**
                         * @default utf8
                         * @enum {string}
                         */
                        encoding?: "utf8" | "base64";
                        /** @default false */
                        executable?: boolean;
                    }[];
                    /**
                     * @description Makes them the files of the skill that has the name already.
                     * @default false
                     */
                    replace?: boolean;
                    display_name?: string | null;
                    tags?: string[] | null;
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description The skill has the files now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Skill created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The skill is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    exportSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The archive */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listSkillFiles: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Files, by path */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            path: string;
                            /** @description Of the file. */
                            version: number;
                            size_bytes: number;
                            executable: boolean;
                            content: string;
                            /**
                             * @description `base64` for what is no text.
                             * @enum {string}
                             */
                            encoding: "utf8" | "base64";
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    replaceSkillFiles: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "files": [
                 *         {
                 *           "path": "SKILL.md",
                 *           "content": "---\nname: greeting\ndescription: Use it to greet.\n---\n\nGreet by the last name.\n"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description All files, SKILL.md among them; paths are relative and have / in between. */
                    files: {
                        path: string;
                        content: string;
                        /**
                         * @default utf8
                         * @enum {string}
                         */
                        encoding?: "utf8" | "base64";
                        /** @default false */
                        executable?: boolean;
                    }[];
                    /** @description Hash of the skill that the change is based on: 409 when it is another by now. */
                    base_hash?: string | null;
                };
            };
        };
        responses: {
            /** @description Skill with its files */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                            files: {
                                id: string;
                                path: string;
                                /** @description Of the file. */
                                version: number;
                                size_bytes: number;
                                executable: boolean;
                                content: string;
                                /**
                                 * @description `base64` for what is no text.
                                 * @enum {string}
                                 */
                                encoding: "utf8" | "base64";
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The skill was changed meanwhile, or the name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listSkillVersions: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            version: number;
                            name: string;
                            description: string;
                            hash: string;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getSkillVersion: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            version: number;
                            name: string;
                            description: string;
                            hash: string;
                            created_at: string;
                            files: {
                                id: string;
                                path: string;
                                /** @description Of the file. */
                                version: number;
                                size_bytes: number;
                                executable: boolean;
                                content: string;
                                /**
                                 * @description `base64` for what is no text.
                                 * @enum {string}
                                 */
                                encoding: "utf8" | "base64";
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rollbackSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": 1
                 *     }
                 */
                "application/json": {
                    version: number;
                };
            };
        };
        responses: {
            /** @description Skill */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name that it had is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listSkills: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                enabled?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Skills */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createSkill: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "workspace_id": "ws77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "name": "booking-policy",
                 *       "description": "Use it when a guest asks to change or cancel a booking.",
                 *       "body": "Look the booking up first. Changes are free until two days before arrival.\n",
                 *       "allowed_tools": [
                 *         "get-booking"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id: string;
                    /** @example booking-policy */
                    name: string;
                    display_name?: string | null;
                    /** @description When to use it: agents see this before they load the body. */
                    description: string;
                    /** @description What to do. */
                    body: string;
                    tags?: string[];
                    /** @description While it is false, runs that begin are not offered the skill. */
                    enabled?: boolean;
                    /** @description Once a run has loaded the skill, it can call only these of its tools, and what another loaded skill allows. Absent or null: no restriction. */
                    allowed_tools?: string[];
                    /**
                     * @description Gives it to every agent of the workspace, each as a new version.
                     * @default false
                     */
                    auto_assign_to_existing_v2_agents?: boolean;
                };
            };
        };
        responses: {
            /** @description Skill created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Skill */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Skill deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Agents have the skill */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateSkill: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Skill id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "description": "Use it when a guest wants to change or cancel."
                 *     }
                 */
                "application/json": {
                    /** @example booking-policy */
                    name?: string;
                    display_name?: string | null;
                    /** @description When to use it: agents see this before they load the body. */
                    description?: string;
                    /** @description What to do. */
                    body?: string;
                    tags?: string[] | null;
                    /** @description While it is false, runs that begin are not offered the skill. */
                    enabled?: boolean;
                    /** @description Once a run has loaded the skill, it can call only these of its tools, and what another loaded skill allows. Absent or null: no restriction. */
                    allowed_tools?: string[] | null;
                };
            };
        };
        responses: {
            /** @description Skill updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            display_name: string | null;
                            description: string;
                            /** @description What follows the front matter of SKILL.md. */
                            body: string;
                            allowed_tools: string[] | null;
                            tags: string[] | null;
                            enabled: boolean;
                            /** @description Of the files; runs keep to one. */
                            version: number;
                            /** @description `sha256:…` over paths and bytes of the files. */
                            hash: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listSecrets: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            workspace_id: string;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getSecret: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Upper-case letters, digits and `_`, a letter first, at most 64. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secret, without its value */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            workspace_id: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    setSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Upper-case letters, digits and `_`, a letter first, at most 64. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "the value"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /** @description At most 32,768 bytes of UTF-8; write-only. */
                    value: string;
                };
            };
        };
        responses: {
            /** @description Secret replaced */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            workspace_id: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Secret created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            workspace_id: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The workspace has too many secrets */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteSecret: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Upper-case letters, digits and `_`, a letter first, at most 64. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secret deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Models */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            provider: string;
                            model: string;
                            base_url: string | null;
                            secret: string | null;
                            key_expires_at: string | null;
                            settings: {
                                [key: string]: unknown;
                            };
                            limits: {
                                requests_per_minute: number | null;
                                tokens_per_minute: number | null;
                                max_concurrent: number | null;
                            };
                            fallbacks: string[];
                            fallback_on: string[];
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createModel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "fast",
                 *       "provider": "openai",
                 *       "model": "gpt-5-mini"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /**
                     * @description What agents give as `model`. Unique in the workspace.
                     * @example fast
                     */
                    name: string;
                    /** @enum {string} */
                    provider: "openai" | "anthropic" | "google" | "azure" | "bedrock" | "mistral" | "groq" | "openrouter" | "openai-compatible";
                    /**
                     * @description The provider’s own name of it; with Azure the deployment.
                     * @example gpt-5-mini
                     */
                    model: string;
                    description?: string;
                    /** @description Another address of the provider’s API, on the public internet or in a network that the operator allowed. */
                    base_url?: string | null;
                    /** @description Name of the workspace’s secret with the key. Null: the server’s own key, if any. */
                    secret?: string | null;
                    /**
                     * Format: date-time
                     * @description When the key ends, where that is known: alerts can warn before.
                     */
                    key_expires_at?: string;
                    /** @description How it is reached and called: `api`, `resource_name`, `api_version` (Azure), `region`, `access_key_id` (Bedrock), `max_output_tokens`, `temperature`, `reasoning_effort`. */
                    settings?: {
                        /** @enum {string} */
                        api?: "responses" | "chat";
                        resource_name?: string;
                        api_version?: string;
                        region?: string;
                        access_key_id?: string;
                        max_output_tokens?: number;
                        temperature?: number;
                        /** @enum {string} */
                        reasoning_effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh";
                    };
                    /** @description Kept by all processes together. Calls over a limit wait; their runs give up their memory meanwhile. */
                    limits?: {
                        /** @default null */
                        requests_per_minute?: number | null;
                        /** @default null */
                        tokens_per_minute?: number | null;
                        /** @default null */
                        max_concurrent?: number | null;
                    };
                    /** @description Models that are asked in this order when it fails, each with its own fallbacks. */
                    fallbacks?: string[];
                    /** @description Errors after which a fallback is asked. Default: rate_limited, overloaded, timeout, connection, unauthorized, unknown_model, context_too_long, invalid_answer. */
                    fallback_on?: ("rate_limited" | "overloaded" | "timeout" | "connection" | "unauthorized" | "bad_request" | "context_too_long" | "invalid_answer" | "unknown_model" | "aborted" | "script")[];
                };
            };
        };
        responses: {
            /** @description Model created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            provider: string;
                            model: string;
                            base_url: string | null;
                            secret: string | null;
                            key_expires_at: string | null;
                            settings: {
                                [key: string]: unknown;
                            };
                            limits: {
                                requests_per_minute: number | null;
                                tokens_per_minute: number | null;
                                max_concurrent: number | null;
                            };
                            fallbacks: string[];
                            fallback_on: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or the workspace has too many models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Model id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Model */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            provider: string;
                            model: string;
                            base_url: string | null;
                            secret: string | null;
                            key_expires_at: string | null;
                            settings: {
                                [key: string]: unknown;
                            };
                            limits: {
                                requests_per_minute: number | null;
                                tokens_per_minute: number | null;
                                max_concurrent: number | null;
                            };
                            fallbacks: string[];
                            fallback_on: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteModel: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Model id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Model deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Agents or other models name it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateModel: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Model id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "description": "For short answers."
                 *     }
                 */
                "application/json": {
                    /**
                     * @description What agents give as `model`. Unique in the workspace.
                     * @example fast
                     */
                    name?: string;
                    /** @enum {string} */
                    provider?: "openai" | "anthropic" | "google" | "azure" | "bedrock" | "mistral" | "groq" | "openrouter" | "openai-compatible";
                    /**
                     * @description The provider’s own name of it; with Azure the deployment.
                     * @example gpt-5-mini
                     */
                    model?: string;
                    description?: string;
                    /** @description Another address of the provider’s API, on the public internet or in a network that the operator allowed. */
                    base_url?: string | null;
                    /** @description Name of the workspace’s secret with the key. Null: the server’s own key, if any. */
                    secret?: string | null;
                    /**
                     * Format: date-time
                     * @description When the key ends, where that is known: alerts can warn before.
                     */
                    key_expires_at?: string;
                    /** @description How it is reached and called: `api`, `resource_name`, `api_version` (Azure), `region`, `access_key_id` (Bedrock), `max_output_tokens`, `temperature`, `reasoning_effort`. */
                    settings?: {
                        /** @enum {string} */
                        api?: "responses" | "chat";
                        resource_name?: string;
                        api_version?: string;
                        region?: string;
                        access_key_id?: string;
                        max_output_tokens?: number;
                        temperature?: number;
                        /** @enum {string} */
                        reasoning_effort?: "none" | "minimal" | "low" | "medium" | "high" | "xhigh";
                    };
                    /** @description Kept by all processes together. Calls over a limit wait; their runs give up their memory meanwhile. */
                    limits?: {
                        /** @default null */
                        requests_per_minute?: number | null;
                        /** @default null */
                        tokens_per_minute?: number | null;
                        /** @default null */
                        max_concurrent?: number | null;
                    };
                    /** @description Models that are asked in this order when it fails, each with its own fallbacks. */
                    fallbacks?: string[];
                    /** @description Errors after which a fallback is asked. Default: rate_limited, overloaded, timeout, connection, unauthorized, unknown_model, context_too_long, invalid_answer. */
                    fallback_on?: ("rate_limited" | "overloaded" | "timeout" | "connection" | "unauthorized" | "bad_request" | "context_too_long" | "invalid_answer" | "unknown_model" | "aborted" | "script")[];
                };
            };
        };
        responses: {
            /** @description Model */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            name: string;
                            description: string;
                            provider: string;
                            model: string;
                            base_url: string | null;
                            secret: string | null;
                            key_expires_at: string | null;
                            settings: {
                                [key: string]: unknown;
                            };
                            limits: {
                                requests_per_minute: number | null;
                                tokens_per_minute: number | null;
                                max_concurrent: number | null;
                            };
                            fallbacks: string[];
                            fallback_on: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The name is taken, or the model is in use under its name */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    testModel: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Model id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How it went */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            ok: boolean;
                            duration_ms: number;
                            time_to_first_chunk_ms: number | null;
                            /** @description The beginning of what it answered. */
                            text: string | null;
                            token_usage: {
                                input: number;
                                output: number;
                            } | null;
                            /** @description Null when the price is unknown. */
                            cost_usd: number | null;
                            /** @description What is wrong, and what to do about it. */
                            error: {
                                kind: string;
                                message: string;
                            } | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listPrices: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prices */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            model: string;
                            input: number;
                            output: number;
                            cached_input?: number;
                            cache_write?: number;
                            tiers: {
                                above_input_tokens: number;
                                input: number;
                                output: number;
                                cached_input?: number;
                                cache_write?: number;
                            }[];
                            source: string;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    setPrice: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "model": "openai-compatible/qwen3:8b",
                 *       "input": 0.1,
                 *       "output": 0.3
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /** @example openai-compatible/qwen3:8b */
                    model: string;
                    input: number;
                    output: number;
                    /** @description Default: as input. */
                    cached_input?: number;
                    /** @description Default: as input. */
                    cache_write?: number;
                    tiers?: {
                        above_input_tokens: number;
                        input: number;
                        output: number;
                        cached_input?: number;
                        cache_write?: number;
                    }[];
                    /** @description Where the price is from: a contract, a page. */
                    source?: string;
                };
            };
        };
        responses: {
            /** @description Price set */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            model: string;
                            input: number;
                            output: number;
                            cached_input?: number;
                            cache_write?: number;
                            tiers: {
                                above_input_tokens: number;
                                input: number;
                                output: number;
                                cached_input?: number;
                                cache_write?: number;
                            }[];
                            source: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The workspace has too many prices */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getPriceInForce: {
        parameters: {
            query: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description `provider/model`. */
                model: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Price */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            model: string;
                            /** @description False: runs of this model have no cost. */
                            known: boolean;
                            /** @enum {string|null} */
                            from: "workspace" | "list" | null;
                            source: string | null;
                            /** @description When it was set, or of the list. */
                            date: string | null;
                            usd_per_million_tokens: {
                                [key: string]: unknown;
                            } | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getPrice: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Price id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Price */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            model: string;
                            input: number;
                            output: number;
                            cached_input?: number;
                            cache_write?: number;
                            tiers: {
                                above_input_tokens: number;
                                input: number;
                                output: number;
                                cached_input?: number;
                                cache_write?: number;
                            }[];
                            source: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deletePrice: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Price id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Price deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    searchKnowledgeNodes: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "filters": {
                 *         "source": "manual",
                 *         "enabled": true
                 *       },
                 *       "pagination": {
                 *         "page_size": 20
                 *       }
                 *     }
                 */
                "application/json": {
                    filters?: {
                        source?: string;
                        /** @enum {string} */
                        source_type?: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                        source_id?: string;
                        enabled?: boolean;
                        is_directory?: boolean;
                        /** @description Directly below it; null: at the root. */
                        parent_id?: string | null;
                        /** @description Anywhere below it. */
                        ancestor_id?: string;
                        /** @description Of any of them. */
                        entity_ids?: string[];
                        /** @description With any of them. */
                        tags?: string[];
                        /** @enum {string} */
                        embed_status?: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                        /** @description A part of the title. */
                        title?: string;
                    };
                    pagination?: {
                        /** @default 20 */
                        page_size?: number;
                        /** @description `next_cursor` of the page before, with the same filters. */
                        cursor?: string;
                    };
                    include_body?: boolean;
                };
            };
        };
        responses: {
            /** @description Nodes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example 019dca17f3a09b1c2d3e4f50 */
                            id: string;
                            workspace_id: string;
                            title: string;
                            /** @description Markdown; null for directories, until a file or page was read, and in lists that were not asked for it. */
                            body: string | null;
                            /** @description False: the body is one chunk. */
                            chunk_body: boolean;
                            /** @description Empty: of the whole workspace. */
                            entity_ids: string[];
                            parent_id: string | null;
                            /** @description From the root down to the parent. */
                            ancestors: string[];
                            depth: number;
                            source: string;
                            /** @enum {string} */
                            source_type: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                            source_id: string | null;
                            /** @description Of a web page. */
                            url: string | null;
                            /** @description Null: as the workspace says. */
                            language: string | null;
                            is_directory: boolean;
                            metadata: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_by: string | null;
                            /**
                             * @description `pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.
                             * @enum {string}
                             */
                            embed_status: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                            embed_error: string | null;
                            chunk_count: number;
                            version: number;
                            /** @description The version that search finds. */
                            indexed_version: number | null;
                            tags: string[];
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                        total_count: number;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createKnowledgeNode: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Check-in",
                 *       "body": "Check-in is from three in the afternoon."
                 *     }
                 */
                "application/json": {
                    title: string;
                    /** @description Markdown or plain text; ignored for directories. */
                    body?: string;
                    parent_id?: string | null;
                    is_directory?: boolean;
                    /** @description Default `manual`. */
                    source?: string;
                    /** @description What you call it: a source has at most one node of an id. */
                    source_id?: string;
                    /**
                     * @description `text`: blank lines are all the structure that it has.
                     * @enum {string}
                     */
                    source_type?: "markdown" | "text";
                    /** @description What the node is about. Empty or absent: the whole workspace. */
                    entity_ids?: string[];
                    /** @description Yours; not searched. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /** @description Disabled nodes, and all below a disabled directory, are not found. */
                    enabled?: boolean;
                    tags?: string[];
                    /** @description False keeps the body in one chunk. */
                    chunk_body?: boolean;
                    /**
                     * @description How words are reduced. `auto` goes by the text; null, as the workspace says.
                     * @enum {string|null}
                     */
                    language?: "auto" | "arabic" | "danish" | "german" | "english" | "finnish" | "french" | "hindi" | "hungarian" | "indonesian" | "italian" | "nepali" | "dutch" | "norwegian" | "portuguese" | "romanian" | "russian" | "spanish" | "serbian" | "swedish" | "tamil" | "turkish" | "greek" | "irish" | "lithuanian" | "simple" | null;
                };
            };
        };
        responses: {
            /** @description Node created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example 019dca17f3a09b1c2d3e4f50 */
                            id: string;
                            workspace_id: string;
                            title: string;
                            /** @description Markdown; null for directories, until a file or page was read, and in lists that were not asked for it. */
                            body: string | null;
                            /** @description False: the body is one chunk. */
                            chunk_body: boolean;
                            /** @description Empty: of the whole workspace. */
                            entity_ids: string[];
                            parent_id: string | null;
                            /** @description From the root down to the parent. */
                            ancestors: string[];
                            depth: number;
                            source: string;
                            /** @enum {string} */
                            source_type: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                            source_id: string | null;
                            /** @description Of a web page. */
                            url: string | null;
                            /** @description Null: as the workspace says. */
                            language: string | null;
                            is_directory: boolean;
                            metadata: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_by: string | null;
                            /**
                             * @description `pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.
                             * @enum {string}
                             */
                            embed_status: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                            embed_error: string | null;
                            chunk_count: number;
                            version: number;
                            /** @description The version that search finds. */
                            indexed_version: number | null;
                            tags: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The source has a node of that id */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getKnowledgeNode: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Node */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example 019dca17f3a09b1c2d3e4f50 */
                            id: string;
                            workspace_id: string;
                            title: string;
                            /** @description Markdown; null for directories, until a file or page was read, and in lists that were not asked for it. */
                            body: string | null;
                            /** @description False: the body is one chunk. */
                            chunk_body: boolean;
                            /** @description Empty: of the whole workspace. */
                            entity_ids: string[];
                            parent_id: string | null;
                            /** @description From the root down to the parent. */
                            ancestors: string[];
                            depth: number;
                            source: string;
                            /** @enum {string} */
                            source_type: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                            source_id: string | null;
                            /** @description Of a web page. */
                            url: string | null;
                            /** @description Null: as the workspace says. */
                            language: string | null;
                            is_directory: boolean;
                            metadata: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_by: string | null;
                            /**
                             * @description `pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.
                             * @enum {string}
                             */
                            embed_status: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                            embed_error: string | null;
                            chunk_count: number;
                            version: number;
                            /** @description The version that search finds. */
                            indexed_version: number | null;
                            tags: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteKnowledgeNode: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Node deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateKnowledgeNode: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false
                 *     }
                 */
                "application/json": {
                    title?: string;
                    body?: string;
                    /** @description Null moves it to the root. */
                    parent_id?: string | null;
                    /** @description What the node is about. Empty or absent: the whole workspace. */
                    entity_ids?: string[];
                    /** @description Yours; not searched. */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /** @description Disabled nodes, and all below a disabled directory, are not found. */
                    enabled?: boolean;
                    tags?: string[];
                    /** @description False keeps the body in one chunk. */
                    chunk_body?: boolean;
                    /**
                     * @description How words are reduced. `auto` goes by the text; null, as the workspace says.
                     * @enum {string|null}
                     */
                    language?: "auto" | "arabic" | "danish" | "german" | "english" | "finnish" | "french" | "hindi" | "hungarian" | "indonesian" | "italian" | "nepali" | "dutch" | "norwegian" | "portuguese" | "romanian" | "russian" | "spanish" | "serbian" | "swedish" | "tamil" | "turkish" | "greek" | "irish" | "lithuanian" | "simple" | null;
                };
            };
        };
        responses: {
            /** @description Node */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example 019dca17f3a09b1c2d3e4f50 */
                            id: string;
                            workspace_id: string;
                            title: string;
                            /** @description Markdown; null for directories, until a file or page was read, and in lists that were not asked for it. */
                            body: string | null;
                            /** @description False: the body is one chunk. */
                            chunk_body: boolean;
                            /** @description Empty: of the whole workspace. */
                            entity_ids: string[];
                            parent_id: string | null;
                            /** @description From the root down to the parent. */
                            ancestors: string[];
                            depth: number;
                            source: string;
                            /** @enum {string} */
                            source_type: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                            source_id: string | null;
                            /** @description Of a web page. */
                            url: string | null;
                            /** @description Null: as the workspace says. */
                            language: string | null;
                            is_directory: boolean;
                            metadata: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_by: string | null;
                            /**
                             * @description `pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.
                             * @enum {string}
                             */
                            embed_status: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                            embed_error: string | null;
                            chunk_count: number;
                            version: number;
                            /** @description The version that search finds. */
                            indexed_version: number | null;
                            tags: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    refreshKnowledgeNode: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Node */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @example 019dca17f3a09b1c2d3e4f50 */
                            id: string;
                            workspace_id: string;
                            title: string;
                            /** @description Markdown; null for directories, until a file or page was read, and in lists that were not asked for it. */
                            body: string | null;
                            /** @description False: the body is one chunk. */
                            chunk_body: boolean;
                            /** @description Empty: of the whole workspace. */
                            entity_ids: string[];
                            parent_id: string | null;
                            /** @description From the root down to the parent. */
                            ancestors: string[];
                            depth: number;
                            source: string;
                            /** @enum {string} */
                            source_type: "markdown" | "text" | "html" | "pdf" | "docx" | "csv" | "web_page" | "directory";
                            source_id: string | null;
                            /** @description Of a web page. */
                            url: string | null;
                            /** @description Null: as the workspace says. */
                            language: string | null;
                            is_directory: boolean;
                            metadata: {
                                [key: string]: unknown;
                            };
                            enabled: boolean;
                            created_by: string | null;
                            /**
                             * @description `pending` and `processing`: search finds the version before, if there is one. `embedding`: words are found, vectors are on their way. `failed`: see `embed_error`. `none`: a directory.
                             * @enum {string}
                             */
                            embed_status: "pending" | "processing" | "embedding" | "ready" | "failed" | "none";
                            embed_error: string | null;
                            chunk_count: number;
                            version: number;
                            /** @description The version that search finds. */
                            indexed_version: number | null;
                            tags: string[];
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It is a directory */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listKnowledgeChunks: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Chunks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            node_id: string;
                            chunk_index: number;
                            /** @description Title and headings above it. */
                            context: string;
                            chunk_text: string;
                            has_vector: boolean;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listKnowledgeVersions: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Node id. */
                node_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            version: number;
                            title: string;
                            body: string | null;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    searchKnowledge: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "query": "When is check-in?",
                 *       "max_results": 5
                 *     }
                 */
                "application/json": {
                    query: string;
                    /** @description Only nodes that are about any of these. */
                    entity_ids?: string[];
                    /** @description With `entity_ids`: nodes of the whole workspace too. Default false. */
                    include_workspace_wide?: boolean;
                    /** @default 10 */
                    max_results?: number;
                };
            };
        };
        responses: {
            /** @description Passages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            node_id: string;
                            chunk_id: string;
                            node_title: string;
                            node_version: number;
                            chunk_text: string;
                            /** @description Title and headings above the passage. */
                            context: string;
                            chunk_index: number;
                            source: string;
                            /** @description The node’s `source_type`. */
                            knowledge_type: string;
                            url: string | null;
                            /** @description 0 to 1, of use among the passages of one answer. */
                            relevance_score: number;
                            /** @description How much of the question, by weight of its words, the passage has: 0 to 1. */
                            coverage: number;
                            /** @description Cosine of question and passage; null without embeddings. */
                            similarity: number | null;
                        }[];
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            url: string;
                            description: string;
                            event_types: string[];
                            agent_ids: string[] | null;
                            enabled: boolean;
                            /** @description Why the server switched it off. */
                            disabled_reason: string | null;
                            failing_since: string | null;
                            former_secret_until: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/hooks",
                 *       "event_types": [
                 *         "run.completed"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /**
                     * @description `https`, on the public internet. Redirects are not followed.
                     * @example https://example.com/hooks/signalbox
                     */
                    url: string;
                    description?: string;
                    /**
                     * @description Names, families such as `run.*`, or `*`.
                     * @example [
                     *       "run.completed",
                     *       "run.failed"
                     *     ]
                     */
                    event_types: ("run.completed" | "run.*" | "run.failed" | "run.cancelled" | "budget.warning" | "budget.*" | "budget.exceeded" | "approval.requested" | "approval.*" | "approval.decided" | "approval.expired" | "conversation.created" | "conversation.*" | "conversation.updated" | "message.received" | "message.*" | "message.sent" | "*")[];
                    /** @description Only events of these agents. Null: of all. */
                    agent_ids?: string[] | null;
                    /** @description While it is false, what happens is not told; what is pending waits. */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Webhook created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            url: string;
                            description: string;
                            event_types: string[];
                            agent_ids: string[] | null;
                            enabled: boolean;
                            /** @description Why the server switched it off. */
                            disabled_reason: string | null;
                            failing_since: string | null;
                            former_secret_until: string | null;
                            created_at: string;
                            updated_at: string;
                            secret: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The workspace has too many webhooks */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            url: string;
                            description: string;
                            event_types: string[];
                            agent_ids: string[] | null;
                            enabled: boolean;
                            /** @description Why the server switched it off. */
                            disabled_reason: string | null;
                            failing_since: string | null;
                            former_secret_until: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhook deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "enabled": true
                 *     }
                 */
                "application/json": {
                    /**
                     * @description `https`, on the public internet. Redirects are not followed.
                     * @example https://example.com/hooks/signalbox
                     */
                    url?: string;
                    description?: string;
                    /**
                     * @description Names, families such as `run.*`, or `*`.
                     * @example [
                     *       "run.completed",
                     *       "run.failed"
                     *     ]
                     */
                    event_types?: ("run.completed" | "run.*" | "run.failed" | "run.cancelled" | "budget.warning" | "budget.*" | "budget.exceeded" | "approval.requested" | "approval.*" | "approval.decided" | "approval.expired" | "conversation.created" | "conversation.*" | "conversation.updated" | "message.received" | "message.*" | "message.sent" | "*")[];
                    /** @description Only events of these agents. Null: of all. */
                    agent_ids?: string[] | null;
                    /** @description While it is false, what happens is not told; what is pending waits. */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            url: string;
                            description: string;
                            event_types: string[];
                            agent_ids: string[] | null;
                            enabled: boolean;
                            /** @description Why the server switched it off. */
                            disabled_reason: string | null;
                            failing_since: string | null;
                            former_secret_until: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlap_hours": 24
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Hours that the former secret signs, too. 0: not at all.
                     * @default 24
                     */
                    overlap_hours?: number;
                };
            };
        };
        responses: {
            /** @description The webhook, and its new secret */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            url: string;
                            description: string;
                            event_types: string[];
                            agent_ids: string[] | null;
                            enabled: boolean;
                            /** @description Why the server switched it off. */
                            disabled_reason: string | null;
                            failing_since: string | null;
                            former_secret_until: string | null;
                            created_at: string;
                            updated_at: string;
                            secret: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            message_id: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The webhook is switched off */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                status?: "pending" | "delivered" | "failed";
                event_type?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deliveries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            webhook_id: string;
                            /** @description The header `webhook-id`; the same at every try. */
                            message_id: string;
                            event_type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            attempts: number;
                            next_attempt_at: string | null;
                            last_attempt: {
                                n: number;
                                /** @description HTTP status; null: no answer. */
                                status: number | null;
                                error: string | null;
                                /** @description The beginning of the answer’s body. */
                                response: string | null;
                                duration_ms: number;
                                created_at: string;
                            } | null;
                            created_at: string;
                            ended_at: string | null;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
                /** @description Delivery id. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            webhook_id: string;
                            /** @description The header `webhook-id`; the same at every try. */
                            message_id: string;
                            event_type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            attempts: number;
                            next_attempt_at: string | null;
                            last_attempt: {
                                n: number;
                                /** @description HTTP status; null: no answer. */
                                status: number | null;
                                error: string | null;
                                /** @description The beginning of the answer’s body. */
                                response: string | null;
                                duration_ms: number;
                                created_at: string;
                            } | null;
                            created_at: string;
                            ended_at: string | null;
                            payload?: unknown;
                            attempt_log: {
                                n: number;
                                /** @description HTTP status; null: no answer. */
                                status: number | null;
                                error: string | null;
                                /** @description The beginning of the answer’s body. */
                                response: string | null;
                                duration_ms: number;
                                created_at: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    resendWebhookDelivery: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Webhook id. */
                id: string;
                /** @description Delivery id. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            webhook_id: string;
                            /** @description The header `webhook-id`; the same at every try. */
                            message_id: string;
                            event_type: string;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "failed";
                            attempts: number;
                            next_attempt_at: string | null;
                            last_attempt: {
                                n: number;
                                /** @description HTTP status; null: no answer. */
                                status: number | null;
                                error: string | null;
                                /** @description The beginning of the answer’s body. */
                                response: string | null;
                                duration_ms: number;
                                created_at: string;
                            } | null;
                            created_at: string;
                            ended_at: string | null;
                            payload?: unknown;
                            attempt_log: {
                                n: number;
                                /** @description HTTP status; null: no answer. */
                                status: number | null;
                                error: string | null;
                                /** @description The beginning of the answer’s body. */
                                response: string | null;
                                duration_ms: number;
                                created_at: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The webhook is switched off */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                from?: string;
                to?: string;
                /** @description Some of `day`, `agent`, `model`, `trigger`; empty for the totals alone. */
                group_by?: string;
                agent_id?: string;
                model?: string;
                trigger_id?: string;
                /** @description Groups at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sums */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            from: string;
                            to: string;
                            group_by: ("day" | "agent" | "model" | "trigger")[];
                            totals: {
                                runs: number;
                                completed: number;
                                failed: number;
                                cancelled: number;
                                token_usage: {
                                    input: number;
                                    output: number;
                                };
                                /** @description USD, of the runs whose cost is known. */
                                total_cost: number;
                                runs_of_unknown_cost: number;
                            };
                            /** @description The newest day first, then the dearest. */
                            groups: {
                                day: string | null;
                                agent_id: string | null;
                                agent_name: string | null;
                                model: string | null;
                                /** @description Null for runs without a trigger, or when not grouped by it. */
                                trigger_id: string | null;
                                runs: number;
                                completed: number;
                                failed: number;
                                cancelled: number;
                                token_usage: {
                                    input: number;
                                    output: number;
                                };
                                /** @description USD, of the runs whose cost is known. */
                                total_cost: number;
                                runs_of_unknown_cost: number;
                            }[];
                            /** @description There are more groups; the totals are whole. */
                            truncated: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listBudgets: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                agent_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Budgets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: of the whole workspace. */
                            agent_id: string | null;
                            /** @enum {string} */
                            period: "day" | "month";
                            max_runs: number | null;
                            max_tokens: number | null;
                            max_cost_usd: number | null;
                            warn_at: number;
                            stops: boolean;
                            /** @enum {string} */
                            state: "ok" | "warning" | "exceeded";
                            /** @description Limits that are reached. */
                            reached: ("runs" | "tokens" | "cost")[];
                            used: {
                                runs: number;
                                tokens: number;
                                cost_usd: number;
                                runs_of_unknown_cost: number;
                            };
                            period_start: string;
                            period_end: string;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createBudget: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "period": "day",
                 *       "max_runs": 1000,
                 *       "max_cost_usd": 25
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    /** @description Id or number of the agent; null or absent: the whole workspace. */
                    agent_id?: string | null;
                    /** @enum {string} */
                    period: "day" | "month";
                    /** @description Runs that are started, by hand or by triggers; kept exactly. */
                    max_runs?: number | null;
                    /** @description Input and output together. */
                    max_tokens?: number | null;
                    /** @description Of runs whose price is known; others are counted in `runs_of_unknown_cost`. */
                    max_cost_usd?: number | null;
                    /** @description The share of a limit from which on `budget.warning` is told; default 0.8. */
                    warn_at?: number;
                    /** @description Whether no run starts any more when it is used up; default true. */
                    stops?: boolean;
                };
            };
        };
        responses: {
            /** @description Budget created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: of the whole workspace. */
                            agent_id: string | null;
                            /** @enum {string} */
                            period: "day" | "month";
                            max_runs: number | null;
                            max_tokens: number | null;
                            max_cost_usd: number | null;
                            warn_at: number;
                            stops: boolean;
                            /** @enum {string} */
                            state: "ok" | "warning" | "exceeded";
                            /** @description Limits that are reached. */
                            reached: ("runs" | "tokens" | "cost")[];
                            used: {
                                runs: number;
                                tokens: number;
                                cost_usd: number;
                                runs_of_unknown_cost: number;
                            };
                            period_start: string;
                            period_end: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getBudget: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Budget id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Budget */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: of the whole workspace. */
                            agent_id: string | null;
                            /** @enum {string} */
                            period: "day" | "month";
                            max_runs: number | null;
                            max_tokens: number | null;
                            max_cost_usd: number | null;
                            warn_at: number;
                            stops: boolean;
                            /** @enum {string} */
                            state: "ok" | "warning" | "exceeded";
                            /** @description Limits that are reached. */
                            reached: ("runs" | "tokens" | "cost")[];
                            used: {
                                runs: number;
                                tokens: number;
                                cost_usd: number;
                                runs_of_unknown_cost: number;
                            };
                            period_start: string;
                            period_end: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteBudget: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Budget id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Budget deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateBudget: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Budget id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "max_cost_usd": 50
                 *     }
                 */
                "application/json": {
                    /** @description Runs that are started, by hand or by triggers; kept exactly. */
                    max_runs?: number | null;
                    /** @description Input and output together. */
                    max_tokens?: number | null;
                    /** @description Of runs whose price is known; others are counted in `runs_of_unknown_cost`. */
                    max_cost_usd?: number | null;
                    /** @description The share of a limit from which on `budget.warning` is told; default 0.8. */
                    warn_at?: number;
                    /** @description Whether no run starts any more when it is used up; default true. */
                    stops?: boolean;
                };
            };
        };
        responses: {
            /** @description Budget */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: of the whole workspace. */
                            agent_id: string | null;
                            /** @enum {string} */
                            period: "day" | "month";
                            max_runs: number | null;
                            max_tokens: number | null;
                            max_cost_usd: number | null;
                            warn_at: number;
                            stops: boolean;
                            /** @enum {string} */
                            state: "ok" | "warning" | "exceeded";
                            /** @description Limits that are reached. */
                            reached: ("runs" | "tokens" | "cost")[];
                            used: {
                                runs: number;
                                tokens: number;
                                cost_usd: number;
                                runs_of_unknown_cost: number;
                            };
                            period_start: string;
                            period_end: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listContacts: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                archived?: "true" | "false";
                sort_by?: "last_message_at" | "follow_up_at";
                order?: "asc" | "desc";
                inbox_type_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Contacts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            first_name: string | null;
                            last_name: string | null;
                            image_url: string | null;
                            type: string;
                            inbox_type_id: string;
                            archived: boolean;
                            /** @description While it is true, no agent answers them. */
                            ai_paused: boolean;
                            follow_up_at: string | null;
                            /** @enum {string|null} */
                            last_channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook" | null;
                            last_message_at: string | null;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    searchContacts: {
        parameters: {
            query: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                query: string;
                field?: "any" | "name" | "first_name" | "last_name" | "email" | "phone" | "whatsapp" | "channel";
                archived?: "true" | "false";
                inbox_type_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Contacts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            first_name: string | null;
                            last_name: string | null;
                            image_url: string | null;
                            type: string;
                            inbox_type_id: string;
                            archived: boolean;
                            /** @description While it is true, no agent answers them. */
                            ai_paused: boolean;
                            follow_up_at: string | null;
                            /** @enum {string|null} */
                            last_channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook" | null;
                            last_message_at: string | null;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getContact: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Contact id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Contact */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            first_name: string | null;
                            last_name: string | null;
                            image_url: string | null;
                            type: string;
                            inbox_type_id: string;
                            archived: boolean;
                            /** @description While it is true, no agent answers them. */
                            ai_paused: boolean;
                            follow_up_at: string | null;
                            /** @enum {string|null} */
                            last_channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook" | null;
                            last_message_at: string | null;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                            channels: {
                                id: string;
                                /** @enum {string} */
                                type: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                                value: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateContact: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Contact id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "first_name": "Ada"
                 *     }
                 */
                "application/json": {
                    first_name?: string | null;
                    last_name?: string | null;
                    /** Format: uri */
                    image_url?: string | null;
                    archived?: boolean;
                    ai_paused?: boolean;
                    /** Format: date-time */
                    follow_up_at?: string;
                };
            };
        };
        responses: {
            /** @description Contact updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            first_name: string | null;
                            last_name: string | null;
                            image_url: string | null;
                            type: string;
                            inbox_type_id: string;
                            archived: boolean;
                            /** @description While it is true, no agent answers them. */
                            ai_paused: boolean;
                            follow_up_at: string | null;
                            /** @enum {string|null} */
                            last_channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook" | null;
                            last_message_at: string | null;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                            channels: {
                                id: string;
                                /** @enum {string} */
                                type: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                                value: string;
                            }[];
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    sendContactMessage: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Contact id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "channel_node_id": "cn77c0dy0mgdpzmqz6tesry8w184002s",
                 *       "body": "Hello."
                 *     }
                 */
                "application/json": {
                    /** @description One of the contact’s `channels`. */
                    channel_node_id: string;
                    /** @description The channel to write by; required when several fit and none is known. */
                    sender_id?: string;
                    body: string;
                    subject?: string;
                };
            };
        };
        responses: {
            /** @description Message accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            contact_id: string;
                            conversation_id: string;
                            channel_node_id: string;
                            sender_id: string;
                            channel: string;
                            status: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                inbox_type_id?: string;
                channel?: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                state?: "todo" | "follow_up" | "done";
                archived?: "true" | "false";
                contact_id?: string;
                assignee_id?: string;
                /** @description A topic; a root topic stands for its subtopics, too. */
                tag_id?: string;
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Conversations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            contact: {
                                id: string;
                                first_name: string | null;
                                last_name: string | null;
                                image_url: string | null;
                                inbox_type_id: string;
                            };
                            inbox_type_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            /** @description The address of the contact. */
                            channel_node_id: string;
                            subject: string | null;
                            /** @enum {string} */
                            state: "todo" | "follow_up" | "done";
                            follow_up_at: string | null;
                            assignee_id: string | null;
                            archived: boolean;
                            /** @description While it is true, no agent answers here. */
                            ai_paused: boolean;
                            tag_ids: string[];
                            last_message_at: string;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    searchConversations: {
        parameters: {
            query: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                query: string;
                field?: "contact" | "any" | "name" | "first_name" | "last_name" | "email" | "phone" | "whatsapp" | "channel" | "message";
                archived?: "true" | "false";
                inbox_type_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Conversations */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            contact: {
                                id: string;
                                first_name: string | null;
                                last_name: string | null;
                                image_url: string | null;
                                inbox_type_id: string;
                            };
                            inbox_type_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            /** @description The address of the contact. */
                            channel_node_id: string;
                            subject: string | null;
                            /** @enum {string} */
                            state: "todo" | "follow_up" | "done";
                            follow_up_at: string | null;
                            assignee_id: string | null;
                            archived: boolean;
                            /** @description While it is true, no agent answers here. */
                            ai_paused: boolean;
                            tag_ids: string[];
                            last_message_at: string;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Conversation id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            contact: {
                                id: string;
                                first_name: string | null;
                                last_name: string | null;
                                image_url: string | null;
                                inbox_type_id: string;
                            };
                            inbox_type_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            /** @description The address of the contact. */
                            channel_node_id: string;
                            subject: string | null;
                            /** @enum {string} */
                            state: "todo" | "follow_up" | "done";
                            follow_up_at: string | null;
                            assignee_id: string | null;
                            archived: boolean;
                            /** @description While it is true, no agent answers here. */
                            ai_paused: boolean;
                            tag_ids: string[];
                            last_message_at: string;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateConversation: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Conversation id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "state": "done"
                 *     }
                 */
                "application/json": {
                    /** @enum {string} */
                    state?: "todo" | "follow_up" | "done";
                    /** Format: date-time */
                    follow_up_at?: string;
                    assignee_id?: string | null;
                    archived?: boolean;
                    ai_paused?: boolean;
                    /** @description Replaces all topics of the conversation. */
                    tag_ids?: string[];
                };
            };
        };
        responses: {
            /** @description Conversation updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            contact: {
                                id: string;
                                first_name: string | null;
                                last_name: string | null;
                                image_url: string | null;
                                inbox_type_id: string;
                            };
                            inbox_type_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            /** @description The address of the contact. */
                            channel_node_id: string;
                            subject: string | null;
                            /** @enum {string} */
                            state: "todo" | "follow_up" | "done";
                            follow_up_at: string | null;
                            assignee_id: string | null;
                            archived: boolean;
                            /** @description While it is true, no agent answers here. */
                            ai_paused: boolean;
                            tag_ids: string[];
                            last_message_at: string;
                            last_message_preview: string | null;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description Conversation id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            conversation_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            subject: string | null;
                            body: string;
                            /** @enum {string} */
                            direction: "inbound" | "outbound";
                            /**
                             * @description `queued` and `sending`: accepted for delivery. `unknown`: it may have arrived; a person decides.
                             * @enum {string}
                             */
                            status: "received" | "queued" | "sending" | "sent" | "failed" | "unknown";
                            attempts: number;
                            next_attempt_at: string | null;
                            error: string | null;
                            sender: {
                                user_id: string | null;
                                external_id: string | null;
                                name: string | null;
                            };
                            /** @description The run whose reply it is. */
                            agent_run_id: string | null;
                            sent_at: string | null;
                            edited_at: string | null;
                            created_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Conversation id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "body": "We are looking into it."
                 *     }
                 */
                "application/json": {
                    body: string;
                };
            };
        };
        responses: {
            /** @description Message accepted */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            conversation_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            subject: string | null;
                            body: string;
                            /** @enum {string} */
                            direction: "inbound" | "outbound";
                            /**
                             * @description `queued` and `sending`: accepted for delivery. `unknown`: it may have arrived; a person decides.
                             * @enum {string}
                             */
                            status: "received" | "queued" | "sending" | "sent" | "failed" | "unknown";
                            attempts: number;
                            next_attempt_at: string | null;
                            error: string | null;
                            sender: {
                                user_id: string | null;
                                external_id: string | null;
                                name: string | null;
                            };
                            /** @description The run whose reply it is. */
                            agent_run_id: string | null;
                            sent_at: string | null;
                            edited_at: string | null;
                            created_at: string;
                            /** @description Always null: there are no tickets. */
                            ticket_id: string | null;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The channel of the conversation was deleted */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    resendMessage: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Conversation id. */
                id: string;
                /** @description Message id. */
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            conversation_id: string;
                            /** @enum {string} */
                            channel: "chat" | "widget" | "sms" | "whatsapp" | "slack" | "teams" | "email" | "unthreaded_email" | "webhook";
                            channel_id: string;
                            subject: string | null;
                            body: string;
                            /** @enum {string} */
                            direction: "inbound" | "outbound";
                            /**
                             * @description `queued` and `sending`: accepted for delivery. `unknown`: it may have arrived; a person decides.
                             * @enum {string}
                             */
                            status: "received" | "queued" | "sending" | "sent" | "failed" | "unknown";
                            attempts: number;
                            next_attempt_at: string | null;
                            error: string | null;
                            sender: {
                                user_id: string | null;
                                external_id: string | null;
                                name: string | null;
                            };
                            /** @description The run whose reply it is. */
                            agent_run_id: string | null;
                            sent_at: string | null;
                            edited_at: string | null;
                            created_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It neither failed nor is unknown */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    listConversationTags: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
                /** @description Items of a page. */
                limit?: number;
                /** @description `next_cursor` of the page before, with the same filters. */
                cursor?: string;
                /** @description Only the subtopics of this root topic; `root`: only root topics. */
                parent_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Topics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: a root topic. */
                            parent_id: string | null;
                            name: string;
                            description: string;
                            created_at: string;
                            updated_at: string;
                        }[];
                        next_cursor: string | null;
                        has_more: boolean;
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    createConversationTag: {
        parameters: {
            query?: never;
            header?: {
                /** @description The first request with a key is carried out; a repeat gets its answer, for 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Refunds"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Id of the workspace.
                     * @example ws77c0dy0mgdpzmqz6tesry8w184002s
                     */
                    workspace_id?: string;
                    name: string;
                    description?: string;
                    parent_id?: string | null;
                };
            };
        };
        responses: {
            /** @description Topic created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: a root topic. */
                            parent_id: string | null;
                            name: string;
                            description: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description There is one of that name, or there are too many */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The Idempotency-Key was used with another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getConversationTag: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Topic id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Topic */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: a root topic. */
                            parent_id: string | null;
                            name: string;
                            description: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    deleteConversationTag: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Topic id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Topic deleted */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            deleted: boolean;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description It has subtopics */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    updateConversationTag: {
        parameters: {
            query?: {
                /** @description Id of the workspace that the request is about. */
                workspace_id?: string;
            };
            header?: never;
            path: {
                /** @description Topic id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "description": "Money back, in part or whole."
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string;
                };
            };
        };
        responses: {
            /** @description Topic updated */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            workspace_id: string;
                            /** @description Null: a root topic. */
                            parent_id: string | null;
                            name: string;
                            description: string;
                            created_at: string;
                            updated_at: string;
                        };
                    };
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description There is one of that name */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The body is larger than 1 MiB */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
    getBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
            /** @description Invalid request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Not found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Another backup is being taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Rate limit exceeded */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description The server failed */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
            /** @description Temporarily unavailable; repeat after `Retry-After` seconds */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        error: string;
                    };
                };
            };
        };
    };
}
