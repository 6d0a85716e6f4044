import type { StorePlace } from '../lib/fleet/recorder-entry.ts';
import { s3Store } from '../lib/store/s3-store.ts';
import type { VersionedStore } from '../lib/store/store.ts';
import type { Clock } from '../lib/timing/clock.ts';
import { environmentVariable, requiredVariable } from './environment.ts';

/** Where the stack's bucket is. */
export function bucketPlace(): Extract<StorePlace, { readonly bucket: string }> {
  const endpoint = environmentVariable('s3Endpoint');
  return { bucket: requiredVariable('bucket'), ...(endpoint === null ? {} : { endpoint }) };
}

/** The stack's bucket; `leave` is aborted when it is let go of. */
export function bucketStore(clock: Clock, leave?: AbortSignal): VersionedStore {
  return s3Store({ ...bucketPlace(), clock, ...(leave && { leave }) });
}
