import { expect, test } from 'vitest';
import { belonging } from '../../src/capture/belongs.js';
import { draftRecord } from '../../src/capture/draft-record.js';
import { linkWaitingRuns } from '../../src/capture/link-waiting-runs.js';
import { recordRun } from '../../src/capture/record-run.js';
import type { RunFacts } from '../../src/capture/run-facts.js';
import { promptText, runFacts, type Settings } from '../support/run-facts.js';
import { makeWorkflowRepository } from '../support/workflow-repository.js';

/** As a script queues it. */
const bare = ({ workflow: _, ...facts }: RunFacts): RunFacts => facts;

test('a run of a script is of here if it executes what a recorded one did that waits for its commit, seeds aside', async () => {
  const repository = makeWorkflowRepository();
  const opened = await repository.open();
  const isOfHere = async (settings: Settings) => {
    const draft = draftRecord(opened, bare(runFacts(settings)), new Date());
    return (await (await belonging(await repository.open(), [draft], undefined))(draft)) !== undefined;
  };
  expect(await isOfHere({})).toBe(false);
  // In the journal, then in the notes of the first commit.
  await recordRun(opened, bare(runFacts()));
  expect(await isOfHere({ seed: '8' })).toBe(true);
  const first = repository.commit({ '.gitattributes': repository.read('.gitattributes') });
  await linkWaitingRuns(opened, first);
  expect(await isOfHere({ seed: '9' })).toBe(true);
  expect(await isOfHere({ steps: 30 })).toBe(false);
  // Once a commit has it, it is of here by that.
  const commit = repository.commit({ 'workflows/api.json': promptText() });
  expect(await linkWaitingRuns(opened, commit)).toBe(1);
  expect(await isOfHere({ seed: '10' })).toBe(true);
});
