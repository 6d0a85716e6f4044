#!/usr/bin/env node
const oldest = 24;

if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(`paretoken needs Node ${oldest} or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  // Before all that is large is loaded.
  const { keepCompiledCode } = await import('./compile-cache.ts');
  keepCompiledCode();
  const { main } = await import('./program.ts');
  await main(process.argv);
}
