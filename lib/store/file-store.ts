import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { threadId } from 'node:worker_threads';
import { makeFolder } from './make-folder.ts';
import { type Store, StoreError } from './store.ts';

const unfinished = '.unfinished';
let written = 0;

/** A store in a folder: each key a file, written beside its place and then moved there whole. */
export function fileStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (key: string) => {
    const path = resolve(root, ...key.split('/'));
    if (!path.startsWith(root + sep)) throw new StoreError(key, 'EKEY', `the key "${key}" leads out of ${root}`);
    return path;
  };
  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      const path = pathOf(key);
      const draft = `${path}.${process.pid}-${threadId}-${written++}${unfinished}`;
      try {
        await makeFolder(dirname(path));
        await writeFile(draft, bytes);
        if (!ifAbsent) {
          await rename(draft, path);
          return 'stored';
        }
        // A hard link, unlike a rename, refuses to replace what is there.
        const result = await link(draft, path).then(() => 'stored' as const, whenCode('EEXIST', 'exists' as const));
        await rm(draft, { force: true });
        return result;
      } catch (cause) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw storeError(key, 'write', path, cause);
      }
    },
    async get(key) {
      const path = pathOf(key);
      try {
        return await readFile(path);
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return null;
        throw storeError(key, 'read', path, cause);
      }
    },
    async list(prefix) {
      const start = join(root, ...prefix.slice(0, prefix.lastIndexOf('/') + 1).split('/'));
      try {
        const entries = await readdir(start, { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !entry.name.endsWith(unfinished))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .filter((key) => key.startsWith(prefix))
          .sort();
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return [];
        throw storeError(prefix, 'list', start, cause);
      }
    },
    async listFolders(prefix) {
      const path = join(root, ...prefix.split('/'));
      try {
        const entries = await readdir(path, { withFileTypes: true });
        return entries.flatMap((entry) => (entry.isDirectory() ? entry.name : [])).sort();
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return [];
        throw storeError(prefix, 'list', path, cause);
      }
    },
  };
}

export function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'EUNKNOWN';
}

function whenCode<T>(code: string, result: T): (cause: unknown) => T {
  return (cause) => {
    if (codeOf(cause) !== code) throw cause;
    return result;
  };
}

const remedies: Readonly<Record<string, string>> = {
  EROFS: 'it is read-only: choose another folder with --out',
  ENOSPC: 'the disk is full: make room, or choose another folder with --out',
  EFBIG: 'a limit on file sizes was reached (ulimit -f)',
  EDQUOT: 'your disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder: name another with --out',
  ENOENT: 'its folder is not there and none can be made, as where a link leads nowhere: name another with --out',
  EMFILE: 'too many files are open (ulimit -n)',
};

/** What failed with a file, in words of what to do about it. */
export function storeError(key: string, verb: string, path: string, cause: unknown): StoreError {
  const code = codeOf(cause);
  const why = remedyOf(code, verb) ?? (cause instanceof Error ? cause.message : String(cause));
  return new StoreError(key, code, `can't ${verb} ${path}: ${why}`, { cause });
}

function remedyOf(code: string, verb: string): string | undefined {
  if (code !== 'EACCES' && code !== 'EPERM') return remedies[code];
  return verb === 'write'
    ? 'you may not write there: choose another folder with --out, or mend its rights'
    : 'you may not read there: mend its rights';
}
