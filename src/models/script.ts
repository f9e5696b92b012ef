import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { finishReasons, ModelError, modelErrorKinds } from '../core/model.ts';

const tokens = z.number().int().min(0);
const usd = z.number().min(0);

const answerSchema = z.strictObject({
  text: z.string().optional(),
  tool_calls: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** An object, or the very text that the model "wrote", for malformed arguments. */
        arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
      }),
    )
    .optional(),
  finish_reason: z.enum(finishReasons).optional(),
  usage: z
    .strictObject({
      input_tokens: tokens,
      output_tokens: tokens,
      cached_input_tokens: tokens.optional(),
      cache_write_tokens: tokens.optional(),
      reasoning_tokens: tokens.optional(),
    })
    .optional(),
  delay_ms: z.number().int().min(0).max(600_000).optional(),
  /** Instead of an answer: the call fails for good with this. */
  error: z.strictObject({ kind: z.enum(modelErrorKinds), message: z.string().min(1) }).optional(),
});

const turnSchema = z.strictObject({
  expect: z
    .strictObject({
      /** Tools that must be on offer; others may be too. */
      tools: z.array(z.string()).optional(),
      /** Each must occur in the messages since the last answer; at the first turn, in any. */
      contains: z.array(z.string()).optional(),
      /** Exactly the tools whose results came since the last answer, in any order. */
      results_of: z.array(z.string()).optional(),
    })
    .optional(),
  answer: answerSchema,
});

const scriptSchema = z.strictObject({
  description: z.string().optional(),
  /** USD per million tokens. Absent: the price is unknown. */
  price: z
    .strictObject({
      input: usd,
      output: usd,
      cached_input: usd.optional(),
      cache_write: usd.optional(),
    })
    .optional(),
  turns: z.array(turnSchema).min(1),
  /** What it says of replies as the judge of guardrails, call by call. */
  guardrails: z.array(turnSchema).optional(),
});

/** What a scripted model answers, turn by turn. */
export type Script = z.output<typeof scriptSchema>;
export type ScriptInput = z.input<typeof scriptSchema>;
export type ScriptTurn = Script['turns'][number];

export interface ScriptSource {
  readonly scriptsDir?: string | undefined;
  /** By name; these come before the files. */
  readonly scripts?: Readonly<Record<string, ScriptInput>> | undefined;
}

/** Finds a script by name. Throws `ModelError` that says what is missing or wrong with it. */
export type FindScript = (name: string) => Script;

/** Reads scripts from memory and from `<scriptsDir>/<name>.json`; a changed file is read again. */
export function createScriptFinder(source: ScriptSource): FindScript {
  const parsed = new Map<string, Script>();
  const remember = (key: string, parse: () => Script): Script => {
    const script = parsed.get(key) ?? parse();
    parsed.set(key, script);
    return script;
  };
  return (name) => {
    const given = source.scripts?.[name];
    if (given !== undefined) {
      return remember(name, () => parseScript(given, `scripted/${name}`));
    }
    const file = scriptFile(name, source.scriptsDir);
    let key: string;
    try {
      const { mtimeMs, size } = statSync(file);
      key = `${file} ${mtimeMs} ${size}`;
    } catch (cause) {
      throw new ModelError('unknown_model', `scripted/${name} has no script: ${file} is missing.`, {
        cause,
      });
    }
    return remember(key, () => parseFile(file));
  };
}

function scriptFile(name: string, scriptsDir: string | undefined): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new ModelError(
      'unknown_model',
      `scripted/${name}: a script's name has letters, digits, ".", "_" and "-" only.`,
    );
  }
  if (scriptsDir === undefined) {
    throw new ModelError(
      'unknown_model',
      `scripted/${name} cannot be used: this server has no directory of scripts.`,
    );
  }
  return join(scriptsDir, `${name}.json`);
}

function parseFile(file: string): Script {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError('script', `${file} is not JSON: ${why}`, { cause });
  }
  return parseScript(content, file);
}

/** Throws `ModelError` of kind `script` with the path of every mistake. */
function parseScript(content: unknown, where: string): Script {
  const result = scriptSchema.safeParse(content);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || 'script'}: ${issue.message}`,
  );
  throw new ModelError('script', `${where} is not a script. ${mistakes.join('; ')}`);
}
