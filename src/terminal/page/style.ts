/** The page's own style sheet: quiet where nothing changed, light and dark as the reader's system is. */
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1d2330;--soft:#667085;--line:#dfe3ea;--canvas:#eef1f5;--node:#fff;--head:#e6eaf1;
--wire:#b7c0cf;--add:#1a7f43;--add-back:#d9f5e3;--del:#c22f3d;--del-back:#fde3e5;--chg:#b26a00;--chg-back:#fff1d0;--frame:#e3e8f0}
@media (prefers-color-scheme:dark){:root{--page:#14171d;--card:#1b1f27;--ink:#e6e9ef;--soft:#98a2b3;--line:#2e3541;--canvas:#12151a;--node:#232935;--head:#2d3442;
--wire:#485366;--add:#4cc67c;--add-back:#173a27;--del:#ff7b86;--del-back:#46202a;--chg:#f0b450;--chg-back:#423213;--frame:#1d222c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1600px;margin:0 auto;padding:24px}
header{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:baseline;justify-content:space-between;margin-bottom:16px}
h1{font-size:20px;margin:0}
.legend{display:flex;gap:16px;color:var(--soft);font-size:13px}
.legend i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
.legend .added{background:var(--add)}.legend .removed{background:var(--del)}.legend .changed{background:var(--chg)}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;margin-bottom:24px;overflow:hidden}
section>h2{font-size:16px;margin:0;padding:14px 18px;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
section>h2 small{font-weight:400;color:var(--soft);margin-left:10px}
ul{margin:0;padding:12px 18px;list-style:none}
li{padding:2px 0;overflow-wrap:anywhere}
li b{font-weight:600}
li.quiet{color:var(--soft);font-size:13px}
del,ins{text-decoration:none;border-radius:3px;padding:0 3px}
del{background:var(--del-back);color:var(--del);text-decoration:line-through}
ins{background:var(--add-back);color:var(--add)}
.drawing{border-top:1px solid var(--line)}
.drawing>h3{font-size:14px;margin:0;padding:10px 18px 0}
.bar{display:flex;flex-wrap:wrap;gap:6px;padding:10px 18px}
.bar label,.bar button{font:inherit;font-size:13px;border:1px solid var(--line);border-radius:8px;padding:3px 12px;cursor:pointer;background:transparent;color:var(--soft)}
.bar button{margin-left:auto}.bar button+button{margin-left:0}
.drawing>input{position:absolute;opacity:0;pointer-events:none}
.drawing>input:nth-of-type(1):checked~.bar label:nth-of-type(1),.drawing>input:nth-of-type(2):checked~.bar label:nth-of-type(2){background:var(--head);color:var(--ink);border-color:var(--soft)}
.drawing>input:focus-visible~.bar label{outline:2px solid var(--soft)}
.pair{display:none;gap:1px;background:var(--line);border-top:1px solid var(--line)}
.drawing>input:nth-of-type(1):checked~.pair.both,.drawing>input:nth-of-type(2):checked~.pair.sides{display:grid}
.pair.sides{grid-template-columns:1fr 1fr}
@media (max-width:800px){.pair.sides{grid-template-columns:1fr}}
figure{margin:0;background:var(--canvas);position:relative;min-width:0}
figcaption{position:absolute;left:12px;top:8px;font-size:12px;color:var(--soft);pointer-events:none}
svg.graph{display:block;width:100%;height:auto;min-height:320px;max-height:min(76vh,900px);cursor:grab;touch-action:none}
svg.graph:active{cursor:grabbing}
svg text{font:11px ui-sans-serif,system-ui,sans-serif;fill:var(--soft)}
svg .frame rect{fill:var(--frame);stroke:none;opacity:.75}svg .frame text{font-size:18px;opacity:.7}
.wire{fill:none;stroke:var(--wire);stroke-width:2}
.wire.added{stroke:var(--add);stroke-width:3.5}.wire.removed{stroke:var(--del);stroke-width:3.5;stroke-dasharray:8 6}
.body{fill:var(--node);stroke:var(--line);stroke-width:1}.head{fill:var(--head)}
.port{fill:var(--wire)}
text.title{font-size:13px;font-weight:600;fill:var(--ink)}text.value{fill:var(--ink)}
.node.same{opacity:.62}
.node.muted .body,.node.bypassed .body{stroke-dasharray:5 4;stroke:var(--soft)}
.node.added .body{stroke:var(--add);stroke-width:3}.node.added .head{fill:var(--add-back)}
.node.removed .body{stroke:var(--del);stroke-width:3;stroke-dasharray:8 6}.node.removed .head{fill:var(--del-back)}.node.removed text.title{text-decoration:line-through}
.node.changed .body{stroke:var(--chg);stroke-width:3}.node.changed .head{fill:var(--chg-back)}
.row{fill:var(--chg-back)}.changed-row text.name{fill:var(--chg);font-weight:600}
tspan.old{fill:var(--del);text-decoration:line-through}tspan.new{fill:var(--add);font-weight:600}
footer{color:var(--soft);font-size:13px}
@media print{.bar{display:none}}
`;
