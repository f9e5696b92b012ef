import { CliError } from './cli-error.ts';

/** Nobody answers at the server's address, or not now: worth another try. */
export class Unavailable extends CliError {}
