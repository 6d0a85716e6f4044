#!/usr/bin/env node
const oldest = 24;

if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(`paretoken needs Node ${oldest} or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  const { main } = await import('./program.ts');
  await main(process.argv);
}
