import type { SandboxCall } from '../core/sandbox.ts';

/** How a runner reaches the egress proxy: by a socket and files that it is shown, or by a port on loopback. */
export interface RunnerNetwork {
  readonly credential: string;
  readonly socketPath: string | null;
  readonly certificatesPath: string | null;
  readonly port: number | null;
  /** Authorities in `certificatesPath` that the interpreter does not know by itself. */
  readonly hasOwnCertificates: boolean;
}

/** A call with what it was granted. */
export interface PreparedCall extends SandboxCall {
  readonly proxy?: RunnerNetwork;
  /** Where the runner finds packages, by its own path; without them Python does not look. */
  readonly packagesPath?: string;
}
