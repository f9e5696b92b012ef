// Revision 0.3 of the protocol, whose messages are those of 1.0 in other clothes.

type Json = Readonly<Record<string, unknown>>;

const methods: Readonly<Record<string, string>> = {
  'message/send': 'SendMessage',
  'message/stream': 'SendStreamingMessage',
  'tasks/get': 'GetTask',
  'tasks/cancel': 'CancelTask',
  'tasks/resubscribe': 'SubscribeToTask',
  'tasks/pushNotificationConfig/set': 'CreateTaskPushNotificationConfig',
  'tasks/pushNotificationConfig/get': 'GetTaskPushNotificationConfig',
  'tasks/pushNotificationConfig/list': 'ListTaskPushNotificationConfigs',
  'tasks/pushNotificationConfig/delete': 'DeleteTaskPushNotificationConfig',
  'agent/getAuthenticatedExtendedCard': 'GetExtendedAgentCard',
};

/** The method's name in 1.0; null: it is none of 0.3. */
export function modernMethod(method: string): string | null {
  return Object.hasOwn(methods, method) ? (methods[method] ?? null) : null;
}

/** Parameters as 1.0 has them: there it waits unless told otherwise, here it was the same said the other way round. */
export function modernParams(params: Json): Json {
  const { configuration } = params as { configuration?: { readonly blocking?: boolean } };
  if (configuration?.blocking === undefined) return params;
  return { ...params, configuration: { returnImmediately: !configuration.blocking } };
}

/** What 1.0 answers with, as 0.3 shows it. */
export function legacyResult(result: Json): Json {
  const { task, message, statusUpdate, artifactUpdate } = result as Record<string, Json>;
  if (task !== undefined) return legacyTask(task);
  if (message !== undefined) return legacyMessage(message);
  if (statusUpdate !== undefined) {
    const status = legacyStatus(statusUpdate.status as Json);
    return { ...statusUpdate, kind: 'status-update', status, final: isFinal(status) };
  }
  if (artifactUpdate !== undefined) {
    const artifact = legacyArtifact(artifactUpdate.artifact as Json);
    return { ...artifactUpdate, kind: 'artifact-update', artifact };
  }
  return legacyTask(result);
}

function legacyTask(task: Json): Json {
  const artifacts = (task.artifacts as readonly Json[]).map(legacyArtifact);
  return { ...task, kind: 'task', status: legacyStatus(task.status as Json), artifacts };
}

function legacyStatus({ state, message, ...rest }: Json): Json {
  const shown = String(state).replace('TASK_STATE_', '').toLowerCase().replaceAll('_', '-');
  const said = message === undefined ? {} : { message: legacyMessage(message as Json) };
  return { ...rest, state: shown, ...said };
}

function isFinal({ state }: Json): boolean {
  return ['completed', 'failed', 'canceled'].includes(String(state));
}

function legacyMessage({ parts, ...rest }: Json): Json {
  return { ...rest, kind: 'message', role: 'agent', parts: legacyParts(parts) };
}

function legacyArtifact({ parts, ...rest }: Json): Json {
  return { ...rest, parts: legacyParts(parts) };
}

function legacyParts(parts: unknown): readonly Json[] {
  return (parts as readonly Json[]).map(({ text, data }) =>
    text === undefined ? { kind: 'data', data } : { kind: 'text', text },
  );
}
