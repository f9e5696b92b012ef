import { isBuiltin } from 'node:module';
import {
  importedPath,
  importsOf,
  isTest,
  type SourceFile,
  withoutComments,
} from './source-tree.ts';

/**
 * The parts of src/, lowest first: a part may import itself and what stands on lines before its own,
 * never its neighbours. A part is a folder, or one of the files that make up the process.
 */
const layers = [
  ['core'],
  ['store', 'models', 'sandbox', 'telemetry'],
  ['tools'],
  ['delivery'],
  [
    'agents',
    'knowledge',
    'skills',
    'memory',
    'conversations',
    'webhooks',
    'model-registry',
    'alerts',
    'retention',
    'members',
    'records',
  ],
  ['notifications'],
  ['runs'],
  ['triggers', 'privacy'],
  ['agent-tests', 'chat'],
  ['templates'],
  ['engine'],
  ['api'],
  ['readiness.ts', 'private-reach.ts', 'housekeeping.ts', 'spawn-alone.ts'],
  [
    'open-cluster.ts',
    'open-due-loops.ts',
    'open-models.ts',
    'open-run-tools.ts',
    'open-sandbox.ts',
    'open-store.ts',
    'open-telemetry.ts',
  ],
  ['context.ts', 'doctor.ts', 'runtimes.ts', 'rotate-secret-key.ts'],
  ['restore.ts'],
  ['main.ts'],
];

/** The other files directly in src/ (environment, configuration, log): how this process is set up. */
const settings = 'settings';

/** Parts beside the order: exactly what each may import besides itself. */
const asides: Record<string, string[]> = {
  [settings]: ['core'],
  // A client of the API, which it reaches by HTTP like any other.
  cli: ['core', settings],
};

/** Who may import the asides; nobody else may. */
const asidesOf: Record<string, string[]> = {
  'context.ts': [settings],
  'doctor.ts': [settings],
  'open-cluster.ts': [settings],
  'open-models.ts': [settings],
  'open-run-tools.ts': [settings],
  'open-sandbox.ts': [settings],
  'open-store.ts': [settings],
  'open-telemetry.ts': [settings],
  'private-reach.ts': [settings],
  'readiness.ts': [settings],
  'spawn-alone.ts': [settings],
  'restore.ts': [settings],
  'rotate-secret-key.ts': [settings],
  'runtimes.ts': [settings],
  'main.ts': [settings, 'cli'],
};

/** Packages that belong to one part; a trailing slash means the whole scope. */
const homes: Record<string, string[]> = {
  pg: ['store'],
  '@ai-sdk/': ['models'],
  hono: ['api'],
  '@modelcontextprotocol/server': ['api'],
  '@hono/': ['api', 'main.ts'],
  commander: ['cli', 'main.ts'],
  '@opentelemetry/': ['telemetry'],
};

/** The modules that only compute: all that core may use beside itself. */
const pureModules = new Set([
  'node:assert',
  'node:buffer',
  'node:crypto',
  'node:string_decoder',
  'node:url',
  'node:util',
  'zod',
]);

/** Every import of a file in src/ that goes against the direction, as a sentence. Tests are free. */
export function layeringFaults(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.endsWith('.ts') && !isTest(path))
    .flatMap((file) => importsOf(file).flatMap((specifier) => importFault(file.path, specifier)));
}

function importFault(from: string, specifier: string): string[] {
  const part = partOf(from);
  const to = importedPath(from, specifier);
  if (to === null) return packageFault({ from, part, specifier });
  if (to.startsWith('..')) return [`${from} imports ${specifier}, outside src`];
  if (isTest(to)) return [`${from} imports the test ${to}`];
  if (!isKnown(part)) return [`${from} is in no known part of src: give ${part} its place`];
  return mayImport(part, partOf(to)) ? [] : [`${from} (${part}) imports ${to} (${partOf(to)})`];
}

function packageFault(use: { from: string; part: string; specifier: string }): string[] {
  const { from, part, specifier } = use;
  if (part === 'core' && !pureModules.has(specifier)) {
    return [`${from}: core is pure, it cannot import ${specifier}`];
  }
  if (isBuiltin(specifier) && !specifier.startsWith('node:')) {
    return [`${from} imports ${specifier} without node:`];
  }
  const home = Object.entries(homes).find(([name]) => isOfPackage(specifier, name));
  if (!home || home[1].includes(part)) return [];
  return [`${from} imports ${specifier}, which belongs to ${home[1].join(' and ')}`];
}

function isOfPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(name.endsWith('/') ? name : `${name}/`);
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (asides[from]) return asides[from].includes(to);
  if (asidesOf[from]?.includes(to)) return true;
  return to in asides ? false : rankOf(to) !== -1 && rankOf(to) < rankOf(from);
}

function isKnown(part: string): boolean {
  return part in asides || rankOf(part) !== -1;
}

function rankOf(part: string): number {
  return layers.findIndex((layer) => layer.includes(part));
}

function partOf(path: string): string {
  const [first = path, ...rest] = path.split('/');
  return rest.length > 0 || rankOf(first) !== -1 ? first : settings;
}

/** Each cycle of imports once, as `a.ts → b.ts → a.ts`. */
export function importCycles(files: SourceFile[]): string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      importsOf(file).flatMap((specifier) => importedPath(file.path, specifier) ?? []),
    ]),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) cycles.push([...trail.slice(start), path].join(' → '));
    if (start !== -1 || finished.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}

/** Files outside store/ that hold SQL, and SQL files outside its migrations. */
export function strayStatements(files: SourceFile[]): string[] {
  const statement =
    /\b(SELECT\s[^;]*?\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|SCHEMA)\b)/;
  return files
    .filter(({ path }) => partOf(path) !== 'store' && !isTest(path))
    .filter(({ path, text }) => path.endsWith('.sql') || statement.test(withoutComments(text)))
    .map(({ path }) => path);
}
