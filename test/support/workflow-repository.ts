import type { Repository } from '../../src/git/repository.js';
import { type JsonObject, parseJson } from '../../src/workflow/json.js';
import { normalise } from '../../src/workflow/normal-form.js';
import { writeNormalText } from '../../src/workflow/normal-text.js';
import { makeRepository, type TestRepository } from './git.js';
import { type Settings, workflowText } from './run-facts.js';

/** Normal form of a workflow, as `clean` would give it to git. */
export const normalText = (workflow: string): string =>
  writeNormalText(normalise(parseJson(workflow) as JsonObject).normal);

/** A repository whose files below `workflows/` are workflows; the filter itself is not set up, files are written in normal form. */
export function makeWorkflowRepository(): TestRepository {
  const repository = makeRepository();
  repository.write('.gitattributes', 'workflows/** -text filter=comfy\n');
  return repository;
}

export interface CommittedRepository {
  readonly repository: TestRepository;
  readonly opened: Repository;
  readonly head: string;
}

export const workflowPath = 'workflows/portrait.json';

/** Commits the workflow with these settings. */
export const commitWorkflow = (repository: TestRepository, settings: Settings = {}, message = 'commit'): string =>
  repository.commit({ [workflowPath]: normalText(workflowText(settings)) }, message);

/** A repository with one commit that holds the workflow. */
export async function committedWorkflow(
  settings: Settings = {},
  message = 'Softer light',
): Promise<CommittedRepository> {
  const repository = makeWorkflowRepository();
  repository.git('add', '.gitattributes');
  const head = commitWorkflow(repository, settings, message);
  return { repository, head, opened: await repository.open() };
}
