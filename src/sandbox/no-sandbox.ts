import { type Sandbox, SandboxUnavailable } from '../core/sandbox.ts';

/**
 * Stands where no backend works: every call fails closed with the reason. The server starts all the same,
 * so that `/readyz`, the traces and what needs no tool can be reached while the machine is mended.
 */
export function noSandbox(reason: string): Sandbox {
  const refuse = (): Promise<never> => Promise.reject(new SandboxUnavailable(reason));
  return {
    backend: 'jail',
    runtimes: () => [],
    run: refuse,
    check: refuse,
    installPackages: refuse,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
