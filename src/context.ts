import './api/extend-zod.ts';

import { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { auditKey } from './api/audit-trail.ts';
import type { ApiDeps } from './api/deps.ts';
import { createHookGate } from './api/hook-gate.ts';
import { createLoadGate, LoopDelay } from './api/load-gate.ts';
import { SharedRates } from './api/shared-rates.ts';
import { createOidcClient, type OidcClient } from './api/sign-in/oidc-client.ts';
import { createStreamGate } from './api/stream-gate.ts';
import { MessageDeliverer } from './conversations/message-deliverer.ts';
import type { Logger } from './core/logger.ts';
import { noUsage } from './core/model.ts';
import type { EngineName } from './core/run.ts';
import { hashTokenSecret, newTokenSecret, tokenHint } from './core/token-secret.ts';
import type { DriveDeps } from './engine/drive-run.ts';
import { LocalEngine } from './engine/local.ts';
import type { MembershipOptions } from './engine/membership.ts';
import type { Env } from './env.ts';
import { keepHouse } from './housekeeping.ts';
import { Indexer } from './knowledge/indexer.ts';
import { openPgvector } from './knowledge/open-pgvector.ts';
import { Readers } from './knowledge/reading/readers.ts';
import { VectorIndex } from './knowledge/vector-index.ts';
import { NoticeDeliverer } from './notifications/notice-deliverer.ts';
import { clusterUiOf, openCluster } from './open-cluster.ts';
import { openDueLoops } from './open-due-loops.ts';
import { openModels } from './open-models.ts';
import { openRunTools } from './open-run-tools.ts';
import { openSandbox } from './open-sandbox.ts';
import { idleErrorLog, openStore } from './open-store.ts';
import { openTelemetry } from './open-telemetry.ts';
import { privateReach } from './private-reach.ts';
import { readiness } from './readiness.ts';
import { whyNotFound } from './records/why-not-found.ts';
import { ObjectRemover } from './retention/object-remover.ts';
import { Pruner } from './retention/pruner.ts';
import { BudgetGate } from './runs/budget-gate.ts';
import { createDefinitions } from './runs/definitions.ts';
import { loadRun } from './runs/load.ts';
import { ProvisionalText } from './runs/provisional-text.ts';
import { RunFeeds } from './runs/watch.ts';
import { createGuard } from './sandbox/egress/guard.ts';
import { openEgress } from './sandbox/egress/proxy.ts';
import { spawnAlone } from './spawn-alone.ts';
import { answeringWithin, type Database, openDatabase, writingOptions } from './store/connect.ts';
import { DatabaseClock } from './store/database-clock.ts';
import { createJournalWriter } from './store/journal-writer.ts';
import { createRunCreator } from './store/run-creator.ts';
import { countOpenOnCluster } from './store/run-wakes.ts';
import { openS3 } from './store/s3.ts';
import { createSharedReads } from './store/shared-reads.ts';
import { SlowStatements } from './store/slow-statements.ts';
import { ensureAdminToken } from './store/tokens.ts';
import { ensureDefaultWorkspace } from './store/workspaces.ts';
import { builtInToolNames } from './tools/built-in-offers.ts';
import { WebhookDeliverer } from './webhooks/deliverer.ts';

// The composition root: the only place that constructs things. Everything else is handed what it needs.

/**
 * How long a request waits for one answer of the database. What many requests share can be asked for just after the
 * database stopped answering another: it may take twice as long.
 */
const answerWithinMs = { one: 8_000, shared: 4_000 } as const;

/** Of vectors that are kept for search; of larger workspaces words alone are ranked first. */
const maxVectorBytes = 512 * 1_048_576;

export interface Context extends AsyncDisposable {
  readonly api: ApiDeps;
  /** Lets this process drive runs of these engines. Without it, it only takes and tells of them. */
  drive(engines: readonly EngineName[]): Promise<void>;
  /** What fires at its time; started with the engine. */
  readonly timers: { start(): void };
  /** For a process that drives single runs alone. */
  readonly alone: { readonly deps: DriveDeps; readonly membership: MembershipOptions };
  /** The admin token, when this start made it: shown once, kept only as a hash. */
  readonly mintedAdminToken: string | null;
}

export interface ContextOptions {
  readonly env: Env;
  readonly logger: Logger;
  readonly version: string;
  readonly signal?: AbortSignal;
  /** This program, as it was started: runs under suspicion are driven by another of it. */
  readonly program?: readonly string[];
}

/** Opens the database, migrates it, and builds the server's parts. The engine is not started yet. */
export async function openContext(options: ContextOptions): Promise<Context> {
  const { env, logger, version } = options;
  await using undo = new AsyncDisposableStack();
  const slowStatements = new SlowStatements();
  const onSlow = slowStatements.note.bind(slowStatements);
  const { db, settings, keys, secretBox, cursorKey } = await openStore(
    { ...options, onSlow },
    undo,
  );
  await ensureDefaultWorkspace(db);
  const mintedAdminToken = await settleAdminToken(db, env.adminToken);

  const ofTools = privateReach('SIGNALBOX_TOOL_PRIVATE_NETWORKS', env.toolPrivateNetworks);
  const ownHostGuard = createGuard({
    isAllowedAddress: (at) => ofTools.isPublic(at) || ofTools.isPrivateAllowed(at),
    hint: 'the operator can allow its network by SIGNALBOX_TOOL_PRIVATE_NETWORKS',
  });
  const egress = undo.use(await openEgress({ ownHostGuard }));
  const { sandbox, problem } = await openSandbox({ env, logger, egress, db });
  undo.use(sandbox);
  const otel = await openTelemetry({ env, version, logger }, undo);
  const serving = answeringWithin(db, answerWithinMs.one);
  const budgets = new BudgetGate({ db: serving, logger });
  const { models, embedder, reranker, ...opened } = openModels(
    {
      ...{ env, db, secretBox, logger },
      whySpent: budgets.whySpent.bind(budgets),
      ...(otel === null ? {} : { onCall: otel.telemetry.knowledgeCall.bind(otel.telemetry) }),
    },
    undo,
  );
  const onIdleError = idleErrorLog(logger);
  const writing = undo.use(openDatabase(settings, { ...writingOptions, onIdleError, onSlow }));
  const observer = otel === null ? {} : { observer: otel.telemetry };
  const onBatch = otel?.telemetry.batch.bind(otel.telemetry);
  const writer = undo.use(createJournalWriter(writing, onBatch === undefined ? {} : { onBatch }));
  const creator = undo.use(createRunCreator(answeringWithin(writing, answerWithinMs.shared)));
  const commits = new EventEmitter();
  commits.setMaxListeners(0);
  const texts = undo.use(new ProvisionalText({ db, commits }));
  const definitions = createDefinitions(db);
  const openOutlet = egress.outlet;
  const vectors = new VectorIndex(maxVectorBytes);
  const hasPgvector = await openPgvector(db, logger);
  const searching = { db, embedder, reranker, vectors, hasPgvector };
  const readers = undo.use(new Readers());
  const { mcp, mcpDeps, ...toolPorts } = openRunTools(
    { ...{ env, db, secretBox, sandbox, logger, version, openOutlet, readers }, searching },
    undo,
  );
  const { defaultModel } = env;
  const clock = undo.use(new DatabaseClock(db));
  await clock.look();
  const objects = env.s3 === null ? null : openS3(env.s3);
  const loading = { db, objects, writer, definitions, ...toolPorts, models, defaultModel };
  const drive: DriveDeps = {
    db,
    advance: { models, now: () => clock.now(), texts },
    load: (run) => loadRun(loading, run),
    logger,
    commits,
    ...observer,
  };
  const processName = `${hostname()} ${env.dataDir}`;
  const { program } = options;
  const driving = {
    processName,
    maxRunningPerWorkspace: env.maxRunsPerWorkspace,
    alone:
      program === undefined ? null : { spawn: () => spawnAlone(program, { env, settings, keys }) },
  };
  const engine = undo.use(
    new LocalEngine({
      ...drive,
      ...driving,
      commits,
      maxRuns: env.maxRuns,
      foresight: toolPorts,
    }),
  );
  // A process for single runs takes none in, and tells nobody of any.
  const cluster =
    program === undefined
      ? null
      : await openCluster({
          ...{ env, keys, logger, local: engine },
          driver: { ...drive, ...driving, commits },
        });
  if (cluster !== null) undo.use(cluster);
  const taking = env.engine === 'temporal' && cluster !== null ? cluster : engine;
  let driven: readonly EngineName[] = [];
  const { auditRetentionDays } = env;
  undo.use(keepHouse({ db, logger, chainKey: auditKey(cursorKey), auditRetentionDays }));
  const reach = privateReach('SIGNALBOX_WEBHOOK_PRIVATE_NETWORKS', env.webhookPrivateNetworks);
  const userAgent = `Signalbox/${version}`;
  const guard = createGuard({
    isAllowedAddress: (address) => reach.isPublic(address) || reach.isPrivateAllowed(address),
  });
  const going = { db, logger, secretBox, guard, mayBePlain: reach.isPrivateAllowed, userAgent };
  const webhooks = undo.use(new WebhookDeliverer(going));
  const outgoing = undo.use(new MessageDeliverer(going));
  const indexer = undo.use(new Indexer({ db, logger, readers, openOutlet, userAgent, embedder }));
  const pruner = undo.use(new Pruner({ db, logger }));
  const engines = cluster === null ? [engine] : [engine, cluster];
  otel?.measure({ db, writing, engines, writer, sandbox, sandboxProblem: problem });
  const { publicUrl, smtpUrl, mailFrom } = env;
  const mail = smtpUrl === null ? null : await import('./notifications/mail.ts');
  const sendMail = mail?.mailSender(smtpUrl ?? '', mailFrom) ?? null;
  const telling = { publicUrl, sendMail, cursorKey };
  const notices = undo.use(new NoticeDeliverer({ ...going, ...telling }));
  const nudgeNotices = () => notices.nudge();
  const quick = answeringWithin(db, answerWithinMs.shared);
  const reads = createSharedReads(quick);
  const loopDelay = undo.use(new LoopDelay());
  const api: ApiDeps = {
    db: serving,
    budgets,
    creator,
    models,
    defaultModel: env.defaultModel,
    engine: taking,
    feeds: new RunFeeds({ db: serving, commits }),
    reads,
    agents: {
      db: serving,
      secretBox,
      defaultModel: env.defaultModel,
      builtInTools: builtInToolNames,
      whyUnusable: (model) => models.whyUnusable(model),
      hasPrice: (model) => models.cost(model, noUsage) !== null,
      whyNotFound,
    },
    hookGate: createHookGate(),
    ...observer,
    metrics: otel?.metrics ?? null,
    objects,
    slowStatements,
    retention: { db: serving, nudge: () => pruner.nudge() },
    alerts: { db: serving, canMail: sendMail !== null },
    notifications: {
      ...{ db: serving, secretBox, reach },
      canMail: sendMail !== null,
      nudge: nudgeNotices,
    },
    modelRegistry: { db: serving, reach: opened.reach, client: models },
    streams: createStreamGate(),
    load: createLoadGate({
      loopDelayMs: () => loopDelay.ms,
      waitingCommits: () => creator.depth,
      waitingQueries: () => db.waiting ?? 0,
      onRefused: (count) =>
        logger.warn({ count }, 'requests were refused: the process has more to do than it can'),
    }),
    webhooks: { db: serving, secretBox, reach, nudge: () => webhooks.nudge() },
    conversations: { db: serving, nudge: () => outgoing.nudge() },
    knowledge: { ...searching, db: serving, nudge: () => indexer.nudge() },
    sandbox,
    mcp,
    mcpDeps: { ...mcpDeps, db: serving },
    logger,
    secretBox,
    cursorKey,
    publicUrl,
    clusterUi: clusterUiOf(env),
    version,
    readiness: () =>
      readiness({
        ...{ db: quick, engines: { local: engine, temporal: cluster } },
        ...{ driven, sandbox, problem },
      }),
    rateLimit: env.rateLimit,
    rates: undo.use(new SharedRates({ db, logger })),
    oidc: oidcOf(env),
    corsOrigins: env.corsOrigins,
    isTrustedProxy: privateReach('SIGNALBOX_TRUSTED_PROXIES', env.trustedProxies).isPrivateAllowed,
  };
  const loops = openDueLoops(
    {
      ...{ api, db, settings, logger, publicUrl, budgets, nudgeNotices, onIdleError },
      sandboxProblem: problem,
    },
    undo,
  );
  const remover = objects === null ? [] : [undo.use(new ObjectRemover({ db, objects, logger }))];
  const timers = [...loops, webhooks, outgoing, notices, indexer, pruner, ...remover];
  const owned = undo.move();
  const alone = { deps: drive, membership: { db, processName, logger } };
  return {
    api,
    async drive(engines) {
      driven = engines;
      cluster?.tell();
      if (cluster === null) await warnOfClusterRuns(db, logger);
      if (engines.includes('local')) await engine.start();
      if (engines.includes('temporal')) await cluster?.work();
    },
    timers: { start: () => timers.forEach((timer) => void timer.start()) },
    alone,
    mintedAdminToken,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function warnOfClusterRuns(db: Database, logger: Logger): Promise<void> {
  const runs = await countOpenOnCluster(db);
  if (runs === 0) return;
  logger.warn(
    { runs },
    'Runs that began on Temporal have not ended, and go on only where TEMPORAL_ADDRESS is set',
  );
}

async function settleAdminToken(db: Database, given: string | null): Promise<string | null> {
  const secret = given ?? newTokenSecret('capi');
  const stored = await ensureAdminToken(db, {
    secretHash: hashTokenSecret(secret),
    hint: tokenHint(secret),
    onlyIfNone: given === null,
  });
  return given === null && stored ? secret : null;
}

function oidcOf(env: Env): OidcClient | null {
  if (env.oidc === null) return null;
  return createOidcClient({
    ...env.oidc,
    redirectUrl: `${env.publicUrl}/v1/session/oidc/callback`,
  });
}
