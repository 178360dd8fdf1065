import { GRAPH_STYLE } from "../workflow-graph/index.ts";

const GANTT = `
.rg{width:100%;min-width:760px}
.rg-row{fill:none}
.rg g:hover .rg-row{fill:var(--panel)}
.rg-grid{stroke:var(--line);stroke-width:1}
.rg-tick,.rg-note{fill:var(--muted);font-size:11px;font-variant-numeric:tabular-nums}
.rg-name{fill:var(--text);font-size:12px}
.rg-account{fill:var(--text);font-size:12px;font-weight:600}
.rg-bad{fill:var(--bad);font-weight:600}
.rg-work{fill:var(--after)}
.rg-wait{fill:var(--after);opacity:.28}
.rg-failed{fill:var(--lost)}
.rg-canceled{fill:var(--removed)}
.rg-lost{fill:var(--lost);opacity:.4}
.rg-critical{fill:none;stroke:var(--text);stroke-width:1.5}
.legend .work{background:var(--after)}
.legend .wait{background:var(--after);opacity:.28}
.legend .failed{background:var(--lost)}
.legend .canceled{background:var(--removed)}
.legend .gone{background:var(--lost);opacity:.4}
.legend .critical{border:1.5px solid var(--text);width:1.1em}
.wf{display:block}
td .bar{margin-top:.5em}
@media print{.rg{min-width:0}.wide{overflow:visible}.wf{max-width:100%;height:auto}}
`;

/** What only the page of a run needs. Holds nothing from data. */
export const RUN_STYLE = GRAPH_STYLE + GANTT.replaceAll("\n", "");
