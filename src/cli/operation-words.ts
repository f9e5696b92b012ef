import { type Operation, operationLines } from './generated/operations.ts';

// Every operation of the API as a command, by a rule: `POST /v1/escalations/{id}/take-over` is `escalations
// take-over <id>`. Where a command of more comfort has the word, or one that means the same, that one stays.

export interface OperationCommand {
  readonly operation: Operation;
  readonly group: string;
  readonly word: string;
  /** Names of what the path needs, in its order. */
  readonly params: readonly string[];
}

/** Why an operation is no command. */
const noCommands: Readonly<Record<string, string>> = {
  startSession: 'a session is a browser’s: commands carry a token',
  endSession: 'a session is a browser’s',
  signInByPassword: 'a session is a browser’s',
  acceptInvitation: 'a session is a browser’s',
  changePassword: 'a session is a browser’s',
  listSignInMethods: 'for the page that signs in',
  beginOidcSignIn: 'sends a browser to its provider',
  finishOidcSignIn: 'where a provider sends a browser',
  finishMcpAuthorization: 'where an MCP server’s provider sends a browser',
};

/** Where the rule's own word would be no good, or another operation's. */
const ownWords: Readonly<Record<string, string>> = {
  getApi: 'get',
  listTools: 'nameable',
  replayTriggerEvents: 'replay-many',
  retryFailedAgentRuns: 'runs-retry-failed',
  startTestRun: 'run',
  sendMessage: 'send',
  sendContactMessage: 'send',
};

const groups: Readonly<Record<string, string>> = {
  'custom-tools': 'tools',
  'mcp-servers': 'mcp',
  'conversation-tags': 'tags',
};

const synonyms: readonly (readonly string[])[] = [
  ['create', 'add', 'new', 'invite'],
  ['delete', 'rm', 'remove', 'revoke'],
  ['update', 'edit', 'set', 'patch'],
  ['get', 'show', 'results'],
];

/** All operations that are commands, in the order of the document; no two are the same. */
export function operationCommands(): readonly OperationCommand[] {
  const taken = new Set<string>();
  return allOperations()
    .filter(({ operationId }) => whyNoCommand(operationId) === null)
    .map((operation) => {
      const command = commandOf(operation);
      const isTaken = taken.has(`${command.group} ${command.word}`);
      const unique = isTaken ? { ...command, word: kebabCase(operation.operationId) } : command;
      taken.add(`${unique.group} ${unique.word}`);
      return unique;
    });
}

export function allOperations(): readonly Operation[] {
  return operationLines.split('\n').map((line) => JSON.parse(line) as Operation);
}

export function whyNoCommand(operationId: string): string | null {
  return noCommands[operationId] ?? null;
}

/** Words that mean the same, the word itself first. */
export function sameAs(word: string): readonly string[] {
  const others = synonyms.find((words) => words.includes(word)) ?? [];
  return [word, ...others.filter((other) => other !== word)];
}

function commandOf(operation: Operation): OperationCommand {
  const [, ...segments] = operation.path.split('/').filter((segment) => segment !== '');
  const [first = 'server', ...rest] = segments;
  const params = segments.filter(isParam).map((segment) => segment.slice(1, -1));
  const words = rest
    .filter((segment) => !isParam(segment))
    .map((word) => word.replace(/\.json$/, ''));
  const endsInParam = isParam(segments.at(-1) ?? '');
  const verb = verbOf(operation, { endsInParam, isNested: words.length > 0 });
  const byRule = [...words, ...(verb === null ? [] : [verb])].join('-');
  const word = ownWords[operation.operationId] ?? byRule;
  return { operation, group: groups[first] ?? first.replace(/\.json$/, ''), word, params };
}

/** Null where the last segment of the path says what is done, as in `/runs/{id}/cancel`. */
function verbOf(
  { method, hasBody, operationId }: Operation,
  path: { readonly endsInParam: boolean; readonly isNested: boolean },
): string | null {
  if (method === 'DELETE') return 'delete';
  if (method === 'PATCH') return 'update';
  if (method === 'PUT') return 'set';
  if (method === 'GET') return path.endsInParam ? 'get' : path.isNested ? null : 'list';
  const creates = /^(create|add|invite)/.test(operationId) && hasBody;
  return path.isNested ? (creates ? 'create' : null) : 'create';
}

function isParam(segment: string): boolean {
  return segment.startsWith('{');
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
