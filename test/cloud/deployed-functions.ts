import { isObject, type Json, type JsonObject } from './intrinsics.ts';
import type { Resources } from './resources.ts';
import { roleNameOf } from './role-name.ts';
import type { EventInvokeModel, FunctionModel } from './stack-model.ts';

/**
 * The functions of a template with their aliases and event configurations; Lambda's defaults where nothing is said.
 * Those whose code stands in the template are CDK's own, for its custom resources, and not deployed.
 */
export function deployedFunctions(resources: Resources, assets: ReadonlyMap<string, string>): FunctionModel[] {
  const aliases = resources.ofType('AWS::Lambda::Alias').map(({ properties }) => properties);
  const eventConfigs = resources.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
  const functions = resources.ofType('AWS::Lambda::Function');
  return functions
    .filter(({ properties }) => textAt(properties['Code'], 'ZipFile') === null)
    .map(({ id, properties }) => {
      const [name, arn] = [resources.nameOf(id), resources.arnOf(id)];
      const ofThis = ({ FunctionName }: JsonObject) => FunctionName === name || FunctionName === arn;
      return {
        name,
        arn,
        roleName: roleNameOf(String(properties['Role'])),
        codeFolder: codeFolder(properties, assets),
        handler: String(properties['Handler']),
        timeoutSeconds: numberOr(properties['Timeout'], 3),
        memoryMb: numberOr(properties['MemorySize'], 128),
        variables: variablesOf(properties),
        reservedConcurrency: numberOr(properties['ReservedConcurrentExecutions'], null),
        durable: durableOf(properties),
        deadLetterQueue: textAt(properties['DeadLetterConfig'], 'TargetArn'),
        aliases: Object.fromEntries(
          aliases.filter(ofThis).map((alias) => [String(alias['Name']), String(alias['FunctionVersion'])]),
        ),
        eventInvoke: Object.fromEntries(
          eventConfigs
            .filter(ofThis)
            .map((config) => [String(config['Qualifier'] ?? '$LATEST'), eventInvokeOf(config)]),
        ),
      };
    });
}

function codeFolder({ Code }: JsonObject, assets: ReadonlyMap<string, string>): string {
  const key = textAt(Code, 'S3Key') ?? '';
  const folder = assets.get(key.replace(/\.zip$/, ''));
  if (folder === undefined) throw new Error(`the assembly has no asset ${key}`);
  return folder;
}

function variablesOf({ Environment }: JsonObject): Record<string, string> {
  const variables = isObject(Environment) && isObject(Environment['Variables']) ? Environment['Variables'] : {};
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

/** A durable execution may take a year where nothing else is said. */
function durableOf({ DurableConfig }: JsonObject): FunctionModel['durable'] {
  if (!isObject(DurableConfig)) return null;
  return { executionTimeoutSeconds: numberOr(DurableConfig['ExecutionTimeout'], 31_622_400) };
}

function eventInvokeOf(config: JsonObject): EventInvokeModel {
  const destinations = isObject(config['DestinationConfig']) ? config['DestinationConfig'] : {};
  return {
    maximumRetryAttempts: numberOr(config['MaximumRetryAttempts'], 2),
    maximumEventAgeSeconds: numberOr(config['MaximumEventAgeInSeconds'], 21_600),
    onFailure: textAt(destinations['OnFailure'], 'Destination'),
  };
}

const textAt = (value: Json | undefined, key: string) =>
  isObject(value) && value[key] !== undefined ? String(value[key]) : null;

function numberOr<Default extends number | null>(value: Json | undefined, otherwise: Default): number | Default {
  return value === undefined || value === null ? otherwise : Number(value);
}
