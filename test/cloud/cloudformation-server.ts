import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AccessControl } from './access-control.ts';
import { AwsError } from './aws-error.ts';
import { callerOf } from './caller.ts';
import { type HttpEndpoint, openHttpEndpoint, readBody } from './http-endpoint.ts';
import { stackIdOf } from './resources.ts';
import type { StackModel } from './stack-model.ts';
import { escapeXml } from './xml.ts';

const codes = { denied: 'AccessDenied', unknown: 'InvalidClientTokenId' };

/** Answers DescribeStacks, by the query protocol and XML, for the stacks that are deployed. */
export function startCloudFormationServer(stacks: readonly StackModel[], access: AccessControl): Promise<HttpEndpoint> {
  return openHttpEndpoint(async (request, response) => {
    const query = new URLSearchParams((await readBody(request)).toString());
    const action = query.get('Action') ?? '';
    const name = query.get('StackName');
    const resource = name === null ? '*' : stackIdOf(name);
    access.check(callerOf(request.headers, query), { action: `cloudformation:${action}`, resource }, codes);
    if (action !== 'DescribeStacks') throw new AwsError(400, 'InvalidAction', `${action} is not emulated`);
    const found = stacks.filter((stack) => name === null || name === stack.name || name === stackIdOf(stack.name));
    if (found.length === 0 && name !== null)
      throw new AwsError(400, 'ValidationError', `Stack with id ${name} does not exist`);
    sendXml(response, 200, answerOf(found));
  }, refuse);
}

function answerOf(stacks: readonly StackModel[]): string {
  const members = stacks.map((stack) => element('member', memberOf(stack))).join('');
  const result = element('DescribeStacksResult', element('Stacks', members));
  const metadata = element('ResponseMetadata', element('RequestId', randomUUID()));
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}${metadata}</DescribeStacksResponse>`;
}

function memberOf({ name, outputs }: StackModel): string {
  const outputMembers = Object.entries(outputs).map(([key, value]) =>
    element('member', element('OutputKey', escapeXml(key)) + element('OutputValue', escapeXml(value))),
  );
  return [
    element('StackId', stackIdOf(name)),
    element('StackName', escapeXml(name)),
    element('StackStatus', 'CREATE_COMPLETE'),
    element('CreationTime', '2026-01-01T00:00:00.000Z'),
    element('Outputs', outputMembers.join('')),
  ].join('');
}

const element = (name: string, content: string) => `<${name}>${content}</${name}>`;

function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}

function refuse(response: ServerResponse, { status, code, message }: AwsError): void {
  const error = element('Type', 'Sender') + element('Code', code) + element('Message', escapeXml(message));
  sendXml(response, status, element('ErrorResponse', element('Error', error) + element('RequestId', randomUUID())));
}
