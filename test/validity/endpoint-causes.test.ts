import { mockEndpoint } from '../../lib/mock/endpoint.ts';
import type { OutgoingRequest } from '../../lib/target/target.ts';
import { inProcessTarget } from '../mock/in-process-target.ts';
import { testCauses } from './explains.ts';
import { afterProbe, illAfterProbe, illInWindow, model, type Troubled } from './troubled-sweep.ts';

const slower = { model: { ...model, stepBaseMs: 60 } };

/** A gateway that puts a prompt of its own before every prompt once the probe is over. */
function longerPrompts(words: number): Troubled {
  const withSystemPrompt = (request: OutgoingRequest): OutgoingRequest => {
    const body = JSON.parse(request.body);
    const system = { role: 'system', content: 'word '.repeat(words) };
    return { ...request, body: JSON.stringify({ ...body, messages: [system, ...body.messages] }) };
  };
  return afterProbe((clock) => {
    const target = inProcessTarget(mockEndpoint({ model, seed: 1, clock }), clock);
    const connect = () => {
      const connection = target.connect();
      const send: typeof connection.send = (request, listener) => connection.send(withSystemPrompt(request), listener);
      return { ...connection, send };
    };
    return { ...target, connect };
  });
}

testCauses([
  { cause: 'the endpoint is slower than in the probe, but steady', names: {}, trouble: illAfterProbe(slower) },
  {
    cause: 'three in a hundred requests get a 500',
    names: {
      errors: ['suspect', 'the 500s'],
      load_not_held: ['suspect', 'the pause after each'],
      emptied: ['void', 'the pause after each'],
    },
    trouble: illAfterProbe({ faults: [{ kind: 'error_500', share: 0.03 }] }),
  },
  {
    cause: 'most requests get a 500',
    names: {
      errors: ['void', 'the 500s'],
      load_not_held: ['void', 'the pause after each'],
      emptied: ['void', 'the pause after each'],
      few_samples: ['suspect', 'the pauses grow to eight seconds'],
    },
    trouble: illAfterProbe({ faults: [{ kind: 'error_500', share: 0.8 }] }),
  },
  {
    cause: 'some answers break off',
    names: {
      errors: ['suspect', 'the broken answers'],
      emptied: ['void', 'the pause after each'],
      load_not_held: ['suspect', 'the pause after each'],
      tokens_unknown: ['suspect', 'usage comes last, and broke off'],
    },
    trouble: illAfterProbe({ faults: [{ kind: 'truncated', share: 0.03 }] }),
  },
  {
    cause: 'the endpoint becomes slower in the middle of the window',
    names: { drifting: ['suspect', 'both halves hold the same load'] },
    trouble: illInWindow(3000, slower),
  },
  {
    cause: 'prompts grow by two tokens after the probe',
    names: { lengths_missed: ['suspect', '22 tokens for 20'] },
    trouble: longerPrompts(2),
  },
  { cause: 'prompts grow by one token after the probe', names: {}, trouble: longerPrompts(1) },
  {
    cause: 'one answer in ten comes without usage',
    names: { tokens_unknown: ['suspect', 'those'] },
    trouble: illAfterProbe({ faults: [{ kind: 'no_usage', share: 0.1 }] }),
  },
  {
    cause: 'no answer comes with usage',
    names: { tokens_unknown: ['void', 'all'] },
    trouble: illAfterProbe({ faults: [{ kind: 'no_usage', share: 1 }] }),
  },
]);
