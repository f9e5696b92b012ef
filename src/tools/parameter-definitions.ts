import { parameterTypes, type ToolParameter, type ToolParameters } from '../core/custom-tool.ts';
import { isObject } from '../core/is-object.ts';
import { fieldName, type Problems } from '../core/validate.ts';
import { checkValue } from './arguments.ts';

// What may be written as a tool's parameters. Unknown keys are refused: a JSON Schema keyword that is
// not in the subset would silently do nothing.

export const parameterMaxima = { count: 200, depth: 8, enumValues: 200, descriptionLength: 1_024 };

/** What every model provider takes as a member's name. `__proto__` is no name. */
const namePattern = /^[A-Za-z0-9_.-]{1,64}$/;
const keys = ['type', 'description', 'required', 'enum', 'default', 'properties', 'items'];

type Path = readonly (string | number)[];

interface Walk {
  readonly problems: Problems;
  count: number;
}

/** The parameters, or null with a line in `problems` for everything that is wrong with them. */
export function readParameters(
  given: unknown,
  at: Path,
  problems: Problems,
): ToolParameters | null {
  const walk: Walk = { problems, count: 0 };
  const before = problems.size;
  checkDefinitions(given, at, 1, walk);
  if (problems.size > before) return null;
  return given as ToolParameters;
}

function checkDefinitions(given: unknown, at: Path, depth: number, walk: Walk): void {
  if (!isObject(given)) {
    note(walk, at, 'must be an object: parameter name → definition');
    return;
  }
  if (depth > parameterMaxima.depth) {
    note(walk, at, `is nested too deeply; at most ${parameterMaxima.depth} levels are allowed`);
    return;
  }
  for (const [name, parameter] of Object.entries(given)) {
    const path = [...at, name];
    walk.count++;
    if (walk.count === parameterMaxima.count + 1) {
      note(walk, path, `is one too many; at most ${parameterMaxima.count} parameters are allowed`);
    }
    if (walk.count > parameterMaxima.count) return;
    if (!namePattern.test(name) || name === '__proto__') {
      note(walk, path, 'must have a name of 1 to 64 letters, digits, “_”, “.” or “-”');
      continue;
    }
    checkDefinition(parameter, path, depth, walk);
  }
}

function checkDefinition(given: unknown, at: Path, depth: number, walk: Walk): void {
  if (!isObject(given)) {
    note(walk, at, 'must be an object such as {"type": "string", "required": true}');
    return;
  }
  const unknown = Object.keys(given).filter((key) => !keys.includes(key));
  if (unknown.length > 0) {
    note(walk, at, `has unknown fields: ${unknown.join(', ')}; allowed are ${keys.join(', ')}`);
  }
  const { type, description, required, properties, items } = given;
  if (!(parameterTypes as readonly unknown[]).includes(type)) {
    note(walk, [...at, 'type'], `must be one of ${parameterTypes.join(', ')}`);
    return;
  }
  if (description !== undefined && !isDescription(description)) {
    const most = parameterMaxima.descriptionLength;
    note(walk, [...at, 'description'], `must be a string of at most ${most} characters`);
  }
  if (required !== undefined && typeof required !== 'boolean') {
    note(walk, [...at, 'required'], 'must be true or false');
  }
  checkNested(properties, { type, allowed: 'object', at: [...at, 'properties'], walk }, (path) =>
    checkDefinitions(properties, path, depth + 1, walk),
  );
  checkNested(items, { type, allowed: 'array', at: [...at, 'items'], walk }, (path) =>
    depth >= parameterMaxima.depth
      ? note(
          walk,
          path,
          `is nested too deeply; at most ${parameterMaxima.depth} levels are allowed`,
        )
      : checkDefinition(items, path, depth + 1, walk),
  );
  checkSamples(given, at, walk);
}

function checkNested(
  given: unknown,
  place: {
    readonly type: unknown;
    readonly allowed: string;
    readonly at: Path;
    readonly walk: Walk;
  },
  check: (at: Path) => void,
): void {
  if (given === undefined) return;
  if (place.type === place.allowed) check(place.at);
  else note(place.walk, place.at, `goes only with the type ${place.allowed}`);
}

/** `enum` and `default` must be values that the parameter itself would take. */
function checkSamples(given: Record<string, unknown>, at: Path, walk: Walk): void {
  // On a definition that is wrong itself they would only repeat it.
  const own = fieldName(at);
  if ([...walk.problems.keys()].some((field) => field.startsWith(own))) return;
  const { enum: choices, ...withoutEnum } = given;
  if (choices !== undefined) {
    const most = parameterMaxima.enumValues;
    if (!Array.isArray(choices) || choices.length === 0 || choices.length > most) {
      note(walk, [...at, 'enum'], `must be an array of 1 to ${most} values`);
      return;
    }
    for (const [index, choice] of choices.entries()) {
      sample(withoutEnum, choice, [...at, 'enum', index], walk);
    }
  }
  if (given.default !== undefined) sample(given, given.default, [...at, 'default'], walk);
}

function sample(definition: object, value: unknown, at: Path, walk: Walk): void {
  checkValue(definition as ToolParameter, { value, at, problems: walk.problems });
}

function isDescription(value: unknown): boolean {
  return typeof value === 'string' && value.length <= parameterMaxima.descriptionLength;
}

function note(walk: Walk, at: Path, problem: string): void {
  const field = fieldName(at);
  if (!walk.problems.has(field)) walk.problems.set(field, problem);
}
