import type { ChainLink, ModelClient, ModelErrorKind } from '../core/model.ts';
import { isModelName } from '../core/model-entry.ts';
import type { DrivenRun } from './driven-run.ts';

// Which model a run asks: its own, and once that has failed the next of its chain. What has failed is read
// from the journal, so that an owner after a crash goes on where the one before it was.

type Chained = Pick<DrivenRun, 'run' | 'definition' | 'entries'>;
type Models = Pick<ModelClient, 'registry' | 'whyUnusable'>;
type Failures = ReadonlyMap<string, ModelErrorKind>;

/** The run's model, or the one to be asked in its place; after a wait its own again. */
export async function modelOf(models: Models, driven: Chained): Promise<string> {
  const failures = failuresSinceWait(driven);
  if (failures.size === 0) return driven.run.model;
  const next = await nextModel(models, driven, failures);
  return next ?? driven.definition.fallback_model ?? driven.run.model;
}

/** Whether another model is to be asked after this one failed so. */
export async function hasFallback(
  models: Models,
  driven: Chained,
  failed: { readonly model: string; readonly kind: ModelErrorKind },
): Promise<boolean> {
  const failures = new Map(failuresSinceWait(driven)).set(failed.model, failed.kind);
  return (await nextModel(models, driven, failures)) !== null;
}

/** The chain of the run's model as far as its errors lead, then the agent's fallback, whatever went wrong. */
async function nextModel(
  models: Models,
  driven: Chained,
  failures: Failures,
): Promise<string | null> {
  const { run, definition } = driven;
  for (const { model, fallbackOn } of await chainOf(models, run)) {
    const kind = failures.get(model);
    if (kind === undefined) {
      if (await isUsable(models, run, model)) return model;
    } else if (fallbackOn !== 'all' && !fallbackOn.includes(kind)) break;
  }
  const fallback = definition.fallback_model;
  if (fallback === null || failures.has(fallback)) return null;
  return (await isUsable(models, run, fallback)) ? fallback : null;
}

async function chainOf(models: Models, run: Chained['run']): Promise<readonly ChainLink[]> {
  return models.registry !== undefined && isModelName(run.model)
    ? await models.registry.chainOf(run.workspaceId, run.model)
    : [{ model: run.model, fallbackOn: 'all' }];
}

async function isUsable(models: Models, run: Chained['run'], model: string): Promise<boolean> {
  const why =
    models.registry !== undefined && isModelName(model)
      ? await models.registry.whyUnusable(run.workspaceId, model)
      : models.whyUnusable(model);
  return why === null;
}

function failuresSinceWait(driven: Chained): Failures {
  const since = driven.entries.findLastIndex((entry) => entry.type === 'delay') + 1;
  return new Map(
    driven.entries
      .slice(since)
      .flatMap((entry) =>
        (entry.type === 'model' || entry.type === 'guardrail') &&
        entry.state === 'failed' &&
        !entry.data.copied
          ? [[entry.data.model, entry.data.kind] as const]
          : [],
      ),
  );
}
