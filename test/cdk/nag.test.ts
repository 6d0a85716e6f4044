import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { appWith, fullContext } from './synthesize.ts';

test('cdk-nag and CDK’s own checks find nothing in the stack that is not explained beside its resource', () => {
  const { app, stack } = appWith(fullContext, { validated: true });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  const { messages } = app.synth().getStackArtifact(stack.artifactId);
  assert.deepEqual(
    messages.map(({ entry }) => entry.data),
    [],
  );
});
