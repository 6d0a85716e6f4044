import type { ServerResponse } from 'node:http';
import type { AccessControl } from './access-control.ts';
import { AwsError } from './aws-error.ts';
import { type Caller, callerOf } from './caller.ts';
import { type HttpEndpoint, openHttpEndpoint, readBody, sendJson } from './http-endpoint.ts';
import { account, region } from './stack-model.ts';

export interface SecretsOptions {
  /** Name or ARN → SecretString. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Name → value of a parameter, decrypted. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly access: AccessControl;
}

/**
 * Answers Secrets Manager's GetSecretValue and the parameter store's GetParameter. Keys of KMS are not emulated: who
 * may read a value may also decrypt it.
 */
export function startSecretsServer({ secrets = {}, parameters = {}, access }: SecretsOptions): Promise<HttpEndpoint> {
  return openHttpEndpoint(async (request, response) => {
    const body = JSON.parse((await readBody(request)).toString()) as Record<string, string>;
    const caller = callerOf(request.headers, new URLSearchParams());
    const target = request.headers['x-amz-target'];
    const answer =
      target === 'secretsmanager.GetSecretValue'
        ? secretValue(secrets, body['SecretId'] ?? '', access, caller)
        : target === 'AmazonSSM.GetParameter'
          ? parameterValue(parameters, body['Name'] ?? '', access, caller)
          : null;
    if (answer === null) throw new AwsError(400, 'UnknownOperationException', `${target} is not emulated`);
    sendJson(response, 200, answer);
  }, refuse);
}

function secretValue(
  secrets: Readonly<Record<string, string>>,
  id: string,
  access: AccessControl,
  caller: Caller | null,
): unknown {
  const found = Object.entries(secrets).find(([name]) => name === id || secretArn(name) === secretArn(id));
  // Rights are asked for the ARN of a secret that exists, for the bare name of one that doesn't.
  const ARN = found ? secretArn(found[0]) : id;
  access.check(caller, { action: 'secretsmanager:GetSecretValue', resource: ARN });
  if (!found) throw new AwsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  const Name = /:secret:(.*)-[^-]{6}$/.exec(ARN)?.[1];
  return {
    ARN,
    Name,
    SecretString: found[1],
    VersionId: '00000000-0000-0000-0000-000000000001',
    VersionStages: ['AWSCURRENT'],
  };
}

/** The ARN of a secret given by name, six characters at its end as Secrets Manager adds them. */
export const secretArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:secretsmanager:${region}:${account}:secret:${nameOrArn}-AbCdEf`;

function parameterValue(
  parameters: Readonly<Record<string, string>>,
  name: string,
  access: AccessControl,
  caller: Caller | null,
): unknown {
  const ARN = `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
  access.check(caller, { action: 'ssm:GetParameter', resource: ARN });
  const Value = parameters[name];
  if (Value === undefined) throw new AwsError(400, 'ParameterNotFound', `Parameter ${name} not found.`);
  return { Parameter: { ARN, Name: name, Type: 'SecureString', Value, Version: 1, DataType: 'text' } };
}

/** An error of the JSON protocol, which has 400 for most of them. */
function refuse(response: ServerResponse, { status, code, message }: AwsError): void {
  sendJson(response, status < 500 ? 400 : status, { __type: code, message, Message: message });
}
