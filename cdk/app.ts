import { App } from 'aws-cdk-lib';
import { ConfigurationError } from './configuration-error.ts';
import { ParetokenStack } from './paretoken-stack.ts';
import { readSettings } from './settings.ts';

const app = new App();
try {
  const settings = readSettings(app.node.getAllContext());
  new ParetokenStack(app, settings.stackName, { settings });
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
