// Twelve writers at once (watchers, records, commits, syncs, gc), and a `kill -9` of one every so often. Everything that was promised has to be there
// then, and nothing twice.
import { setTimeout as wait } from 'node:timers/promises';
import { openLedger } from './ledger.mjs';
import { finish, lookAtAll, lookAtPromises } from './look.mjs';
import { setStage } from './stage.mjs';
import { killOne, letWork, queueRuns, trees, writersOf } from './writers.mjs';

/** @param seconds how long they work; `killEvery` in milliseconds */
export async function soak({ seconds, killEvery, seed }) {
  const stage = await setStage(trees);
  try {
    const ledger = openLedger();
    const ending = new AbortController();
    const { running, done } = await letWork(writersOf(stage, ledger), ledger, ending.signal);
    const others = [
      queueRuns(stage.servers, 1000, ledger, ending.signal),
      killOne(running, killEvery, randomOf(seed), ledger, ending.signal),
    ];
    await wait(seconds * 1000);
    ending.abort();
    await Promise.all([done, ...others]);
    const broken = await lookAtPromises(stage, ledger);
    await finish(stage, ledger);
    const { wrong, ...found } = await lookAtAll(stage, ledger);
    return { ...figures(ledger), ...found, wrong: [...broken, ...wrong] };
  } finally {
    await stage.clear();
  }
}

/** The same numbers for the same seed. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function figures({ counts, kills, complaints, prompts, pictures, commits, promised }) {
  const sum = (map) => [...map.values()].reduce((all, count) => all + count, 0);
  return {
    kills: sum(kills),
    killed: Object.fromEntries(kills),
    ended: Object.fromEntries(counts),
    ...{ prompts: prompts.length, pictures: pictures.length, promised: promised.size, commits: commits.length },
    complaints: Object.fromEntries(complaints),
  };
}
