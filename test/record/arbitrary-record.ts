import fc from 'fast-check';
import { phases, type RequestRecord, slicesPerWindow } from '../../lib/record/request-record.ts';
import { outcomes } from '../../lib/timing/outcome.ts';

const count = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const optionalCount = fc.option(count);
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const optionalText = fc.option(text);
const duration = fc.double({ min: 0, max: 1e9, noNaN: true });
const amount = fc.double({ min: 0, max: 1e6, noNaN: true });

/** Stamps that never fall; what did not happen is null. A request that was sent has settled. */
const stamps = fc
  .record({
    times: fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 9, maxLength: 9 }),
    happened: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    sent: fc.boolean(),
  })
  .map(({ times, happened, sent }) => {
    const sorted = times.toSorted((a, b) => a - b);
    const at = (place: number) => (sent && happened[place - 2] ? (sorted[place] ?? 0) : null);
    return {
      dueUs: sorted[0] ?? 0,
      sentUs: sent ? (sorted[1] ?? 0) : null,
      headersUs: at(2),
      firstEventUs: at(3),
      firstTokenUs: at(4),
      firstVisibleTokenUs: at(5),
      lastTokenUs: at(6),
      endUs: at(7),
      settledUs: sent ? (sorted[8] ?? 0) : null,
    };
  });

/** Any request that can have been. */
export const arbitraryRecord: fc.Arbitrary<RequestRecord> = fc
  .record({
    stamps,
    ending: fc.constantFrom(...outcomes),
    rest: fc.record({
      requestId: text,
      endpointRequestId: optionalText,
      endpointId: optionalText,
      worker: count,
      stream: count,
      ordinal: count,
      phase: fc.constantFrom(...phases),
      outcomeDetail: optionalText,
      message: optionalText,
      httpStatus: optionalCount,
      retryAfterMs: fc.option(duration),
      finishReason: optionalText,
      model: optionalText,
      modelChanged: fc.boolean(),
      streamed: fc.boolean(),
      buffered: fc.boolean(),
      askedInputTokens: optionalCount,
      askedOutputTokens: count,
      inputTokens: optionalCount,
      cachedInputTokens: optionalCount,
      outputTokens: optionalCount,
      reasoningTokens: optionalCount,
      streamedTokens: optionalCount,
      tokenSource: fc.constantFrom('usage', 'tokenizer', null),
      tokensInFirstEvent: fc.option(amount),
      tokenReads: count,
      tokenEvents: count,
      events: count,
      coalescedEvents: count,
      malformedEvents: count,
      unterminated: fc.boolean(),
      tokenGapsUs: fc.array(count, { maxLength: 40 }),
      windowTokens: fc.option(amount),
      windowTokensBySlice: fc.option(fc.array(amount, { minLength: slicesPerWindow, maxLength: slicesPerWindow })),
      socketReused: fc.option(fc.boolean()),
      coldConnection: fc.boolean(),
      tcpMs: fc.option(duration),
      tlsMs: fc.option(duration),
      protocol: optionalText,
      remoteAddress: optionalText,
    }),
  })
  .map(({ stamps, ending, rest }) => ({
    ...rest,
    ...stamps,
    outcome: ending === 'ok' && stamps.sentUs === null ? 'connect_error' : ending,
  }));
