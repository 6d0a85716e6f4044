import { Aws, Stack } from 'aws-cdk-lib';
import { type Conditions, Effect, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { environmentNames } from '../functions/environment.ts';
import type { AllowedTarget } from '../lib/target/allowed-targets.ts';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';
import { parameterResource, secretResource } from './allowed-targets.ts';
import { type FunctionNetwork, type FunctionSize, LiveFunction, type SharedFunctionProps } from './live-function.ts';
import type { ResultsBucket } from './results-bucket.ts';

export interface WorkerProps extends SharedFunctionProps {
  readonly bundle: string;
  readonly results: ResultsBucket;
  readonly size: FunctionSize;
  readonly allowedTargets: readonly AllowedTarget[];
  /** Customer keys that encrypt those secrets. */
  readonly secretKeys: readonly IKey[];
  /** @default none reserved */
  readonly reservedConcurrency?: number;
  /** @default none */
  readonly network?: FunctionNetwork;
}

/** Presses the endpoint: the only function that talks to it, and the only one that reads keys. */
export class Worker extends Construct {
  readonly live: LiveFunction;

  constructor(scope: Construct, id: string, { results, allowedTargets, secretKeys, ...props }: WorkerProps) {
    super(scope, id);
    this.live = new LiveFunction(this, 'Function', {
      ...props,
      description: 'Runs one worker of a Paretoken stage against the endpoint',
      environment: {
        [environmentNames.bucket]: results.bucket.bucketName,
        [environmentNames.allowedTargets]: Stack.of(this).toJsonString(allowedTargets),
      },
    });
    results.grant(this.live.role, {
      read: ['sweeps/*/control.json', 'sweeps/*/claims/*', 'sweeps/*/inputs/*'],
      write: ['sweeps/*/claims/*', 'sweeps/*/progress/*', 'sweeps/*/receipts/*', 'records/*'],
    });
    this.grantSecrets(allowedTargets, secretKeys);
    if (props.network) this.grantNetwork();
  }

  private grantSecrets(targets: readonly AllowedTarget[], keys: readonly IKey[]): void {
    const secrets = targets.flatMap(({ secret }) => (secret === undefined ? [] : [secretResource(this, secret)]));
    const parameters = targets.flatMap(({ parameter }) =>
      parameter === undefined ? [] : [parameterResource(this, parameter)],
    );
    this.allow('ReadSecrets', 'secretsmanager:GetSecretValue', secrets);
    this.allow('ReadParameters', 'ssm:GetParameter', parameters);
    const keyArns = keys.map(({ keyArn }) => keyArn);
    const services = ['secretsmanager', 'ssm'].map((service) => `${service}.*.${Aws.URL_SUFFIX}`);
    this.allow('DecryptSecrets', 'kms:Decrypt', keyArns, { StringLike: { 'kms:ViaService': services } });
  }

  private allow(sid: string, action: string, resources: readonly string[], conditions: Conditions = {}): void {
    if (resources.length === 0) return;
    const distinct = [...new Set(resources)].sort();
    this.live.role.addToPolicy(new PolicyStatement({ sid, actions: [action], resources: distinct, conditions }));
  }

  /** Lambda itself needs these rights of the role to attach the function to the network; its code is denied them. */
  private grantNetwork(): void {
    const actions = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    this.live.role.addToPolicy(new PolicyStatement({ sid: 'AttachNetwork', actions, resources: ['*'] }));
    acknowledgeWildcards(this.live.role, ['*'], 'Lambda attaches functions to networks by actions without a resource.');
    // A policy of its own, since the function waits for the role's, and this one names the function.
    new Policy(this, 'NetworkIsNotForCode', {
      roles: [this.live.role],
      statements: [
        new PolicyStatement({
          effect: Effect.DENY,
          actions,
          resources: ['*'],
          conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.live.function.functionArn } },
        }),
      ],
    });
  }
}
