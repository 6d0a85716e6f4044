import { dark, light, type Palette } from '../chart/palette.ts';

/** The whole style of the page: phone first, light and dark, and paper. */
export function styleSheet(): string {
  return `
:root{color-scheme:light dark;--shade:rgb(0 0 0/.13);${colours(light)}}
@media (prefers-color-scheme:dark){:root{--shade:rgb(0 0 0/.6);${colours(dark)}}}
@media print{:root{color-scheme:light;${colours(light)}--paper:#fff}}
${base}${heading}${answer}${figures}${tables}${words}${widths}${paper}`;
}

function colours(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value};`)
    .join('');
}

const base = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1104px;margin:0 auto;padding:0 16px}
h1,h2,h3,p,figure,blockquote,dl,dd,ul{margin:0}
ul{padding-left:1.2em}
section{margin-top:56px}
h2{font-size:1.4rem;line-height:1.25;margin-bottom:16px;letter-spacing:-.01em}
h3{font-size:1.02rem;line-height:1.35;margin:28px 0 8px}
code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;color:var(--muted)}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-9999px}
.skip:focus{left:12px;top:12px;padding:8px 12px;background:var(--panel);border:1px solid var(--rule);z-index:2}
.intro,.note,.where,.empty,.when{color:var(--muted)}
.intro{max-width:76ch;margin-bottom:14px}
.note{font-size:.88rem;margin-top:6px}
.empty{padding:18px;border:1px dashed var(--rule);border-radius:8px;font-size:.94rem}
.unit{color:var(--muted);font-weight:400;font-size:.86em;white-space:nowrap}
footer{margin-top:64px;padding-bottom:40px;color:var(--muted);font-size:.88rem}
`;

const heading = `
header{padding-top:32px}
.eyebrow{display:flex;flex-wrap:wrap;gap:10px;align-items:center;color:var(--muted);font-size:.88rem}
.status,.badge{display:inline-block;font-size:.78rem;font-weight:600;line-height:1.2;padding:3px 9px;border-radius:99px;background:var(--goodTint);color:var(--good);white-space:nowrap}
.badge{padding:2px 7px;font-size:.74rem;vertical-align:.08em}
.status.running{background:var(--accentTint);color:var(--accent)}
.status.caution,.badge.suspect,.badge.undecided{background:var(--cautionTint);color:var(--caution)}
.status.failed,.badge.void,.badge.missed{background:var(--badTint);color:var(--bad)}
h1{font-size:2.1rem;line-height:1.15;letter-spacing:-.02em;margin:8px 0 6px}
h1.long{font-size:1.15rem;letter-spacing:0;line-height:1.35}
.when{font-size:.88rem;margin-top:2px}
#answer{margin-top:32px}
#answer>h2{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

const answer = `
.lead strong{font-weight:700}
.lead{font-size:1.32rem;line-height:1.4;letter-spacing:-.005em;max-width:46em;text-wrap:pretty}
.so-far{color:var(--muted)}
.remark{margin-top:12px;padding-left:12px;border-left:3px solid var(--rule);max-width:76ch}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,230px),1fr));gap:14px;margin:20px 0 16px}
.card{background:var(--panel);border:1px solid var(--rule);border-radius:12px;padding:16px 18px}
.card.balanced{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.card.none{border-style:dashed}
.card-name{font-weight:600;font-size:.94rem}
.card.balanced .card-name{color:var(--accent)}
.card-level{color:var(--muted);margin:2px 0 8px}
.card-level .number{font-size:2.3rem;font-weight:650;line-height:1.2;color:var(--ink);letter-spacing:-.02em;margin-right:3px;font-variant-numeric:tabular-nums}
.card-why{color:var(--muted);font-size:.94rem}
.card dl>div{display:flex;justify-content:space-between;gap:12px;padding:4px 0;border-top:1px solid var(--rule)}
.card dt{color:var(--muted)}
.card dd{font-variant-numeric:tabular-nums;text-align:right}
.callout{border-radius:12px;padding:16px 20px;margin-bottom:24px;background:var(--accentTint);border-left:5px solid var(--accent)}
.callout.caution{background:var(--cautionTint);border-color:var(--caution)}
.callout.failed{background:var(--badTint);border-color:var(--bad)}
.callout>*+*{margin-top:8px}
.callout-title{font-size:1.22rem;font-weight:650;line-height:1.35}
.callout,.callout p{max-width:none}
.quote figcaption{font-size:.84rem;color:var(--muted)}
blockquote{font:.9rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;background:var(--panel);border:1px solid var(--rule);border-radius:6px;padding:8px 12px;margin-top:4px}
`;

const figures = `
svg{display:block;max-width:100%;height:auto;overflow:visible}
.wide{display:none}
.beside{display:grid;gap:16px}
.chart{background:var(--panel);border:1px solid var(--rule);border-radius:12px;padding:12px 14px 10px}
.beside figcaption{color:var(--muted);font-size:.94rem}
.beside figcaption *+p{margin-top:10px}
.legend{list-style:none;padding:0;margin-top:14px}
.legend li{display:flex;gap:8px;align-items:flex-start;padding:2px 0}
.sign{flex:none;margin-top:.32em}
.charts{display:grid;gap:28px 24px}
.charts figcaption{color:var(--muted);font-size:.94rem;margin-bottom:6px}
.charts figcaption strong,.multiple strong{color:var(--ink)}
.charts figcaption strong{display:block}
.multiples{display:grid;grid-template-columns:1fr 1fr;gap:24px 14px}
.multiple{min-width:0}
.multiple figcaption{font-size:.9rem;margin-bottom:4px}
.multiple svg{width:100%}
.series{font-size:.78rem;line-height:1.2;color:var(--accent)}
.series.flight{color:var(--third)}
.distributions{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr));margin-top:10px}
.distributions figcaption{font-size:.9rem;color:var(--muted);margin-bottom:4px}
.distributions svg{width:100%}
details.level{margin-top:10px}
.multiple .empty{padding:8px;font-size:.8rem}
`;

const tables = `
p+.scroll,figure+.scroll{margin-top:14px}
.scroll{position:relative;overflow-x:auto;background:linear-gradient(to right,var(--panel) 30%,transparent) left/40px 100% no-repeat local,linear-gradient(to left,var(--panel) 30%,transparent) right/40px 100% no-repeat local,linear-gradient(to right,var(--shade),transparent) left/14px 100% no-repeat scroll,linear-gradient(to left,var(--shade),transparent) right/14px 100% no-repeat scroll,var(--panel);border:1px solid var(--rule);border-radius:12px}
table{border-collapse:collapse;width:100%;font-size:.9rem;overflow-wrap:normal}
th,td{padding:7px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule)}
tbody tr:last-child>*{border-bottom:0}
thead th{font-weight:600;color:var(--ink);vertical-align:bottom;line-height:1.3}
.words{min-width:15em}
.figure{text-align:right;font-variant-numeric:tabular-nums}
td.figure{white-space:nowrap}
th.group{text-align:center;border-left:1px solid var(--rule);white-space:nowrap}
th.group .unit,.points thead tr:last-child .unit{display:block}
.compact{font-size:.84rem}
.points{font-size:.82rem}
.compact th,.compact td{padding:6px 8px}
.points th,.points td{padding:6px}
.points tbody th,.compact tbody th,.points thead tr:first-child>:first-child,.compact thead tr>:first-child{position:sticky;left:0;background:var(--panel);z-index:1}
.points tr.void td,.points tr.void th{color:var(--muted)}
.again{font-weight:400;color:var(--muted)}
.points tr.drift>*{border-top:2px solid var(--rule)}
.interval{display:block;font-size:.82em;color:var(--muted)}
.miss{color:var(--bad)}
.miss .interval{color:inherit}
.missing{color:var(--muted);cursor:help}
`;

const words = `
.finding{border-left:4px solid var(--caution);padding:2px 0 2px 16px;margin-top:24px;max-width:84ch}
.finding.void{border-color:var(--bad)}
.finding h3{margin-top:0}
.finding p+p{margin-top:6px}
.places{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:8px;color:var(--muted);font-size:.92rem;font-variant-numeric:tabular-nums}
.place{color:var(--ink);font-weight:600}
.messages{list-style:none;padding:0}
.messages li{margin-top:12px}
.times{font-weight:600;font-variant-numeric:tabular-nums}
details{margin-top:24px}
summary{cursor:pointer;color:var(--accent);width:fit-content}
details>:not(summary){margin-top:12px}
pre{margin:0;padding:14px 16px;font:.84rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.setup h3{margin-top:20px}
.setup dl>div{padding:6px 0;border-top:1px solid var(--rule)}
.setup dt{color:var(--muted);font-size:.88rem}
.definitions dt{font-weight:600}
.definitions dd{margin:2px 0 14px;max-width:84ch}
.definitions code{font-weight:400}
.guidance dt{font-weight:600}
.guidance dd{margin:2px 0 0;max-width:76ch;text-wrap:pretty}
.guidance>div{padding:10px 0;border-top:1px solid var(--rule)}
`;

const widths = `
@media (min-width:760px){
.wide{display:block}.narrow{display:none}
.wide svg{width:100%}
header,main,footer{padding:0 32px}
header{padding-top:48px}
h1{font-size:2.7rem}
h1.long{font-size:1.3rem}
.lead{font-size:1.6rem}
.charts{grid-template-columns:1fr 1fr}
.multiples{grid-template-columns:repeat(4,1fr);gap:28px 20px}
.setup{display:grid;grid-template-columns:1fr 1fr;gap:0 40px}
.setup dl>div{display:grid;grid-template-columns:150px 1fr;gap:12px}
.definitions{display:grid;grid-template-columns:minmax(160px,260px) 1fr;gap:0 24px}
.definitions dd{margin-top:0}
.guidance>div{display:grid;grid-template-columns:210px 1fr;gap:24px}
.guidance dd{margin-top:0}
}
@media (min-width:1000px){.beside{grid-template-columns:minmax(0,1fr) 290px;gap:28px}.beside .wide svg{width:100%}}
@media (min-width:1270px){.scroll:has(.points){margin-inline:-72px}}
`;

const paper = `
@media print{
@page{margin:13mm}
html{font-size:12.5px}
body{font-size:1rem}
header,main,footer{padding:0;max-width:none}
.skip{display:none}
.wide{display:block}.narrow{display:none}
section,footer{margin-top:24px}
footer{padding:0}
h2,h3,.intro,.panel figcaption,.multiple figcaption{break-after:avoid}
p,li{break-inside:avoid}
.card,.callout,.panel,.multiple,.finding,.chart,tr,.messages li,.guidance>div{break-inside:avoid}
.charts{grid-template-columns:1fr 1fr;gap:14px}
.beside{grid-template-columns:minmax(0,1fr) 200px;gap:18px;break-inside:avoid}
.distributions{grid-template-columns:repeat(3,1fr);gap:10px;break-inside:avoid}
.scroll,.scroll:has(.points){overflow:visible;border:0;margin-inline:0}
.points,.compact{font-size:6.4pt}
.points th,.points td,.compact th,.compact td{padding:2px 3px}
.status,.badge,.card,.callout{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
