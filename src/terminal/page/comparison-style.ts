/** Added to the common style of pages: pictures over each other, cut at `--at` or taking turns. */
export const comparisonStyle = `
section>h2{display:flex;flex-wrap:wrap;gap:10px;align-items:baseline}
section>h3{font-size:14px;margin:0;padding:12px 18px 0}
.badge{font-size:12px;font-weight:600;border-radius:99px;padding:1px 10px;background:var(--del-back);color:var(--del)}
.badge.full{background:var(--add-back);color:var(--add)}.badge.approximate{background:var(--chg-back);color:var(--chg)}
.viewer>input{position:absolute;opacity:0;pointer-events:none}
.viewer>input:focus-visible~.bar{outline:2px solid var(--soft)}
.view{display:none;padding:0 18px 14px}
.viewer>input:nth-of-type(1):checked~.view:nth-of-type(2),.viewer>input:nth-of-type(2):checked~.view:nth-of-type(3),.viewer>input:nth-of-type(3):checked~.view:nth-of-type(4),.viewer>input:nth-of-type(4):checked~.view:nth-of-type(5){display:block}
.viewer>input:nth-of-type(1):checked~.bar label:nth-of-type(1),.viewer>input:nth-of-type(2):checked~.bar label:nth-of-type(2),.viewer>input:nth-of-type(3):checked~.bar label:nth-of-type(3),.viewer>input:nth-of-type(4):checked~.bar label:nth-of-type(4){background:var(--head);color:var(--ink);border-color:var(--soft)}
.view img{display:block;width:100%;height:auto}
.stack{position:relative;max-width:min(100%,66vh);margin:0 auto;background:var(--canvas);border-radius:8px;overflow:hidden;--at:50%}
.stack img+img{position:absolute;inset:0;height:100%}
.slider .stack{cursor:ew-resize;touch-action:none}
.slider .stack img{pointer-events:none;user-select:none}
.slider .stack img+img{clip-path:inset(0 0 0 var(--at))}
.slider .stack::after{content:"";position:absolute;top:0;bottom:0;left:var(--at);width:2px;margin-left:-1px;background:#fff;box-shadow:0 0 3px #000;pointer-events:none}
.slider input{display:block;width:min(100%,66vh);margin:10px auto 0}
.blink .stack img+img{animation:blink 1.2s steps(1) infinite}
@keyframes blink{0%{opacity:1}50%{opacity:0}}
.view.sides,div.sides:not(.view){gap:12px;padding:0 18px 14px}
.viewer>input:nth-of-type(3):checked~.view.sides,div.sides:not(.view){display:grid;grid-template-columns:1fr 1fr}
div.sides:not(.view){padding-top:14px}
.sides figure{background:transparent}.sides figcaption{position:static;padding-top:6px}
.sides .missing{display:grid;place-items:center;min-height:160px;background:var(--canvas);border-radius:8px;color:var(--soft);padding:12px;text-align:center}
.heat img{max-width:min(100%,66vh);margin:0 auto}.heat p{color:var(--soft);font-size:13px;margin:6px 0 0;text-align:center}
dl{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0;padding:12px 18px;border-top:1px solid var(--line)}
dl div{min-width:0}dt{color:var(--soft);font-size:12px}dd{margin:0;overflow-wrap:anywhere}
`;
