import type { Statement } from './iam.ts';

const logs: Statement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

/** What the managed policies of AWS say that a stack of ours may name, by the end of their ARN. */
const policies: Readonly<Record<string, readonly Statement[]>> = {
  'service-role/AWSLambdaBasicExecutionRole': [logs],
  'service-role/AWSLambdaBasicDurableExecutionRolePolicy': [
    logs,
    {
      Effect: 'Allow',
      Action: ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
      Resource: '*',
    },
  ],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    logs,
    {
      Effect: 'Allow',
      Action: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: '*',
    },
  ],
};

/** @throws Error for a policy that is not in the table */
export function managedPolicy(arn: string): readonly Statement[] {
  const name = arn.split(':policy/')[1] ?? arn;
  const statements = policies[name];
  if (!statements) throw new Error(`the managed policy ${name} is not known to the local IAM: add it to the table`);
  return statements;
}
