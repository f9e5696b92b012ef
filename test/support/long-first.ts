import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that start servers and wait for them: how long they take is not told by how much stands in them. */
const long =
  /\/test\/(?:chaos|e2e|proof|simulation|docs)\/|\/src\/(?:sandbox|engine|store\/embedded)\//;

/** Without results of an earlier run, Vitest starts the largest files first; here those that wait come before them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
