import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { repositoryRoot } from '../support/source-tree.ts';
import { buildDashboard } from './open-browser.ts';

// What is held true of the build, without a browser.

const folder = join(repositoryRoot, 'dist', 'web');

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

let manifest: Readonly<Record<string, Chunk>>;
beforeAll(() => {
  buildDashboard();
  manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'));
}, 120_000);

/** A chunk and all that comes with it at once. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const other of chunk.imports ?? []) withImports(other, seen);
  return seen;
}

test('the first page needs less than 250 KiB of compressed JavaScript', () => {
  const files = withImports('src/runs/RunsPage.tsx', withImports('index.html'));
  const sizes = [...files].map((file) => gzipSync(readFileSync(join(folder, file))).length);
  const sum = sizes.reduce((before, size) => before + size, 0);
  expect(files.size).toBeGreaterThan(2);
  expect(sum).toBeGreaterThan(50 * 1_024);
  expect(sum).toBeLessThan(250 * 1_024);
});

test('each page is a file of its own, and none begins with all of them', () => {
  const pages = Object.keys(manifest).filter((name) => /Page\.tsx$/.test(name));
  expect(pages.length).toBeGreaterThanOrEqual(9);
  const first = withImports('index.html');
  expect(pages.filter((name) => first.has(manifest[name]?.file ?? ''))).toEqual([]);
});

test('the page holds no script or style of its own', () => {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=/);
  expect(page).toContain('content="%NONCE%"');
});
