/** Names of the environment variables that the stack sets and the functions read. */
export const environmentNames = {
  bucket: 'PARETOKEN_BUCKET',
  worker: 'PARETOKEN_WORKER',
  aggregator: 'PARETOKEN_AGGREGATOR',
  allowedTargets: 'PARETOKEN_ALLOWED_TARGETS',
  workerTimeoutSeconds: 'PARETOKEN_WORKER_TIMEOUT_SECONDS',
} as const;

/**
 * The value of a variable that the stack sets.
 * @throws Error naming the variable that is missing
 */
export function readEnvironment(name: keyof typeof environmentNames): string {
  const value = process.env[environmentNames[name]];
  if (value === undefined || value === '')
    throw new Error(`the environment variable ${environmentNames[name]} is not set`);
  return value;
}
