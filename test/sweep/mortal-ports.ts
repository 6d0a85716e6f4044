import { encodeRecords } from '../../lib/record/parquet-file.ts';
import type { Store } from '../../lib/store/store.ts';
import type { Target } from '../../lib/target/target.ts';
import { type Clock, sleep } from '../../lib/timing/clock.ts';
import { recorder } from '../../lib/worker/recorder.ts';
import type { VirtualPorts } from '../worker/virtual-ports.ts';

/** Whether the process has died, and what happens to the world when it does. */
export interface Death {
  isDead: boolean;
  readonly atDeath: (() => void)[];
}

const never = new Promise<never>(() => undefined);

/** Ports of workers that die with their process: no timer fires any more, nothing is stored, the sockets are cut. */
export function mortalPorts(ports: VirtualPorts, death: Death): VirtualPorts {
  const store = mortalStore(ports.store, death);
  return {
    ...ports,
    store,
    clock: mortalClock(ports.clock, death),
    newRecorder: (place) => recorder({ ...place, store, encode: encodeRecords }),
    newTarget: (url, rules) => mortalTarget(ports.newTarget(url, rules), death),
  };
}

function mortalStore(store: Store, death: Death): Store {
  return {
    put: (...args) => (death.isDead ? never : store.put(...args)),
    get: (key) => (death.isDead ? never : store.get(key)),
    list: (prefix) => (death.isDead ? never : store.list(prefix)),
    listFolders: (prefix) => (death.isDead ? never : store.listFolders(prefix)),
  };
}

function mortalClock(clock: Clock, death: Death): Clock {
  const callAt: Clock['callAt'] = (atUs, fire) =>
    clock.callAt(atUs, () => {
      if (!death.isDead) fire();
    });
  return { ...clock, callAt, sleepUntil: (atUs, signal) => sleep(callAt, atUs, signal) };
}

function mortalTarget(target: Target, death: Death): Target {
  return {
    ...target,
    connect() {
      const connection = target.connect();
      return {
        ...connection,
        send(request, listener) {
          if (death.isDead) return () => undefined;
          const abort = connection.send(request, listener);
          death.atDeath.push(abort);
          return abort;
        },
      };
    },
  };
}
