/** Moves the edge between the two pictures with the range, and with the pointer on them; without it the slider shows one half of each. */
export const comparisonScript = `
for (const view of document.querySelectorAll('.slider')) {
  const [stack, range] = [view.querySelector('.stack'), view.querySelector('input')];
  const show = () => stack.style.setProperty('--at', range.value / 10 + '%');
  range.addEventListener('input', show);
  const drag = (event) => {
    const box = stack.getBoundingClientRect();
    range.value = Math.round(1000 * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)));
    show();
  };
  stack.addEventListener('pointerdown', (event) => { stack.setPointerCapture(event.pointerId); drag(event); });
  stack.addEventListener('pointermove', (event) => { if (event.buttons > 0) drag(event); });
  show();
}
`;
