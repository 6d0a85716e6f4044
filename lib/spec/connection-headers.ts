const names = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
  'proxy-connection',
]);

/** Whether a header says where a request goes or how it is framed: by one of those a key could be sent elsewhere. */
export const isOfTheConnection = (name: string) => names.has(name.toLowerCase());

export const ofTheConnection = 'belongs to the connection, which Paretoken makes: leave it out';
