import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import { WranglerError } from "../../../core/index.ts";

const LOCAL_SIGNATURE = 0x04034b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const VERSION = 20;
const DEFLATED = 8;
/** The first day that an archive can name, 1980-01-01, for every entry: equal content, equal bytes. */
const DAY = 0x0021;
/** From here on an archive needs records that not every program reads. */
const MAX_BYTES = 0xffff_ffff;

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

/** What a part consists of, piece by piece; text is written as UTF-8. */
type Content = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/**
 * A ZIP archive that is written part after part, each as it comes. Sizes are put in front of a part
 * once they are known, so that readers can go through the archive from its beginning.
 */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #entries: Entry[] = [];
  #at = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Begin an archive; there must be nothing at `path`. */
  static async create(path: string): Promise<ZipFile> {
    return new ZipFile(await open(path, "wx"));
  }

  /**
   * Add a part.
   *
   * @throws {WranglerError} WORKBOOK_INVALID when it, or the archive, comes to 4 GiB.
   */
  async add(name: string, content: Content, signal?: AbortSignal): Promise<void> {
    const entry = { name: Buffer.from(name), offset: this.#at };
    const measured = { crc: 0, packedBytes: 0, bytes: 0 };
    await this.#write(localHeader({ ...entry, ...measured }));
    await pipeline(
      Readable.from(measuredBytes(content, measured), { objectMode: false }),
      createDeflateRaw(),
      async (packed: AsyncIterable<Buffer>) => {
        for await (const chunk of packed) {
          measured.packedBytes += chunk.length;
          await this.#write(chunk);
        }
      },
      signal ? { signal } : {},
    );
    if (measured.bytes > MAX_BYTES || this.#at > MAX_BYTES) throw tooLarge(name);
    const done: Entry = { ...entry, ...measured };
    await this.#put(localHeader(done), entry.offset);
    this.#entries.push(done);
  }

  /** Write the directory and close the file. */
  async finish(): Promise<void> {
    const offset = this.#at;
    for (const entry of this.#entries) await this.#write(directoryEntry(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(END_SIGNATURE, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#at - offset, 12);
    end.writeUInt32LE(offset, 16);
    await this.#write(end);
    await this.#file.close();
  }

  /** Give up: close the file as it is. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#put(bytes, this.#at);
    this.#at += bytes.length;
  }

  async #put(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(
        bytes,
        done,
        bytes.length - done,
        position + done,
      );
      done += bytesWritten;
    }
  }
}

async function* measuredBytes(
  content: Content,
  measured: { crc: number; bytes: number },
): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    measured.crc = crc32(bytes, measured.crc);
    measured.bytes += bytes.length;
    yield bytes;
  }
}

function localHeader({ name, crc, packedBytes, bytes }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(LOCAL_SIGNATURE, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(DEFLATED, 8);
  header.writeUInt16LE(DAY, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packedBytes, 18);
  header.writeUInt32LE(bytes, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function directoryEntry({ name, offset, crc, packedBytes, bytes }: Entry): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(ENTRY_SIGNATURE, 0);
  entry.writeUInt16LE(VERSION, 4);
  entry.writeUInt16LE(VERSION, 6);
  entry.writeUInt16LE(DEFLATED, 10);
  entry.writeUInt16LE(DAY, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packedBytes, 20);
  entry.writeUInt32LE(bytes, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function tooLarge(part: string): WranglerError {
  const reason = `The workbook's part ${part} comes to more than 4 GiB, which no spreadsheet program reads; write fewer rows or columns, or several workbooks.`;
  return new WranglerError("WORKBOOK_INVALID", reason, { part });
}
