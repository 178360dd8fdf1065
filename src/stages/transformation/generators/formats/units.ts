/** Units of measurement and their spellings. */

const SPELLINGS: Readonly<Record<string, string>> = {
  oz: "oz ounce ounces onz",
  "fl oz": "floz fluidounce fluidounces",
  lb: "lb lbs pound pounds",
  kg: "kg kgs kilo kilos kilogram kilograms kilogramm kilogrammes",
  g: "g gr gram grams gramm grammes",
  mg: "mg milligram milligrams",
  t: "t to ton tons tonne tonnes",
  l: "l lt ltr liter liters litre litres",
  cl: "cl centilitre centilitres centiliter centiliters",
  ml: "ml millilitre millilitres milliliter milliliters",
  gal: "gal gallon gallons",
  pt: "pt pint pints",
  km: "km kms kilometre kilometres kilometer kilometers",
  m: "m metre metres meter meters mtr",
  cm: "cm centimetre centimetres centimeter centimeters zentimeter",
  mm: "mm millimetre millimetres millimeter millimeters",
  mi: "mi mile miles",
  yd: "yd yard yards",
  ft: "ft foot feet",
  in: 'in inch inches "',
  ms: "ms millisecond milliseconds",
  s: "s sec secs second seconds sek",
  min: "min mins minute minutes",
  h: "h hr hrs hour hours std stunde stunden",
  d: "d day days tag tage",
  wk: "wk wks week weeks",
  mo: "mo mos month months",
  yr: "yr yrs year years",
  "°c": "°c ºc degc celsius",
  "°f": "°f ºf degf fahrenheit",
  kelvin: "kelvin",
  w: "w watt watts",
  kw: "kw kilowatt kilowatts",
  kwh: "kwh",
  v: "v volt volts",
  a: "a amp amps ampere amperes",
  hz: "hz hertz",
  bar: "bar bars",
  hpa: "hpa",
  kb: "kb kilobyte kilobytes",
  mb: "mb megabyte megabytes",
  gb: "gb gigabyte gigabytes",
  tb: "tb terabyte terabytes",
  px: "px pixel pixels",
  pcs: "pc pcs pce piece pieces stk stck stück stueck",
  "%": "percent pct prozent",
};

const UNIT_OF = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, spellings]) =>
    [unit, ...spellings.split(" ")].map((spelling) => [spelling, unit] as const),
  ),
);

/** A unit as written behind a number. */
export interface WrittenUnit {
  readonly unit: string;
  /** Nothing but the unit stands behind the number. */
  readonly alone: boolean;
}

/** The known unit that a suffix starts with, such as `oz. can`; undefined when it starts with none. */
export function writtenUnit(suffix: string): WrittenUnit | undefined {
  const words = suffix
    .toLowerCase()
    .split(/[\s.]+/)
    .filter((word) => word !== "");
  const [first = "", second] = words;
  if (second !== undefined) {
    const pair = UNIT_OF.get(first + second);
    if (pair !== undefined) return { unit: pair, alone: words.length === 2 };
  }
  const unit = UNIT_OF.get(first.replace(/[,;:]$/, ""));
  return unit === undefined ? undefined : { unit, alone: words.length === 1 };
}

/** Seconds in a unit of time; undefined for other units. */
export function secondsIn(unit: string): number | undefined {
  return { s: 1, min: 60, h: 3600, d: 86_400, wk: 604_800 }[unit];
}

/** Two spellings are one form when only a plural s tells them apart: `1 day`, `2 days`. */
export function spellingKey(suffix: string): string {
  return suffix.length > 2 && /[a-z]s$/.test(suffix) ? suffix.slice(0, -1) : suffix;
}
