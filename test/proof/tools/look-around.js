// A tool that tells of everything it finds that is not its own, and then leaves all it can behind.

const fs = require('node:fs');
const { join } = require('node:path');

// biome-ignore lint/correctness/noUnusedVariables: the runner calls it.
function main({ mark, directory, first_pid: firstPid }) {
  const found = fs.readdirSync(directory).map((name) => `file ${name}`);
  found.push(...Object.keys(process.env).map((name) => `variable ${name}`));
  for (let pid = firstPid; pid < firstPid + 400; pid++) {
    if (pid !== process.pid && isThere(pid)) found.push(`process ${pid}`);
  }
  if (process.pid > 2) found.push(`process numbers up to its own, ${process.pid}`);
  found.push(...Object.keys(globalThis).filter((name) => name.startsWith('left')));
  found.push(...Object.keys(Object.prototype));

  fs.writeFileSync(join(directory, mark), mark);
  process.env.LEFT = mark;
  globalThis.left = mark;
  Object.prototype.left = mark;
  setInterval(() => {}, 1000);
  return { message: mark, rawData: found };
}

function isThere(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
