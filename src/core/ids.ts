import { randomBytes } from 'node:crypto';

// Ids are a two-letter kind and 30 characters of Crockford base 32: 10 of time (milliseconds),
// 20 random. They sort by creation and index well; nothing parses them.

const kinds = {
  agent: 'ag',
  testCase: 'tc',
  testRun: 'tn',
  testResult: 'tl',
  approval: 'ap',
  escalation: 'es',
  user: 'us',
  auditEntry: 'au',
  trigger: 'tr',
  triggerEvent: 'te',
  run: 'ar',
  customTool: 'kg',
  skill: 'ks',
  skillFile: 'sf',
  memory: 'mm',
  conversation: 'cv',
  contact: 'co',
  contactChannel: 'cn',
  conversationTag: 'ct',
  message: 'ms',
  attachment: 'at',
  chatToken: 'st',
  channel: 'ch',
  inboxType: 'ix',
  workspace: 'ws',
  token: 'tk',
  guardrail: 'gr',
  process: 'pr',
  unit: 'un',
  spill: 'sp',
  artifact: 'af',
  schedule: 'sc',
  toolRun: 'tx',
  mcpServer: 'mc',
  openApiSource: 'oa',
  webhook: 'wh',
  webhookMessage: 'wm',
  webhookDelivery: 'wd',
  budget: 'bu',
  model: 'md',
  modelCall: 'ml',
  modelPrice: 'mp',
  alert: 'al',
  notificationPreference: 'np',
  notification: 'nt',
  erasure: 'er',
  record: 're',
  fieldDecision: 'fd',
  insightAnalysis: 'ia',
  scriptRun: 'xr',
  knowledgeChunk: 'kc',
  knowledgeGap: 'ga',
} as const;

export type IdKind = keyof typeof kinds;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id of the given kind, sortable by creation time. */
export function newId(kind: IdKind, nowMs: number = Date.now()): string {
  return kinds[kind] + timeSortable(nowMs);
}

/** The public execution id of a run: `run_` and 32 characters, the same under every engine. */
export function newRunExecutionId(nowMs: number = Date.now()): string {
  return `run_${timeSortable(nowMs)}${randomBase32(2)}`;
}

/** The id of a knowledge node: 24 hex characters, the first twelve of them the time. */
export function newNodeId(nowMs: number = Date.now()): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0').slice(-12);
  const from = takeRandom(6);
  return time + pool.toString('hex', from, from + 6);
}

/** Whether the text has the form of an id. Says nothing of whether the object exists. */
export function isId(text: string): boolean {
  return /^[a-z]{2}[0-9a-z]{30}$/.test(text);
}

function timeSortable(nowMs: number): string {
  return timePart(Math.floor(nowMs)) + randomBase32(20);
}

// Many ids are made in one millisecond.
let lastTime = { ms: -1, text: '' };

function timePart(ms: number): string {
  if (ms !== lastTime.ms) {
    let text = '';
    for (let i = 0, rest = ms; i < 10; i++) {
      text = alphabet.charAt(rest % 32) + text;
      rest = Math.floor(rest / 32);
    }
    lastTime = { ms, text };
  }
  return lastTime.text;
}

/** In one piece, which costs less than adding character by character. */
function randomBase32(length: number): string {
  const from = takeRandom(length);
  const to = from + length;
  for (let at = from; at < to; at++) pool[at] = alphabet.charCodeAt((pool[at] ?? 0) & 31);
  return pool.toString('latin1', from, to);
}

// The system is asked for many bytes at once: a call for each id would cost more than the id.
let pool = Buffer.alloc(0);
let taken = 0;

/** So many random bytes, each handed out once: where they begin in the pool. */
function takeRandom(length: number): number {
  if (pool.length - taken < length) {
    pool = randomBytes(4_096);
    taken = 0;
  }
  taken += length;
  return taken - length;
}
