/** What a token event carries. */
export type TokenKind = 'text' | 'reasoning' | 'tool';

/** Token counts as a server reports them; null where it says nothing. Later non-null values replace earlier ones. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
}

/** What one event of a stream means, told in a provider's own grammar and read in ours. */
export type Signal =
  | { readonly kind: 'token'; readonly of: TokenKind }
  /** `alone`: the event held nothing but usage, which servers send after the last token; it proves that an end came. */
  | { readonly kind: 'usage'; readonly usage: Usage; readonly alone: boolean }
  /** The provider's reason why the answer stopped; not terminal by itself. */
  | { readonly kind: 'finish'; readonly reason: string }
  /** The answer is over, whatever the connection does. */
  | { readonly kind: 'done' }
  | { readonly kind: 'error'; readonly type: string | null; readonly message: string; readonly throttled: boolean }
  | { readonly kind: 'identity'; readonly id: string | null; readonly model: string | null }
  /** Data that is not of the grammar; the stream goes on. */
  | { readonly kind: 'malformed' };

/** What a request asks for, before a dialect writes it down. */
export interface Ask {
  readonly model: string | null;
  readonly prompt: string;
  /** A whole chat in place of the prompt; null: the prompt is its one message. */
  readonly messages?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly stream: boolean;
  /** Upper limit of the answer in tokens; `exactly` asks the server to go on until it is reached. */
  readonly maxOutputTokens: number;
  readonly exactly: boolean;
  /** Ask for usage in the stream (`stream_options`); servers that refuse it answer 400. */
  readonly usageInStream: boolean;
  /** The user's own body parameters; they win over everything of ours but `stream`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A provider's grammar as a pure pair: the request's body, and the meaning of events. */
export interface Dialect {
  readonly name: string;
  readonly framing: 'sse';
  /** The JSON body of a request. */
  body(ask: Ask): string;
  /** The URL of the request, from the URL that the user gave. */
  endpoint(url: string): string;
  /**
   * Keys of payloads: where an event has a non-empty string under one of them, any other non-empty string in its place
   * means the same.
   */
  readonly payloadKeys: readonly string[];
  /** The meaning of one event of a stream. Never throws. */
  read(event: StreamEvent): readonly Signal[];
  /** The meaning of a whole answer that was not streamed. Never throws. */
  readWhole(body: string): readonly Signal[];
}

/** One event of a stream, as its framing gives it. */
export interface StreamEvent {
  /** The event's type: `message` unless the server named it. */
  readonly type: string;
  readonly data: string;
}
