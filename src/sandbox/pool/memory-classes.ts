// Memory is a limit that some interpreters take only when they start: those that wait have one of these.

const memoryClasses = [128, 256, 512, 1024, 2048] as const;

/** The smallest class that has room for `memoryMb`. */
export function memoryClassOf(memoryMb: number): number {
  return memoryClasses.find((classMb) => classMb >= memoryMb) ?? memoryMb;
}

export { memoryClasses };
