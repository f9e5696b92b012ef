import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { repositoryRoot } from '../support/source-tree.ts';
import { seriousFaults } from './open-browser.ts';

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

/**
 * Holds an open page by axe in both themes and on a phone. It is shot in the light, and where its name says so in the
 * dark and on the phone, too.
 */
export async function checkLooks(
  page: Page,
  name: string,
  shot: { readonly dark: readonly string[]; readonly phone: readonly string[] },
): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await showIn(page, theme);
    // Only colours differ between the themes.
    const rules = theme === 'light' ? undefined : ['color-contrast'];
    expect([name, theme, await seriousFaults(page, rules)]).toEqual([name, theme, []]);
    if (theme === 'light' || shot.dark.includes(name)) await shoot(page, `${name}-${theme}`);
  }
  await showIn(page, 'light');
  await page.setViewportSize({ width: 390, height: 780 });
  // A chart is drawn anew once it is told of its new width.
  await expect.poll(() => tooWide(page), { message: name, timeout: 10_000 }).toEqual([]);
  if (shot.phone.includes(name)) await shoot(page, `${name}-phone`);
  await page.setViewportSize({ width: 1_360, height: 860 });
}

/** Switches the theme of an open page. */
async function showIn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.locator(`html[data-theme=${theme}]`).waitFor();
}

/** What reaches beyond the right edge of the window and cannot be scrolled to. */
async function tooWide(page: Page): Promise<string[]> {
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

/**
 * Holds the page's requests, sees that it says it loads, fails them, and sees that it says so. `requests` are those
 * of a part of the page, where the rest of it is to answer.
 */
export async function checkLoadingAndFailure(
  page: Page,
  path: string,
  requests = /\/v1\/./,
): Promise<void> {
  const fail = await holdRequests(page, requests);
  await page.goto(path);
  await loading(page).waitFor();
  fail();
  await failure(page).waitFor();
  await page.unroute(requests);
}

/** The same for places that one goes between by links, without opening the page anew. */
export async function checkPlaces(page: Page, places: readonly Locator[]): Promise<void> {
  const requests = /\/v1\/./;
  const fail = await holdRequests(page, requests);
  for (const place of places) {
    await place.click();
    await loading(page).waitFor();
  }
  fail();
  for (const place of places) {
    await place.click();
    await failure(page).waitFor();
  }
  await page.unroute(requests);
}

const loading = (page: Page) => page.locator('main [role=status][aria-label^=Loading]').first();
const failure = (page: Page) =>
  page.getByRole('main').getByText('The database is on fire.').first();

/** Gives what fails the held requests, and all that come after them. */
async function holdRequests(page: Page, requests: RegExp): Promise<() => void> {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(requests, async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { error: 'The database is on fire.' } });
  });
  return release;
}
