/** Drag, wheel and the two buttons; without it every graph shows what changed. The two drawings of a pair move together. */
export const script = `
for (const drawing of document.querySelectorAll('.drawing')) {
  const graphs = [...drawing.querySelectorAll('svg.graph')];
  const view = (svg) => svg.getAttribute('viewBox').split(' ').map(Number);
  const together = (svg) => [...svg.closest('.pair').querySelectorAll('svg.graph')];
  const show = (svg, box) => { for (const each of together(svg)) each.setAttribute('viewBox', box.join(' ')); };
  for (const button of drawing.querySelectorAll('button')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      for (const svg of graphs) svg.setAttribute('viewBox', svg.dataset[button.value]);
    });
  }
  for (const svg of graphs) {
    const scale = () => { const [, , w, h] = view(svg); const r = svg.getBoundingClientRect(); return Math.max(w / r.width, h / r.height); };
    svg.addEventListener('wheel', (event) => {
      event.preventDefault();
      const [x, y, w, h] = view(svg);
      const r = svg.getBoundingClientRect();
      const by = Math.exp(Math.max(-0.5, Math.min(0.5, event.deltaY / 400)));
      const [px, py] = [(event.clientX - r.left) / r.width, (event.clientY - r.top) / r.height];
      show(svg, [x + w * px * (1 - by), y + h * py * (1 - by), w * by, h * by]);
    }, { passive: false });
    let from;
    svg.addEventListener('pointerdown', (event) => { from = [event.clientX, event.clientY]; svg.setPointerCapture(event.pointerId); });
    svg.addEventListener('pointerup', () => { from = undefined; });
    svg.addEventListener('pointercancel', () => { from = undefined; });
    svg.addEventListener('pointermove', (event) => {
      if (!from) return;
      const [x, y, w, h] = view(svg);
      const s = scale();
      show(svg, [x - (event.clientX - from[0]) * s, y - (event.clientY - from[1]) * s, w, h]);
      from = [event.clientX, event.clientY];
    });
  }
}
`;
