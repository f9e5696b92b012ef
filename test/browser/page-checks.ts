import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { repositoryRoot } from '../support/source-tree.ts';

// What every page is held to, and its picture.

const screenshots =
  process.env.SIGNALBOX_SCREENSHOTS === undefined
    ? null
    : join(repositoryRoot, 'docs', 'screenshots');

/** With SIGNALBOX_SCREENSHOTS=1, what the page looks like goes to docs/screenshots/. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (screenshots === null) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** Opens a page and waits until nothing on it is still loading. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(
    () => document.querySelector('[role=status][aria-label^=Loading]') === null,
  );
}

/** Switches the theme of an open page. */
export async function showIn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
}

/** What reaches beyond the right edge of the window and cannot be scrolled to. */
export async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const main = document.querySelector('main');
    const all = [...(main?.querySelectorAll('*') ?? [])];
    const within = (each: Element) =>
      each.closest(
        '.overflow-x-auto, .overflow-auto, [class*=overflow-hidden], .sr-only, .cm-editor',
      );
    return all
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && !within(each))
      .map((each) => `${each.tagName} ${each.className}`)
      .slice(0, 3);
  });
}

/** Holds the page's requests, sees that it says it loads, fails them, and sees that it says so. */
export async function checkLoadingAndFailure(page: Page, path: string): Promise<void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/v1\/./, async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { error: 'The database is on fire.' } });
  });
  await page.goto(path);
  await page.locator('[role=status][aria-label^=Loading]').first().waitFor();
  release();
  await page.getByText('The database is on fire.').first().waitFor();
  await page.unroute(/\/v1\/./);
}
