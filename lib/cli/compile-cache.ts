import { constants as access, accessSync } from 'node:fs';
import { constants, enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { passOn } from './environment.ts';

/**
 * Keeps what Node makes of the code in the temporary folder, for this process, its threads and the next start. Where
 * the user has named another folder, or forbidden it (NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE), Node has seen to
 * that before; where nothing can be written, all goes on without.
 */
export function keepCompiledCode(): void {
  const { ENABLED } = constants.compileCacheStatus;
  try {
    // Node tries for ever to make some folders whose parents are missing.
    accessSync(tmpdir(), access.W_OK);
  } catch {
    return;
  }
  const { status, directory } = enableCompileCache();
  if (status === ENABLED && directory !== undefined) passOn('NODE_COMPILE_CACHE', directory);
}
