import { crc32, deflateRawSync } from "node:zlib";

/** A part of an archive, and where the archive lies about it. */
export interface ZipPart {
  readonly name: string;
  readonly content: string | Buffer;
  /** Size that the directory and the part's own header tell; the true one when left out. */
  readonly declared?: number;
  /** The same for the part's own header alone. */
  readonly declaredLocally?: number;
  /** Name in the part's own header. */
  readonly nameLocally?: string;
  readonly crc?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Bytes in front of it that belong to no part. */
  readonly before?: Buffer;
  /** Has no data of its own: the directory leads to the data of the part of this name. */
  readonly at?: string;
}

/** A ZIP archive as it should be, or as it should not. */
export function zipArchive(parts: readonly ZipPart[]): Buffer {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets = new Map<string, number>();
  let at = 0;
  const push = (chunk: Buffer) => {
    chunks.push(chunk);
    at += chunk.length;
  };
  for (const part of parts) {
    if (part.before) push(part.before);
    const offset = part.at === undefined ? at : (offsets.get(part.at) ?? 0);
    offsets.set(part.name, offset);
    const content = Buffer.from(part.content);
    const packed = part.method === 0 ? content : deflateRawSync(content);
    if (part.at === undefined) {
      push(header(part, content, packed, offset, true));
      push(packed);
    }
    directory.push(header(part, content, packed, offset, false));
  }
  const offset = at;
  for (const entry of directory) push(entry);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length & 0xffff, 8);
  end.writeUInt16LE(parts.length & 0xffff, 10);
  end.writeUInt32LE(at - offset, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...chunks, end]);
}

function header(
  part: ZipPart,
  content: Buffer,
  packed: Buffer,
  offset: number,
  local: boolean,
): Buffer {
  const name = Buffer.from(local ? (part.nameLocally ?? part.name) : part.name);
  const declared = part.declared ?? content.length;
  const fixed = Buffer.alloc(local ? 30 : 46);
  // In the directory a field more stands in front of the common ones.
  const from = local ? 4 : 6;
  fixed.writeUInt32LE(local ? 0x04034b50 : 0x02014b50, 0);
  fixed.writeUInt16LE(20, from);
  fixed.writeUInt16LE(part.flags ?? 0, from + 2);
  fixed.writeUInt16LE(part.method ?? 8, from + 4);
  fixed.writeUInt32LE(part.crc ?? crc32(content), from + 10);
  fixed.writeUInt32LE(packed.length, from + 14);
  fixed.writeUInt32LE(local ? (part.declaredLocally ?? declared) : declared, from + 18);
  fixed.writeUInt16LE(name.length, from + 22);
  if (!local) fixed.writeUInt32LE(offset, 42);
  return Buffer.concat([fixed, name]);
}

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function relation(type: string, target: string): string {
  const one = `<Relationship Id="rId1" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${one}</Relationships>`;
}

/** An archive's parts with something changed in one of them. */
export function withChanged(
  parts: readonly ZipPart[],
  name: string,
  change: Partial<ZipPart>,
): ZipPart[] {
  return parts.map((part) => (part.name === name ? Object.assign({}, part, change) : part));
}

/** The parts of a workbook of one sheet, called Data. */
export function workbookParts(sheet: string | Buffer): ZipPart[] {
  return [
    {
      name: "[Content_Types].xml",
      content:
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    },
    {
      name: "_rels/.rels",
      content: relation("officeDocument", "xl/workbook.xml"),
    },
    {
      name: "xl/workbook.xml",
      content: `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relation("worksheet", "worksheets/sheet1.xml"),
    },
    { name: "xl/worksheets/sheet1.xml", content: sheet },
  ];
}

/** The XML of a sheet with rows as they are given. */
export function sheetOf(rows: string): string {
  return `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
}
