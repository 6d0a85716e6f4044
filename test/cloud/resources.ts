import { isObject, type Json, type JsonObject, noValue, type References, resolve } from './intrinsics.ts';
import { account, region } from './stack-model.ts';

export interface DeployedResource {
  readonly id: string;
  readonly properties: JsonObject;
}

/** The property that names a resource of a type, where there is one. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Scheduler::ScheduleGroup': 'Name',
};

/** The resources of one template, with their names, ARNs and resolved properties. */
export class Resources implements References {
  readonly #stackName: string;
  readonly #template: JsonObject;
  readonly #resources: JsonObject;

  constructor(stackName: string, template: JsonObject) {
    this.#stackName = stackName;
    this.#template = template;
    this.#resources = isObject(template['Resources']) ? template['Resources'] : {};
  }

  ofType(type: string): DeployedResource[] {
    return Object.keys(this.#resources)
      .filter((id) => this.typeOf(id) === type)
      .map((id) => ({ id, properties: this.propertiesOf(id) }));
  }

  typeOf(id: string): string {
    const resource = this.#resources[id];
    if (!isObject(resource)) throw new Error(`the template has no resource ${id}`);
    return String(resource['Type']);
  }

  propertiesOf(id: string): JsonObject {
    const properties = resolve(this.#rawPropertiesOf(id), this);
    return isObject(properties) ? properties : {};
  }

  #rawPropertiesOf(id: string): JsonObject {
    const resource = this.#resources[id];
    const properties = isObject(resource) ? resource['Properties'] : undefined;
    return isObject(properties) ? properties : {};
  }

  /** The name that the template gives, else one made of the stack's name and the resource's. */
  nameOf(id: string): string {
    const given = this.#rawPropertiesOf(id)[nameProperties[this.typeOf(id)] ?? ''];
    if (given !== undefined) return String(resolve(given, this));
    const name = `${this.#stackName}-${id}`;
    return this.typeOf(id) === 'AWS::S3::Bucket' ? name.toLowerCase().slice(0, 63) : name.slice(0, 64);
  }

  arnOf(id: string): string {
    const name = this.nameOf(id);
    const type = this.typeOf(id);
    switch (type) {
      case 'AWS::S3::Bucket':
        return `arn:aws:s3:::${name}`;
      case 'AWS::Lambda::Function':
        return `arn:aws:lambda:${region}:${account}:function:${name}`;
      case 'AWS::IAM::Role':
        return `arn:aws:iam::${account}:role/${name}`;
      case 'AWS::SQS::Queue':
        return `arn:aws:sqs:${region}:${account}:${name}`;
      case 'AWS::Logs::LogGroup':
        return `arn:aws:logs:${region}:${account}:log-group:${name}:*`;
      default:
        return `arn:aws:${(type.split('::')[1] ?? '').toLowerCase()}:${region}:${account}:${name}`;
    }
  }

  /** The version that `Ref` of a version or an alias names: every function has one, 1. */
  readonly onlyVersion = '1';

  ref(name: string): Json {
    const pseudo = this.#pseudoParameters()[name];
    if (pseudo !== undefined) return pseudo;
    const parameters = this.#template['Parameters'];
    const parameter = isObject(parameters) ? parameters[name] : undefined;
    if (isObject(parameter)) return parameter['Default'] ?? '';
    const functionArn = () =>
      String(this.propertiesOf(name)['FunctionName']).replace(/^(?!arn:)/, this.#functionPrefix);
    switch (this.typeOf(name)) {
      case 'AWS::Lambda::Version':
        return `${functionArn()}:${this.onlyVersion}`;
      case 'AWS::Lambda::Alias':
        return `${functionArn()}:${this.propertiesOf(name)['Name']}`;
      case 'AWS::SQS::Queue':
        return `https://sqs.${region}.amazonaws.com/${account}/${this.nameOf(name)}`;
      default:
        return this.nameOf(name);
    }
  }

  attribute(id: string, attribute: string): Json {
    const type = this.typeOf(id);
    if (type === 'AWS::Lambda::Version' && attribute === 'Version') return this.onlyVersion;
    if (attribute === 'Arn' || attribute.endsWith('Arn')) return this.arnOf(id);
    if (attribute === 'QueueName') return this.nameOf(id);
    return `${id}.${attribute}`;
  }

  readonly #functionPrefix = `arn:aws:lambda:${region}:${account}:function:`;

  #pseudoParameters(): Readonly<Record<string, string>> {
    return {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': this.#stackName,
      'AWS::StackId': stackIdOf(this.#stackName),
      'AWS::NoValue': noValue,
    };
  }
}

export const stackIdOf = (stackName: string) => `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
