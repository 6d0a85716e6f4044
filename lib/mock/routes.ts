import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { MockEndpoint } from './endpoint.ts';
import type { Journal } from './journal.ts';
import { openAiError } from './openai-error.ts';
import { jsonReply, type Reply } from './reply.ts';
import { readBody } from './request-body.ts';
import { socketSink } from './socket-sink.ts';

export interface RequestHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Tells the endpoint that every client has left. */
  leaveAll(): void;
}

const mostBodyBytes = 32 * 2 ** 20;
const tokenPath = '/oidc/v1/token';
const chatPath = /\/(chat\/completions|invocations)$/;

/** Routes requests to the endpoint: any path of chat completions or of invocations, tokens, and what is told about it. */
export function requestHandler(endpoint: MockEndpoint): RequestHandler {
  const leaving = new Set<() => void>();
  const answerChat = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readBody(request, mostBodyBytes);
    if (body === 'aborted' || response.destroyed) return;
    if (body === 'too_long') return send(response, tooLong);
    const leave = endpoint.answer({ headers: request.headers, body }, socketSink(response));
    leaving.add(leave);
    response.once('close', () => {
      leaving.delete(leave);
      leave();
    });
  };
  return {
    handle(request, response) {
      // A write that meets a closed connection: its 'close' has told us, or is about to.
      response.on('error', () => {});
      const path = pathOf(request);
      const isChat = chatPath.test(path);
      if (isChat && request.method === 'POST') void answerChat(request, response);
      else if (path === tokenPath && request.method === 'POST') {
        request.resume();
        send(response, endpoint.tokens.give(request.headers.authorization));
      } else if (request.method !== 'GET' || isChat) send(response, notFound(request.method, path, isChat));
      else if (path === '/journal') sendJournal(response, endpoint.journal);
      else send(response, tell(endpoint, path, request.headers.authorization));
    },
    leaveAll() {
      for (const leave of leaving) leave();
    },
  };
}

const tooLong = openAiError(413, { message: `The request is longer than ${mostBodyBytes} bytes.` });

function notFound(method = '', path = '', isChat = false): Reply {
  if (isChat) return openAiError(405, { message: `Not allowed to ${method} on ${path}.` });
  return openAiError(404, { message: `Invalid URL (${method} ${path})` });
}

function tell(endpoint: MockEndpoint, path: string, authorization: string | undefined): Reply {
  const { engine, journal, modelName } = endpoint;
  if (path === '/health') {
    return jsonReply(200, { status: 'ok', held: engine.held(), queued: engine.queued(), dropped: journal.dropped() });
  }
  if (path === '/v1/models' || path === '/models') {
    const models = { object: 'list', data: [{ id: modelName, object: 'model', created: 0, owned_by: 'mock' }] };
    return endpoint.refusal(authorization) ?? jsonReply(200, models);
  }
  const requestId = /^\/journal\/(.+)$/.exec(path)?.[1];
  if (requestId === undefined) return notFound('GET', path);
  const entry = journal.get(decoded(requestId));
  return entry ? jsonReply(200, entry) : openAiError(404, { message: `There is no request ${requestId}.` });
}

/** All entries as lines of JSON, made while they are sent. */
function sendJournal(response: ServerResponse, journal: Journal): void {
  const lines = function* () {
    for (const entry of journal.entries()) yield `${JSON.stringify(entry)}\n`;
  };
  const headers = { 'content-type': 'application/x-ndjson', 'x-journal-dropped': String(journal.dropped()) };
  response.writeHead(200, headers);
  Readable.from(lines()).pipe(response);
}

function send(response: ServerResponse, reply: Reply): void {
  const length = String(Buffer.byteLength(reply.body));
  response.writeHead(reply.status, { ...reply.headers, 'content-length': length }).end(reply.body);
}

const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?')[0] ?? '/';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
