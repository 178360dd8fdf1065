/** The page's one stylesheet: system fonts, light and dark, paper, from 360 px to wide screens. */
import { PALETTE } from "./palette.ts";

const variables = (palette: Readonly<Record<string, string>>): string =>
  Object.entries(palette)
    .map(([role, colour]) => `--${role}:${colour}`)
    .join(";");

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
.page{max-width:1320px;margin:0 auto;padding:24px 32px 64px;display:grid;grid-template-columns:190px minmax(0,1fr);gap:0 48px}
header,footer{grid-column:1/-1}
h1{font-size:2rem;line-height:1.2;margin:.1em 0 .2em}
h2{font-size:1.4rem;line-height:1.25;margin:0 0 .6em}
h3{font-size:1.05rem;line-height:1.35;margin:0 0 .4em}
h4{font-size:.9rem;margin:1em 0 .3em}
p{margin:0 0 .8em}
a{color:var(--link)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
section{padding:32px 0 24px;border-top:1px solid var(--line)}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em}
.eyebrow,.muted,.more,.cut,dt,caption,thead th{color:var(--muted)}
.eyebrow{margin:0;font-size:.9rem}
.headline{font-size:1.25rem;line-height:1.45;max-width:60em;margin:.6em 0 1em}
.more,.small{font-size:.9rem}
.cut{font-size:.8em;white-space:nowrap;margin-left:.3em}
.none{color:var(--muted);font-style:italic}
.ok{color:var(--good);font-weight:600}
.no{color:var(--bad);font-weight:600}
nav{position:sticky;top:0;align-self:start;padding:32px 0;font-size:.9rem}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:block;padding:.28em 0;text-decoration:none}
nav a:hover{text-decoration:underline}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:0 0 28px;padding:0}
.figures div{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:10px 14px}
.figures dd{margin:0;font-size:1.35rem;white-space:nowrap;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
dt{font-size:.85rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:6px 20px;margin:.4em 0 .8em}
.facts>div{min-width:0}
.hash{overflow-wrap:anywhere}
.facts .small{display:block;font-size:.85rem}
.facts dd{margin:0;font-variant-numeric:tabular-nums}
`;

const TABLES = `
.wide{overflow-x:auto;margin:0 0 1em}
.wide:last-child{margin-bottom:0}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-size:.88rem;padding:0 0 .4em}
th,td{padding:.42em .8em .42em 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{font-weight:600;font-size:.82rem;vertical-align:bottom}
tbody th{font-weight:400}
tbody tr:last-child>*{border-bottom:0}
tbody th.n{width:4.5em;color:var(--muted)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.best th,.best td{background:var(--panel)}
.best th{font-weight:600;box-shadow:inset 3px 0 var(--after);padding-left:.8em}
.v{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.9em;white-space:pre-wrap;overflow-wrap:anywhere}
.inv{color:var(--muted);border:1px solid var(--line);border-radius:3px;padding:0 .2em;margin:0 1px;font-size:.82em;line-height:1.3;display:inline-block;unicode-bidi:isolate;white-space:nowrap}
del,ins{border-radius:3px;padding:0 1px}
del{color:var(--oldText);background:var(--oldGround);text-decoration:line-through}
ins{color:var(--newText);background:var(--newGround);text-decoration:underline;text-underline-offset:3px}
del .inv,ins .inv{color:inherit;border-color:currentColor}
details{margin:0 0 .8em}
summary{cursor:pointer;color:var(--link);padding:.25em 0}
article,details.card{background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 18px;margin:0 0 14px}
article>:last-child,details.card>:last-child{margin-bottom:0}
article details{margin:.2em 0 0}
details.card{padding:0 18px;margin-bottom:8px}
.card>summary{padding:9px 0}
.card[open]{padding-bottom:14px}
td .ok,td .no{white-space:nowrap}
.step{color:var(--muted);font-weight:400;margin-right:.5em}
.tag{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .6em;font-size:.78rem;color:var(--muted);vertical-align:2px;white-space:nowrap}
.tag.aside{color:var(--aside)}
`;

const CHARTS = `
svg{display:block}
.bar{width:100%;min-width:60px;height:8px;border-radius:4px;background:var(--track)}
.before{fill:var(--before)}
.after,.plain,.bin{fill:var(--after)}
.meter{display:grid;grid-template-columns:4.2em minmax(60px,1fr) minmax(3.8em,auto);gap:.1em .7em;align-items:center;font-size:.9rem;min-width:190px}
.meter b{text-align:right;font-weight:600;font-variant-numeric:tabular-nums;white-space:nowrap}
.meter i{font-style:normal;color:var(--muted)}
.flow{width:100%;height:110px}
.in{fill:var(--before)}
.ribbon{opacity:.28}
.kept{fill:var(--kept)}.aside{fill:var(--aside)}.removed{fill:var(--removed)}.lost{fill:var(--lost)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3em 2em;padding:0;margin:.6em 0 1em}
.legend span{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.5em;vertical-align:-.05em}
.legend .kept{background:var(--kept)}.legend .aside{background:var(--aside)}.legend .removed{background:var(--removed)}.legend .lost{background:var(--lost)}.legend .in{background:var(--before)}
.histogram{width:100%;max-width:440px;height:84px;border-bottom:1px solid var(--line)}
.axis{display:flex;justify-content:space-between;max-width:440px;font-size:.82rem;color:var(--muted);font-variant-numeric:tabular-nums;margin:.2em 0 .8em}
.split{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:0 36px}
`;

const NARROW = `
@media (max-width:980px){.page{display:block;padding:20px 24px 48px}nav{position:static;padding:0 0 20px}nav ul{display:flex;flex-wrap:wrap;gap:0 1.2em}}
@media (max-width:640px){
.page{padding:16px 16px 40px}h1{font-size:1.6rem}.headline{font-size:1.1rem}
.figures{grid-template-columns:1fr 1fr;gap:8px}.figures dd{font-size:1.2rem}
article{padding:12px}details.card{padding:0 12px}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th[scope=row],td,caption{display:block}
tr{border-bottom:1px solid var(--line);padding:.5em 0}
th[scope=row],td{border:0;padding:.12em 0;text-align:left}
th[scope=row]{font-weight:600}
td{display:grid;grid-template-columns:7.2em minmax(0,1fr);gap:.6em}
td.n,th[scope=row].n{text-align:left;width:auto;color:inherit;white-space:normal}
th[data-label]::before{content:attr(data-label) " "}
td::before{content:attr(data-label);color:var(--muted);font-size:.85rem}
.best{background:var(--panel);box-shadow:inset 3px 0 var(--after);padding-left:.8em}.best th[scope=row]{box-shadow:none;padding-left:0}
.meter{min-width:0;grid-template-columns:3.3em minmax(40px,1fr) minmax(3.2em,auto);gap:.1em .5em}.bar{min-width:40px}
.facts{grid-template-columns:repeat(auto-fit,minmax(125px,1fr))}
}
`;

const PAPER = `
@media print{
body{font-size:10.5pt}.page{display:block;max-width:none;padding:0}nav{display:none}
section{break-before:auto}article,tr,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}
details::details-content{content-visibility:visible;display:block}
svg,del,ins,.figures div{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
@page{margin:16mm}
}
`;

/** The stylesheet as text. Holds nothing from data. */
export const STYLESHEET = [
  `:root{color-scheme:light dark;${variables(PALETTE.light)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${variables(PALETTE.dark)}}}`,
  BASE,
  TABLES,
  CHARTS,
  NARROW,
  PAPER,
]
  .join("")
  .replaceAll("\n", "");
