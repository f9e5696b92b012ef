import type { CDPSession, Page } from 'playwright-core';

// What a page takes, measured in it and by Chromium’s own trace.

const watched = {
  row: '[data-row]',
  step: '[data-step]',
  output: '[aria-label="Large output"] pre',
} as const;

type Watched = keyof typeof watched;

/** Notes, in every document from now on, when each of the watched parts was first painted. */
export async function notePaints(page: Page): Promise<void> {
  await page.addInitScript((selectors: Readonly<Record<string, string>>) => {
    const paints: Record<string, number | null> = {};
    Object.assign(globalThis, { paints });
    const look = () => {
      for (const [name, selector] of Object.entries(selectors)) {
        if (name in paints || document.querySelector(selector) === null) continue;
        paints[name] = null;
        // After the frame that shows it.
        requestAnimationFrame(() =>
          setTimeout(() => {
            paints[name] = performance.now();
          }, 0),
        );
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  }, watched);
}

/** From the end of the first answer whose address holds the text to the first paint of the part, in ms. */
export async function msAfterAnswer(page: Page, part: Watched, address: string): Promise<number> {
  const handle = await page.waitForFunction(
    ([name, text]) => {
      const { paints } = globalThis as unknown as { paints: Record<string, number | null> };
      const painted = paints[name ?? ''];
      if (painted === null || painted === undefined) return null;
      const answers = performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.includes(text ?? ''))
        .map((entry) => (entry as PerformanceResourceTiming).responseEnd)
        .filter((end) => end > 0 && end <= painted);
      return answers.length === 0 ? null : { ms: Math.round(painted - Math.min(...answers)) };
    },
    [part, address],
  );
  const found = await handle.jsonValue();
  return found?.ms ?? Number.NaN;
}

/** From the beginning of the navigation to the first paint of the part, in ms. */
export async function msAfterNavigation(page: Page, part: Watched): Promise<number> {
  return await page.evaluate((name) => {
    const { paints } = globalThis as unknown as { paints: Record<string, number | null> };
    return Math.round(paints[name] ?? Number.NaN);
  }, part);
}

interface ScrollReport {
  readonly 'frames while scrolling': number;
  readonly 'median frame, ms': number;
  readonly '95 of 100 frames within, ms': number;
  readonly 'longest frame, ms': number;
  /** Of the main thread over 50 ms, by the trace. */
  readonly 'long tasks': number;
  readonly 'longest task, ms': number;
}

/** Turns the wheel over a part of the page, and says from the trace and the frames how that went. */
export async function scrollTraced(given: {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** A selector. */
  readonly at: string;
  readonly forMs: number;
}): Promise<ScrollReport> {
  const { page, cdp, at, forMs } = given;
  const box = await page.locator(at).first().boundingBox();
  if (box === null) throw new Error(`There is nothing at ${at}.`);
  await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height / 2, 200));
  const stopTrace = await startTrace(cdp);
  await page.evaluate(() => {
    const frames: number[] = [];
    let before = performance.now();
    const note = () => {
      if (Object.isFrozen(frames)) return;
      const now = performance.now();
      frames.push(now - before);
      before = now;
      requestAnimationFrame(note);
    };
    Object.assign(globalThis, { frames });
    requestAnimationFrame(note);
  });
  const until = performance.now() + forMs;
  while (performance.now() < until) await page.mouse.wheel(0, 240);
  const frames = await page.evaluate(() => {
    const { frames: noted } = globalThis as unknown as { frames: number[] };
    const all = [...noted];
    noted.length = 0;
    Object.freeze(noted);
    return all;
  });
  const tasks = await stopTrace();
  const sorted = frames.toSorted((a, b) => a - b);
  const at95 = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    'frames while scrolling': frames.length,
    'median frame, ms': at95(0.5),
    '95 of 100 frames within, ms': at95(0.95),
    'longest frame, ms': Math.round(sorted.at(-1) ?? 0),
    'long tasks': tasks.filter((ms) => ms > 50).length,
    'longest task, ms': Math.round(Math.max(0, ...tasks)),
  };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Gives how long each task of the page’s main thread took, in ms, when it is stopped. */
async function startTrace(cdp: CDPSession): Promise<() => Promise<number[]>> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }) => {
    events.push(...(value as TraceEvent[]));
  };
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  });
  return async () => {
    const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
    await cdp.send('Tracing.end');
    await complete;
    cdp.off('Tracing.dataCollected', collect);
    const mains = new Set(
      events
        .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
        .map(({ pid, tid }) => `${pid} ${tid}`),
    );
    const tasks = events
      .filter(
        ({ name, ph, pid, tid }) =>
          name.endsWith('RunTask') && ph === 'X' && mains.has(`${pid} ${tid}`),
      )
      .map(({ dur = 0 }) => dur / 1_000);
    if (tasks.length === 0) throw new Error('The trace holds no task of the page.');
    return tasks;
  };
}

/** Bytes of JavaScript’s heap after a collection, and nodes of the document. */
export async function usedMemory(
  cdp: CDPSession,
): Promise<{ readonly heap: number; readonly nodes: number }> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  return { heap: usedSize, nodes };
}
