import { z } from 'zod';
import { isOfTheConnection, ofTheConnection } from './connection-headers.ts';
import { credentialInHeader, credentialInUrl } from './credentials.ts';

/** The address of an endpoint, without credentials. */
export const httpUrl = z
  .string()
  .superRefine((text, context) => {
    if (!URL.canParse(text)) {
      context.addIssue(`is not a URL: write it whole, such as http://127.0.0.1:8000/v1`);
      return;
    }
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') context.addIssue('must begin with http:// or https://');
    const credential = credentialInUrl(url);
    if (credential !== null) context.addIssue(credential);
  })
  .meta({ format: 'uri' });

/** Headers of every request, without credentials. */
export const headersSchema = z
  .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'is no header name'), z.string())
  .superRefine((record, context) => {
    for (const [name, value] of Object.entries(record)) {
      const credential = credentialInHeader(name, value);
      if (credential !== null) context.addIssue({ code: 'custom', path: [name], message: credential });
      if (isOfTheConnection(name)) context.addIssue({ code: 'custom', path: [name], message: ofTheConnection });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a header must not hold
      if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
        context.addIssue({ code: 'custom', path: [name], message: 'holds a control character' });
      }
    }
  });
