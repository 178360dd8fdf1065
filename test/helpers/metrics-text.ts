/** A strict reader of Prometheus' text format: what is not as it should be throws. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LINE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = new RegExp(`^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"(?:,|$)`);
const TYPES = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);

export function parseMetrics(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  let current: { name: string; help: string; type: string; samples: Sample[] } | undefined;
  const seen = new Set<string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const help = new RegExp(`^# HELP (${NAME}) (.*)$`).exec(line);
    if (help) {
      const [, name = "", words = ""] = help;
      if (families.has(name)) throw new Error(`${name} is told twice`);
      current = { name, help: words, type: "", samples: [] };
      families.set(name, current);
      continue;
    }
    const type = new RegExp(`^# TYPE (${NAME}) (\\w+)$`).exec(line);
    if (type) {
      const [, name, kind = ""] = type;
      if (!current || current.name !== name || current.samples.length > 0) {
        throw new Error(`a type without its help: ${line}`);
      }
      if (!TYPES.has(kind)) throw new Error(`no type: ${line}`);
      current.type = kind;
      continue;
    }
    const sample = sampleOf(line);
    const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
    if (seen.has(key)) throw new Error(`told twice: ${key}`);
    seen.add(key);
    if (!current || !belongs(sample.name, current)) throw new Error(`it belongs nowhere: ${line}`);
    if (current.type === "counter" && sample.value < 0)
      throw new Error(`a counter below 0: ${line}`);
    current.samples.push(sample);
  }
  return families;
}

/** The value of a sample; undefined when there is none. */
export function valueOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels);
  const samples = [...families.values()].flatMap((family) => family.samples);
  return samples.find(
    (sample) =>
      sample.name === name &&
      wanted.length === Object.keys(sample.labels).length &&
      wanted.every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

function sampleOf(line: string): Sample {
  const [, name, inner = "", number = ""] = LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const value = number === "+Inf" ? Number.POSITIVE_INFINITY : Number(number);
  if (Number.isNaN(value) && number !== "Nan") throw new Error(`no number: ${line}`);
  const labels: Record<string, string> = {};
  for (let rest = inner; rest !== "";) {
    const [whole, label, text = ""] = LABEL.exec(rest) ?? [];
    if (whole === undefined || label === undefined) throw new Error(`no labels: ${line}`);
    if (label in labels) throw new Error(`a label twice: ${line}`);
    labels[label] = text;
    rest = rest.slice(whole.length);
  }
  return { name, labels, value };
}

function belongs(name: string, family: { readonly name: string; readonly type: string }): boolean {
  if (name === family.name) return family.type !== "histogram";
  const parts = ["_bucket", "_sum", "_count"].map((suffix) => family.name + suffix);
  return ["histogram", "summary"].includes(family.type) && parts.includes(name);
}
