import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from './acknowledge-wildcards.ts';

export interface ResultsBucketProps {
  readonly recordLifetime: Duration;
  readonly removalPolicy: RemovalPolicy;
  /** @default keys managed by S3 */
  readonly encryptionKey?: IKey;
}

/** What a role may do in the bucket, as key patterns such as `sweeps/*`; what is not named is denied. */
export interface BucketRights {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Prefixes that may be listed. */
  readonly list?: readonly string[];
}

/** Where everything of a sweep rests: private, encrypted, kept when the stack is deleted. */
export class ResultsBucket extends Construct {
  readonly bucket: Bucket;
  private readonly encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, { recordLifetime, removalPolicy, encryptionKey }: ResultsBucketProps) {
    super(scope, id);
    this.encryptionKey = encryptionKey;
    this.bucket = new Bucket(this, 'Resource', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(encryptionKey ? { encryptionKey, bucketKeyEnabled: true } : {}),
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
      lifecycleRules: [
        { id: 'ExpireRecords', prefix: 'records/', expiration: recordLifetime },
        { id: 'DropUnfinishedUploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'CloudTrail data events tell who read what; access logs would need a second bucket that few would read.',
    });
  }

  /** Grants rights on keys, and on the bucket's key where it has one. */
  grant(role: Role, { read = [], write = [], list = [] }: BucketRights): void {
    const statements = [
      ...this.keyStatement('Read', 's3:GetObject', read),
      ...this.keyStatement('Write', 's3:PutObject', write),
      ...this.listStatement(list),
      ...this.encryptionStatement(),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    const wild = [...read, ...write].map((pattern) => this.bucket.arnForObjects(pattern));
    acknowledgeWildcards(role, wild, 'Keys hold the id of a sweep, which is not known when the stack is deployed.');
  }

  private keyStatement(sid: string, action: string, patterns: readonly string[]): PolicyStatement[] {
    if (patterns.length === 0) return [];
    const resources = patterns.map((pattern) => this.bucket.arnForObjects(pattern));
    return [new PolicyStatement({ sid, actions: [action], resources })];
  }

  private listStatement(prefixes: readonly string[]): PolicyStatement[] {
    if (prefixes.length === 0) return [];
    const conditions = { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } };
    return [
      new PolicyStatement({ sid: 'List', actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn], conditions }),
    ];
  }

  private encryptionStatement(): PolicyStatement[] {
    if (!this.encryptionKey) return [];
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const conditions = { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.${Aws.URL_SUFFIX}` } };
    return [new PolicyStatement({ sid: 'Encrypt', actions, resources: [this.encryptionKey.keyArn], conditions })];
  }
}
