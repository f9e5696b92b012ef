// A call as a peer would make it: code and parameters on standard input, the result on standard output.

const isDeno = 'Deno' in globalThis;
const text = isDeno
  ? await new Response(Deno.stdin.readable).text()
  : (await import('node:fs')).readFileSync(0, 'utf8');
const { code, parameters } = JSON.parse(text);
const main = new Function(`${code}\nreturn main;`)();
console.log(JSON.stringify(await main(parameters)));
