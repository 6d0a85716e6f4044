/** Keys in the metadata of a file of records: the name of its schema, and the CRC-32 of all bytes before the footer. */
export const schemaKey = 'schema';
export const bodyChecksumKey = 'paretoken.crc32';
