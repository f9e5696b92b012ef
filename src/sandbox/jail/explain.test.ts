import { describe, expect, test } from 'vitest';
import { explainRefusal, type MachineFacts } from './explain.ts';

const refusal = 'bwrap: No permissions to create new namespace, likely because the kernel does not';

const facts = (more: Partial<MachineFacts> & { sysctls?: Record<string, string> } = {}) => ({
  sysctl: (name: string) => more.sysctls?.[name] ?? null,
  isRoot: false,
  hasAdminCapability: false,
  isFiltered: false,
  isContainer: false,
  ...more,
});

describe('a refused jail', () => {
  test.each([
    [{ 'kernel.unprivileged_userns_clone': '0' }, 'sysctl kernel.unprivileged_userns_clone=1'],
    [{ 'user.max_user_namespaces': '0' }, 'sysctl user.max_user_namespaces=10000'],
    [{ 'kernel.apparmor_restrict_unprivileged_userns': '1' }, 'deploy/apparmor-bwrap'],
  ])('names the setting that forbids it: %j', (sysctls, advice) => {
    const explained = explainRefusal(refusal, facts({ sysctls }));
    expect(explained).toContain(advice);
    expect(explained).toContain(refusal);
    const others = Object.fromEntries(
      Object.entries(sysctls).map(([name, value]) => [name, value === '0' ? '1' : '0']),
    );
    expect(explainRefusal(refusal, facts({ sysctls: others }))).not.toContain(advice);
  });

  test('names the container’s filter, and a root that has no rights', () => {
    const filtered = explainRefusal(refusal, facts({ isFiltered: true }));
    expect(filtered).toContain('--security-opt seccomp=deploy/seccomp.json');
    const root = facts({ isRoot: true, isContainer: true });
    expect(explainRefusal(refusal, root)).toContain('--user 1000:1000');
    const able = explainRefusal(refusal, { ...root, hasAdminCapability: true });
    expect(able).not.toContain('--user');
  });

  test('is left as it is when it is about something else', () => {
    expect(explainRefusal('libfoo.so is not installed.', facts())).toBe(
      'libfoo.so is not installed.',
    );
    expect(explainRefusal('/tmp could not be mounted.', facts())).toContain('docs/containers.md');
  });
});
