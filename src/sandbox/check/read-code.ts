import type { CodeParameters, CodeProblem } from '../../core/sandbox.ts';
import type { CodeImport } from './find-imports.ts';

/** What reading a tool's code gave, before it is known which packages there are. */
export interface ReadCode {
  readonly problems: readonly CodeProblem[];
  readonly imports: readonly CodeImport[];
  readonly parameters: CodeParameters;
}
