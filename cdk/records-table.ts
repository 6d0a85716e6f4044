import { Aws } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type ColumnKind, recordColumnNames, recordColumns } from '../lib/record/record-columns.ts';

export interface RecordsTableProps {
  readonly bucket: Bucket;
  readonly databaseName: string;
}

const typeOf = {
  string: 'string',
  boolean: 'boolean',
  us: 'double',
  number: 'double',
  count: 'int',
  counts: 'array<int>',
  numbers: 'array<double>',
} as const satisfies Record<ColumnKind, string>;

/**
 * A table over the records for Athena. Nothing has to be registered after a sweep: partitions are computed from a
 * query's `sweep`, which it must name, and `stage`. The steps of a durable execution end far below 1,000 stages.
 */
export class RecordsTable extends Construct {
  constructor(scope: Construct, id: string, { bucket, databaseName }: RecordsTableProps) {
    super(scope, id);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: databaseName, description: 'Records of Paretoken' },
    });
    const records = bucket.s3UrlForObject('records/');
    const table = new CfnTable(this, 'Table', {
      catalogId: Aws.ACCOUNT_ID,
      databaseName,
      tableInput: {
        name: 'records',
        description: 'One row a request, paretoken.record.v1',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: [
          { name: 'sweep', type: 'string' },
          { name: 'stage', type: 'string' },
        ],
        parameters: {
          EXTERNAL: 'TRUE',
          classification: 'parquet',
          'projection.enabled': 'true',
          'projection.sweep.type': 'injected',
          'projection.stage.type': 'integer',
          'projection.stage.range': '0,999',
          'projection.stage.digits': '4',
          'storage.location.template': `${records}sweep=\${sweep}/stage=\${stage}/`,
        },
        storageDescriptor: {
          location: records,
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
          // Athena's names are lower case; it finds a file's columns by their names, whatever their case.
          columns: recordColumnNames.map((name) => ({
            name: name.toLowerCase(),
            type: typeOf[recordColumns[name].kind],
          })),
        },
      },
    });
    table.addResourceDependency(database);
  }
}
