// `npm run test:soak [seconds] [seed] [milliseconds between kills]`: twelve writers for a minute, one killed every two seconds. Exit 1 where anything is lost, twice or damaged.
import { soak } from './soak.mjs';

const seconds = Number(process.argv[2] ?? 60);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const killEvery = Number(process.argv[4] ?? 2000);
const { wrong, ...figures } = await soak({ seconds, killEvery, seed });
console.log(JSON.stringify({ seconds, seed, ...figures }, null, 2));
for (const line of wrong) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
