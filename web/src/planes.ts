/** Reading the server's binary answers: a JSON header, then planes of numbers (`application/vnd.hoplon.planes`). */

export interface PlaneRow {
  name: string;
  dtype: "bits" | "u1" | "u2" | "u4" | "i4" | "f4" | "f8" | "utf8";
  offset: number;
  length: number;
  shape: number[];
}

export class Planes<H extends object> {
  readonly header: H;
  private readonly rows = new Map<string, PlaneRow>();
  private readonly body: number;

  constructor(private readonly buffer: ArrayBuffer) {
    if (buffer.byteLength < 4) throw new Error("The server's answer is cut short.");
    const length = new DataView(buffer).getUint32(0, true);
    this.body = 4 + length;
    if (this.body > buffer.byteLength) throw new Error("The server's answer is cut short.");
    const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
    const header = JSON.parse(text) as H & { planes: PlaneRow[] };
    for (const row of header.planes) this.rows.set(row.name, row);
    this.header = header;
  }

  private row(name: string, dtype: PlaneRow["dtype"]): PlaneRow {
    const row = this.rows.get(name);
    if (!row || row.dtype !== dtype) throw new Error(`The server's answer has no plane ${name} of ${dtype}.`);
    if (this.body + row.offset + row.length > this.buffer.byteLength)
      throw new Error("The server's answer is cut short.");
    return row;
  }

  u1(name: string): Uint8Array {
    const row = this.row(name, "u1");
    return new Uint8Array(this.buffer, this.body + row.offset, row.length);
  }

  u2(name: string): Uint16Array {
    const row = this.row(name, "u2");
    return new Uint16Array(this.buffer, this.body + row.offset, row.length / 2);
  }

  u4(name: string): Uint32Array {
    const row = this.row(name, "u4");
    return new Uint32Array(this.buffer, this.body + row.offset, row.length / 4);
  }

  i4(name: string): Int32Array {
    const row = this.row(name, "i4");
    return new Int32Array(this.buffer, this.body + row.offset, row.length / 4);
  }

  f4(name: string): Float32Array {
    const row = this.row(name, "f4");
    return new Float32Array(this.buffer, this.body + row.offset, row.length / 4);
  }

  f8(name: string): Float64Array {
    const row = this.row(name, "f8");
    return new Float64Array(this.buffer, this.body + row.offset, row.length / 8);
  }

  texts(name: string): string[] {
    const row = this.row(name, "utf8");
    return new TextDecoder().decode(new Uint8Array(this.buffer, this.body + row.offset, row.length)).split("\n");
  }

  /** Return one byte a point, 0 or 1, of a plane of bits; `at` chooses a row where there are several. */
  bits(name: string, at = 0): Uint8Array {
    const row = this.row(name, "bits");
    const n = row.shape[row.shape.length - 1] ?? 0;
    const stride = (n + 7) >> 3;
    const bytes = new Uint8Array(this.buffer, this.body + row.offset + at * stride, stride);
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = (bytes[i >> 3]! >> (i & 7)) & 1;
    return out;
  }
}
