import { Exchange, type Exchanged } from '../../lib/load/exchange.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { httpTarget } from '../../lib/target/http-target.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import type { Connection, Target } from '../../lib/target/target.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { idleQueue } from '../../lib/timing/idle-queue.ts';
import { readTick } from '../../lib/timing/tick.ts';
import { nowEpochMs } from './read-answer.ts';

const clock = systemClock();
const idle = idleQueue(clock);
const tick = readTick();
const deadlines = { connectMs: 10_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 30_000 };

/** The endpoint at a URL over real sockets, by the machine's own clock. */
export function socketTarget(url: string): Target {
  return httpTarget({ url, clock, tick });
}

/** One request with the id `id` over a connection, and all that came of it. */
export function exchangeOver(
  connection: Connection,
  id: string,
  own: Partial<typeof deadlines> = {},
): Promise<Exchanged> {
  return new Exchange({
    connection,
    request: { id, headers: { 'content-type': 'application/json', 'x-request-id': id }, body: '{"stream":true}' },
    reader: answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => nowEpochMs }),
    clock,
    idle,
    deadlines: { ...deadlines, ...own },
  }).done;
}
