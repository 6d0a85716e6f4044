// The client of Lambda's Runtime API inside an environment: loads the handler once, then asks for one event after another.
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const {
  AWS_LAMBDA_RUNTIME_API: api = '',
  LAMBDA_TASK_ROOT: root = '',
  _HANDLER: handlerName = '',
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_LAMBDA_FUNCTION_VERSION: functionVersion,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
  AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
  AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
} = process.env;

/** One request on a connection of its own: none would outlive the freeze. */
function ask(method, path, body = '') {
  return new Promise((resolve, reject) => {
    const url = `http://${api}/2018-06-01/runtime/${path}`;
    const sent = request(url, { method, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const asReport = (error) =>
  JSON.stringify({
    errorType: error?.name ?? typeof error,
    errorMessage: error?.message ?? String(error),
    trace: String(error?.stack ?? '').split('\n'),
  });

async function loadHandler() {
  const [file, name] = handlerName.split('.');
  const path = ['.mjs', '.js', '.cjs'].map((end) => join(root, file + end)).find((one) => existsSync(one));
  if (path === undefined)
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const module = await import(pathToFileURL(path).href);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler === 'function') return handler;
  throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

function contextOf(headers) {
  const deadlineEpochMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName,
    functionVersion,
    memoryLimitInMB,
    logGroupName,
    logStreamName,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadlineEpochMs - Date.now()),
  };
}

async function serve(handler) {
  for (;;) {
    const { headers, text } = await ask('GET', 'invocation/next');
    const context = contextOf(headers);
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
    try {
      const answer = (await handler(JSON.parse(text), context)) ?? null;
      await ask('POST', `invocation/${context.awsRequestId}/response`, JSON.stringify(answer));
    } catch (error) {
      process.stderr.write(`${inspect(error)}\n`);
      await ask('POST', `invocation/${context.awsRequestId}/error`, asReport(error));
    }
  }
}

let handler;
try {
  handler = await loadHandler();
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  await ask('POST', 'init/error', asReport(error));
  process.exit(1);
}
await serve(handler);
