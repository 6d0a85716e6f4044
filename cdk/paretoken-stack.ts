import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { type ISubnet, SecurityGroup, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { FunctionNetwork } from './live-function.ts';
import { Paretoken } from './paretoken.ts';
import type { NetworkSettings, Settings } from './settings.ts';

export interface ParetokenStackProps extends StackProps {
  readonly settings: Settings;
  /** @default the bundles of this package */
  readonly functionsFolder?: string;
}

/** The stack of `cdk deploy`: settings wired to the construct, and what the command line needs as outputs. */
export class ParetokenStack extends Stack {
  readonly paretoken: Paretoken;

  constructor(scope: Construct, id: string, { settings, functionsFolder, ...props }: ParetokenStackProps) {
    super(scope, id, { description: 'Paretoken: how an LLM endpoint trades latency for throughput', ...props });
    const { kmsKeyArn, vpc, maxConcurrency } = settings;
    this.paretoken = new Paretoken(this, 'Paretoken', {
      allowedTargets: settings.allowedTargets,
      secretKeys: settings.secretKeyArns.map((arn, index) => Key.fromKeyArn(this, `SecretKey${index}`, arn)),
      recordLifetime: Duration.days(settings.recordDays),
      removalPolicy: settings.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      workerSize: { memoryMb: settings.workerMemoryMb },
      aggregatorSize: { memoryMb: settings.aggregatorMemoryMb },
      longestSweep: Duration.hours(settings.longestSweepHours),
      logRetention: settings.logRetentionDays,
      schedulesFolder: settings.schedules,
      ...(kmsKeyArn === null ? {} : { encryptionKey: Key.fromKeyArn(this, 'BucketKey', kmsKeyArn) }),
      ...(vpc === null ? {} : { workerNetwork: this.networkOf(vpc) }),
      ...(maxConcurrency === null ? {} : { maxConcurrency }),
      ...(settings.athena ? { athenaDatabase: this.stackName.toLowerCase().replaceAll('-', '_') } : {}),
      ...(functionsFolder === undefined ? {} : { functionsFolder }),
    });
    this.paretoken.addOutputs();
  }

  /** Named by ids alone, so that nothing has to be looked up in the account to synthesize the stack. */
  private networkOf({ vpcId, subnetIds, securityGroupIds }: NetworkSettings): FunctionNetwork {
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones: subnetIds.map(String) });
    const subnets = subnetIds.map((subnetId) => this.subnetOf(subnetId));
    const securityGroups = securityGroupIds.map((groupId) => SecurityGroup.fromSecurityGroupId(this, groupId, groupId));
    return { vpc, vpcSubnets: { subnets }, ...(securityGroups.length > 0 ? { securityGroups } : {}) };
  }

  private subnetOf(subnetId: string): ISubnet {
    const subnet = Subnet.fromSubnetId(this, subnetId, subnetId);
    const id = '@aws-cdk/aws-ec2:noSubnetRouteTableId';
    Validations.of(subnet).acknowledge({ id, reason: 'Nothing here asks for the subnet’s route table.' });
    return subnet;
  }
}
