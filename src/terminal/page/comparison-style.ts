/** Added to the common style of pages: pictures over each other, cut at `--at` or taking turns. */
export const comparisonStyle = `
section>h2{display:flex;flex-wrap:wrap;gap:10px;align-items:baseline}
section>h3{font-size:14px;margin:0;padding:12px 18px 0}
.badge{font-size:12px;font-weight:600;border-radius:99px;padding:1px 10px;background:var(--del-back);color:var(--del)}
.badge.full{background:var(--add-back);color:var(--add)}.badge.approximate{background:var(--chg-back);color:var(--chg)}
.viewer>input{position:absolute;opacity:0;pointer-events:none}
.viewer>input:focus-visible~.bar{outline:2px solid var(--soft)}
.viewer>input:nth-of-type(1):checked~.bar label:nth-of-type(1),.viewer>input:nth-of-type(2):checked~.bar label:nth-of-type(2),.viewer>input:nth-of-type(3):checked~.bar label:nth-of-type(3),.viewer>input:nth-of-type(4):checked~.bar label:nth-of-type(4){background:var(--head);color:var(--ink);border-color:var(--soft)}
.stage{position:relative;max-width:min(100% - 36px,66vh);margin:0 auto 14px;background:var(--canvas);border-radius:8px;overflow:hidden;--at:50%}
.viewer img,.sides img{display:block;width:100%;height:auto}
.stage img+img{position:absolute;inset:0;height:100%}
.edge,.heat{display:none;margin:0 auto 14px;max-width:min(100% - 36px,66vh)}
.edge input{display:block;width:100%}
.viewer>input:nth-of-type(1):checked~.edge,.viewer>input:nth-of-type(4):checked~.heat{display:block}
.viewer>input:nth-of-type(1):checked~.stage{cursor:ew-resize;touch-action:none}
.viewer>input:nth-of-type(1):checked~.stage img{pointer-events:none;user-select:none}
.viewer>input:nth-of-type(1):checked~.stage img+img{clip-path:inset(0 0 0 var(--at))}
.viewer>input:nth-of-type(1):checked~.stage::after{content:"";position:absolute;top:0;bottom:0;left:var(--at);width:2px;margin-left:-1px;background:#fff;box-shadow:0 0 3px #000;pointer-events:none}
.viewer>input:nth-of-type(2):checked~.stage img+img{animation:blink 1.2s steps(1) infinite}
@keyframes blink{0%{opacity:1}50%{opacity:0}}
.viewer>input:nth-of-type(3):checked~.stage{display:grid;grid-template-columns:1fr 1fr;gap:12px;max-width:calc(100% - 36px)}
.viewer>input:nth-of-type(3):checked~.stage img+img{position:static}
.viewer>input:nth-of-type(4):checked~.stage{display:none}
div.sides{display:grid;grid-template-columns:1fr 1fr;gap:12px;padding:14px 18px}
.sides figure{background:transparent}.sides figcaption{position:static;padding-top:6px}
.sides .missing{display:grid;place-items:center;min-height:160px;background:var(--canvas);border-radius:8px;color:var(--soft);padding:12px;text-align:center}
.heat p{color:var(--soft);font-size:13px;margin:6px 0 0;text-align:center}
dl{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0;padding:12px 18px;border-top:1px solid var(--line)}
dl div{min-width:0}dt{color:var(--soft);font-size:12px}dd{margin:0;overflow-wrap:anywhere}
`;
