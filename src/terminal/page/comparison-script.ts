/** Moves the edge between the two pictures with the range, and with the pointer on them; without it the slider shows one half of each. */
export const comparisonScript = `
for (const viewer of document.querySelectorAll('.viewer')) {
  const [stage, range] = [viewer.querySelector('.stage'), viewer.querySelector('.edge input')];
  const show = () => stage.style.setProperty('--at', range.value / 10 + '%');
  range.addEventListener('input', show);
  const drag = (event) => {
    const box = stage.getBoundingClientRect();
    range.value = Math.round(1000 * Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)));
    show();
  };
  stage.addEventListener('pointerdown', (event) => { stage.setPointerCapture(event.pointerId); drag(event); });
  stage.addEventListener('pointermove', (event) => { if (event.buttons > 0) drag(event); });
  show();
}
`;
