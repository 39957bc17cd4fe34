/** The two documents that a record points to, by kind: how each is written and read. */
export { isSnapshot, readPromptOfSnapshot, readSnapshot, snapshotDocument } from './snapshot-document.js';
export { readState, stateDocument } from './state-document.js';
