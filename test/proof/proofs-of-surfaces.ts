import { proveFuzz } from './fuzz.ts';
import { playNewcomer } from './newcomer.ts';
import { type Proof, report } from './proof.ts';

// What others touch: the API as its documents say it, the first hour, the dashboard.

type DashboardProver = (given: object) => Promise<Record<string, number | string>>;

export const fuzz: Proof = {
  title: 'Requests made of the OpenAPI documents',
  claim:
    'Schemathesis makes requests of both OpenAPI documents, 100,000 unless `--minutes` ends it before: `requests` says how many it were (examples, edges of every schema, random ones, chains of calls; valid and not; as the admin and as a token of one workspace) against a real server on a real database, and holds every answer against the document, all checks on. No server error, no undocumented status, header, content type or shape, nothing accepted that the document forbids, nothing open without a token. A request that the schema allows may be refused with the documented 400 or 422: rules over several fields, unknown ids and cursors are more than a schema can say.',
  zero: ['failures', 'errors'],
  run: async (seed, minutes) => {
    const endAt = minutes === undefined ? {} : { endAt: new Date(Date.now() + minutes * 60_000) };
    const { found, ...figures } = await proveFuzz({ seed, requests: 100_000, report, ...endAt });
    return { ...figures, found: found.join('; ') };
  },
};

export const newcomer: Proof = {
  title: 'A newcomer',
  claim:
    'The commands of docs/quick-start.md as they stand there, in an empty folder: a fresh clone, every package from the registry and the dashboard’s build included, to an agent with a tool that answers a webhook and passes its test case. At most ten commands. The provider is a fake one on this machine, so no time is a model’s.',
  zero: ['failedCommands', 'wrongAnswers', 'failedCases', 'tooManyCommands'],
  async run() {
    const { output, ...figures } = await playNewcomer({
      installed: false,
      timeoutMs: 30 * 60_000,
    });
    if (figures.failedCommands > 0) report(output);
    report(`from nothing in ${figures.totalSeconds} s`);
    return { ...figures, tooManyCommands: Math.max(0, figures.commands - 10) };
  },
};

export const dashboard: Proof = {
  title: 'The dashboard over very much',
  claim:
    'In a real Chromium: a table of 1,000,000 runs; a run of over 2,000 steps and an output of 5 MiB, watched for ten minutes while it goes on and the server is stopped and started in its midst; then opened anew, scrolled through, and its output read. First useful paint is less than a second after the answer that it shows, memory after a collection stays what the steps on the page weigh, and no step is missed. Frames and tasks while scrolling are of the page’s own frames and of Chromium’s trace; fast wheels over unread pages, which are read meanwhile.',
  zero: [
    'slowPaints',
    'missedSteps',
    'memoryGrew',
    'roughScrolls',
    'tooShortOrSmall',
    'complaints',
  ],
  run: async () => {
    // Its types are those of a browser, which the rest of the proofs has none of.
    const { href } = new URL('../browser/dashboard-proof.ts', import.meta.url);
    const { proveDashboard } = (await import(href)) as { proveDashboard: DashboardProver };
    const figures = await proveDashboard({
      storedRuns: 1_000_000,
      turns: 400,
      callsPerTurn: 4,
      turnMs: 1_500,
      largeBytes: 5 * 1_048_576,
      scrollMs: 5_000,
      report,
    });
    const rough = Object.entries(figures).filter(
      ([name, value]) => name.endsWith('95 of 100 frames within, ms') && Number(value) > 50,
    );
    const isWhole =
      Number(figures['live run: seconds']) >= 600 && Number(figures['live run: steps']) >= 2_000;
    return { ...figures, roughScrolls: rough.length, tooShortOrSmall: isWhole ? 0 : 1 };
  },
};
