import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { repositoryRoot } from '../support/source-tree.ts';

/** The machine's Chromium; null where there is none. */
export const chromiumProgram = findProgram(['chromium', 'chromium-browser', 'google-chrome']);

/** Builds the dashboard as `npm start` does, unless it is built already. */
export function buildDashboard(): void {
  const code = "await (await import('./scripts/web.js')).prepareDashboard()";
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The dashboard could not be built:\n${stderr}`);
}

export interface TestBrowser extends AsyncDisposable {
  readonly context: BrowserContext;
  /** What pages complained of: uncaught errors, and all that the content security policy stopped. */
  readonly complaints: readonly string[];
  /** Every address that was asked for, of whichever server. */
  readonly requested: readonly string[];
}

/** Chromium with a profile of its own. */
export async function openBrowser(baseURL: string): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'signalbox-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumProgram ?? '',
    baseURL,
    headless: true,
    viewport: { width: 1_360, height: 860 },
    reducedMotion: 'reduce',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  context.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  const requested: string[] = [];
  context.on('weberror', (error) => complaints.push(String(error.error())));
  context.on('request', (request) => requested.push(request.url()));
  context.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) {
      complaints.push(
        `${message.text()} at ${message.location().url}:${message.location().lineNumber}:${message.location().columnNumber}`,
      );
    }
  });
  return {
    context,
    complaints,
    requested,
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/** What axe finds on the page that is serious or worse, a line each; by some rules alone, where they are named. */
export async function seriousFaults(page: Page, rules = standards): Promise<string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations: found } = await axe.run({ runOnly });
    return found.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ target, html }) => `${target.join(' ')} ${html.slice(0, 160)}`),
    }));
  }, rules);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node}`));
}

/** As far as it is used here. */
interface Axe {
  run(options: object): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly target: readonly string[]; readonly html: string }[];
    }[];
  }>;
}

function findProgram(names: readonly string[]): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const program = join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        // Not in this folder.
      }
    }
  }
  return null;
}
