import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { provisionedServer } from '../../lib/mock/queue-model.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { codeBlocks, doc, table } from './markdown.ts';

const page = doc('databricks.md');
const [whole = '', principal = '', provisioned = ''] = codeBlocks(page, 'yaml');

describe('docs/databricks.md', () => {
  it('has an example that parses, with the token where it says', () => {
    const { url, auth, readyWithin } = parseSpec(whole).target;
    assert.equal(url, 'https://dbc-1234.cloud.databricks.com/serving-endpoints/my-llm/invocations');
    assert.deepEqual(auth, { env: 'DATABRICKS_TOKEN', header: 'authorization' });
    assert.equal(readyWithin, 15 * 60_000);
  });

  it('has an example of a service principal that parses', () => {
    const { auth } = parseSpec(`preset: rag\n${principal}`).target;
    assert.ok(auth && 'env' in auth && auth.env === 'DATABRICKS_CLIENT_SECRET' && auth.clientId !== undefined);
  });

  it('has an example of provisioned throughput that parses', () => {
    const { provisionedTokensPerSecond } = parseSpec(`preset: rag\n${provisioned}`).target;
    assert.deepEqual(provisionedTokensPerSecond, { min: 0, max: 8000 });
  });

  it('tells the truth of the mock, level by level', () => {
    const rows = table(page, 'parallel requests');
    assert.equal(rows.length, 6);
    for (const [level, , perSecond, tokens, latency] of rows) {
      const truth = closedForm(provisionedServer, { inputTokens: 2048, outputTokens: 256 }, Number(level));
      assert.equal(Number(perSecond), Number(truth.requestsPerSecond.toPrecision(3)), `${level}`);
      assert.equal(tokens, Math.round(truth.requestsPerSecond * 2304).toLocaleString('en'));
      assert.equal(latency, `${(truth.latencyMs / 1000).toFixed(2)} s`);
    }
  });
});
