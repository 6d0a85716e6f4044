import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, callerOf } from './caller.ts';
import type { AccessRequest } from './iam.ts';

/** A request to the store, as rights and faults see it. */
export interface S3Request {
  /** The API's name of it, such as `PutObject`. */
  readonly operation: S3Operation;
  readonly bucket: string;
  /** Empty for a request about the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller | null;
}

export type S3Operation =
  | 'PutObject'
  | 'CopyObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListObjectsV2'
  | 'HeadBucket'
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'DeleteObjects'
  | 'ListBuckets'
  | 'Unknown';

const emulatedSubresources = new Set(['uploads', 'delete']);

/** Reads what a request asks of S3; a subresource that is not emulated (`?acl`, `?tagging`) makes it `Unknown`. */
export function readS3Request(method: string, url: string, headers: IncomingHttpHeaders): S3Request {
  const { pathname, searchParams } = new URL(url, 'http://local');
  const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const foreign = [...searchParams].some(([name, value]) => value === '' && isSubresource(name));
  const operation = foreign ? 'Unknown' : operationOf(method, bucket, key, searchParams, headers);
  return { operation, bucket, key, query: searchParams, headers, caller: callerOf(headers, searchParams) };
}

const isSubresource = (name: string) =>
  /^[a-zA-Z]+$/.test(name) && !emulatedSubresources.has(name) && !['prefix', 'delimiter', 'marker'].includes(name);

function operationOf(
  method: string,
  bucket: string,
  key: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): S3Operation {
  if (bucket === '') return 'ListBuckets';
  if (key === '') return bucketOperations[method] ?? 'Unknown';
  if (query.has('uploads')) return 'CreateMultipartUpload';
  if (query.has('uploadId')) return uploadOperations[method] ?? 'Unknown';
  if (method === 'PUT' && headers['x-amz-copy-source'] !== undefined) return 'CopyObject';
  return objectOperations[method] ?? 'Unknown';
}

const objectOperations: Readonly<Record<string, S3Operation>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

const uploadOperations: Readonly<Record<string, S3Operation>> = {
  PUT: 'UploadPart',
  POST: 'CompleteMultipartUpload',
  DELETE: 'AbortMultipartUpload',
};

const bucketOperations: Readonly<Record<string, S3Operation>> = {
  PUT: 'CreateBucket',
  GET: 'ListObjectsV2',
  HEAD: 'HeadBucket',
  DELETE: 'DeleteBucket',
  POST: 'DeleteObjects',
};

const actions: Readonly<Partial<Record<S3Operation, string>>> = {
  CopyObject: 's3:PutObject',
  HeadObject: 's3:GetObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListObjectsV2: 's3:ListBucket',
  HeadBucket: 's3:ListBucket',
  ListBuckets: 's3:ListAllMyBuckets',
  DeleteObjects: 's3:DeleteObject',
};

/** The right that a request needs (docs.aws.amazon.com: Actions, resources, and condition keys for Amazon S3). */
export function accessOf({ operation, bucket, key, query }: S3Request): AccessRequest {
  const action = actions[operation] ?? `s3:${operation}`;
  const bucketArn = `arn:aws:s3:::${bucket}`;
  if (operation === 'ListObjectsV2') return { action, resource: bucketArn, context: listContextOf(query) };
  // A list of keys to delete is judged as a whole: whoever may not delete all of the bucket may not send one.
  if (operation === 'DeleteObjects') return { action, resource: `${bucketArn}/*` };
  return { action, resource: key === '' ? bucketArn : `${bucketArn}/${key}` };
}

/** `s3:delimiter` is in the request only where one is asked for. */
function listContextOf(query: URLSearchParams): Readonly<Record<string, string>> {
  const delimiter = query.get('delimiter');
  return { 's3:prefix': query.get('prefix') ?? '', ...(delimiter === null ? {} : { 's3:delimiter': delimiter }) };
}

/** The right whose lack hides that a key is missing; S3 asks it with the key as `s3:prefix`. */
export const listAccessOf = ({ bucket, key }: S3Request): AccessRequest => ({
  action: 's3:ListBucket',
  resource: `arn:aws:s3:::${bucket}`,
  context: { 's3:prefix': key },
});

export const isRead = ({ operation }: S3Request) => operation === 'GetObject' || operation === 'HeadObject';

/** Requests whose outcome a precondition may decide. */
export const isConditional = ({ operation }: S3Request) =>
  operation === 'PutObject' || operation === 'CompleteMultipartUpload' || operation === 'CopyObject';
