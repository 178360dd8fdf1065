/** What is asked of an SFTP server. */
import type { FileEntryWithStats, SFTPWrapper, Stats } from "ssh2";

export interface Remote {
  stat(path: string): Promise<Stats>;
  readdir(path: string): Promise<FileEntryWithStats[]>;
  open(path: string): Promise<Buffer>;
  /** How many bytes came; 0 at the end of the file. */
  read(handle: Buffer, into: Buffer, offset: number, position: number): Promise<number>;
  close(handle: Buffer): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** Ends what is waited for. */
export interface Ending {
  /** From now on nothing is answered any more. */
  end(error: Error): void;
}

/**
 * Questions that are all answered, also when the server says nothing, or the connection ends: the
 * library then forgets those that are asked after it.
 *
 * @param silenceMs - How long the server may take for an answer.
 */
export function remoteOf(sftp: SFTPWrapper, silenceMs: number): Remote & Ending {
  const waiting = new Set<(error: Error) => void>();
  let ended: Error | undefined;
  type Tell<T> = (error: Error | null | undefined, answer: T) => void;
  const ask = <T>(question: (tell: Tell<T>) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(ended);
      const late = () => reject(new Error(`No answer within ${silenceMs} ms.`));
      const timer = setTimeout(late, silenceMs);
      const stop = (reason: Error) => {
        clearTimeout(timer);
        reject(reason);
      };
      waiting.add(stop);
      return question((error, answer) => {
        clearTimeout(timer);
        waiting.delete(stop);
        if (error) reject(error);
        else resolve(answer);
      });
    });
  return {
    stat: (path) => ask((tell) => sftp.stat(path, tell)),
    readdir: (path) => ask((tell) => sftp.readdir(path, tell)),
    open: (path) => ask((tell) => sftp.open(path, "r", tell)),
    read: (handle, into, offset, position) =>
      ask((tell) => sftp.read(handle, into, offset, into.length - offset, position, tell)),
    close: (handle) => ask((tell) => sftp.close(handle, (error) => tell(error, undefined))),
    unlink: (path) => ask((tell) => sftp.unlink(path, (error) => tell(error, undefined))),
    end(error) {
      ended = error;
      for (const stop of waiting) stop(error);
      waiting.clear();
    },
  };
}

/** Codes of the protocol, which are numbers. */
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;

/** What the server said no with; undefined when it said nothing. */
function statusOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "number" ? code : undefined;
}

/** Whether the server said no, rather than nothing. */
export function isAnswer(error: unknown): boolean {
  return statusOf(error) !== undefined;
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === NO_SUCH_FILE;
}

export function isForbidden(error: unknown): boolean {
  return statusOf(error) === PERMISSION_DENIED;
}
