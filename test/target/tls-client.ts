import { exchangeOver, socketTarget } from './socket-exchange.ts';

/** Sends one request to each URL of its arguments and prints, a line each, how it ended and over which socket. */
for (const url of process.argv.slice(2)) {
  const target = socketTarget(url);
  const { answer, socket } = await exchangeOver(target.connect(), 'r');
  await target.close();
  process.stdout.write(`${JSON.stringify({ ending: answer.ending, socket })}\n`);
}
