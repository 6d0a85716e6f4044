import { roleVariables } from './caller.ts';
import type { FunctionTarget } from './function-target.ts';
import { region } from './stack-model.ts';

/**
 * The variables of an environment's process: Lambda's own, where the local services are, credentials that name the
 * function's role, and what the template sets. Nothing of this process comes along but the path.
 */
export function environmentVariables(
  { model, version }: FunctionTarget,
  environmentId: string,
  runtimeUrl: string,
  endpoints: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_LAMBDA_RUNTIME_API: new URL(runtimeUrl).host,
    _HANDLER: model.handler,
    LAMBDA_TASK_ROOT: model.codeFolder,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: model.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: environmentId,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...endpoints,
    ...roleVariables(model.roleName, environmentId),
    ...model.variables,
  };
}
