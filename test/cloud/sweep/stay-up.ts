import { deploy } from './deployment.ts';

/** Keeps the local cloud up for whoever wants to try the deployed shape: prints what a shell needs, until Ctrl-C. */
process.stderr.write('Bundling, synthesizing and deploying to a cloud inside this machine …\n');
const { cloud, mock, close } = await deploy();
const exports = Object.entries(cloud.env).map(([name, value]) => `export ${name}='${value}'`);
process.stdout.write(`${exports.join('\n')}\n`);
process.stderr.write(`
The stack is up, with a mocked endpoint at ${mock.url} that it may measure. Paste the lines above into another shell, then:

  npm run -s paretoken -- start --url ${mock.url} --model mock --levels 1,4,16 --warm-up 2s --measure 10s --wait
  npm run -s paretoken -- list

Ctrl-C takes it down.
`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void close().then(() => process.exit(0)));
}
