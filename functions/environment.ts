/** Names of the environment variables that the stack sets and the functions read. */
export const environmentNames = {
  bucket: 'PARETOKEN_BUCKET',
  worker: 'PARETOKEN_WORKER',
  aggregator: 'PARETOKEN_AGGREGATOR',
  allowedTargets: 'PARETOKEN_ALLOWED_TARGETS',
  /** Only where executions are reserved for the workers. */
  workerConcurrency: 'PARETOKEN_WORKER_CONCURRENCY',
  workerTimeoutSeconds: 'PARETOKEN_WORKER_TIMEOUT_SECONDS',
  /** Life of the orchestrator's durable execution. */
  longestSweepSeconds: 'PARETOKEN_LONGEST_SWEEP_SECONDS',
  /** Not set by the stack: a JSON object of tempo fields, for trying things in seconds instead of minutes. */
  tempo: 'PARETOKEN_TEMPO',
  /** Of Lambda: where the function runs. */
  region: 'AWS_REGION',
  /** Of the AWS SDK: another server that speaks S3. */
  s3Endpoint: 'AWS_ENDPOINT_URL_S3',
} as const;

type Name = keyof typeof environmentNames;

/** The value of a variable; null when it is unset or empty. */
export function environmentVariable(name: Name): string | null {
  const value = process.env[environmentNames[name]];
  return value === undefined || value === '' ? null : value;
}

/**
 * The value of a variable that the stack sets.
 * @throws Error naming the variable that is missing
 */
export function requiredVariable(name: Name): string {
  const value = environmentVariable(name);
  if (value === null) throw new Error(`the environment variable ${environmentNames[name]} is not set`);
  return value;
}
