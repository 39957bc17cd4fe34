import { expect, test } from 'vitest';
import { runCommand } from '../../src/commands/run.js';
import { writeJson } from '../../src/workflow/json.js';
import { captured } from '../support/context.js';
import { plainPrompt } from '../support/simulated.js';
import { startComfy } from '../support/simulator.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

test('each run is told of as it ends, so that Ctrl-C in the next one hides none', async () => {
  const { url } = await startComfy();
  const repository = makeWorkflowRepository();
  repository.commit({
    '.gitattributes': repository.read('.gitattributes'),
    'workflows/a.json': writeJson(plainPrompt()),
  });
  const stop = new AbortController();
  const { context, out } = captured(repository.path, { signal: stop.signal });
  const write = async (data: string | Uint8Array) => {
    await context.write(data);
    stop.abort();
  };
  const running = runCommand.run(
    { ...context, write },
    { args: ['workflows/a.json'], options: { server: url, count: '3' } },
  );
  await expect(running).rejects.toMatchObject({ exit: 130 });
  expect(out()).toMatch(
    /img_00001_\.png\n {2}1 output · .* · recorded: workflows\/a\.json at [0-9a-f]{10} · 2\.seed 1\n$/,
  );
});

test.each(['18446744073709551616', '-1', '7.5', 'seven'])('%s is no seed', async (seed) => {
  const { url } = await startComfy();
  const repository = makeWorkflowRepository();
  repository.commit({ 'workflows/a.json': writeJson(plainPrompt()) });
  const { context } = captured(repository.path);
  const running = runCommand.run(context, { args: ['workflows/a.json'], options: { server: url, seed } });
  await expect(running).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('18446744073709551615') });
});
