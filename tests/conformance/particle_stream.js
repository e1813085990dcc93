// Counts what the official client hears on one stream until the last event; one JSON line.
// Standard input: JSON with url, auth and how many events are wanted.
'use strict';

const Particle = require('particle-api-js');

const LIMIT = 20000; // milliseconds

async function listen({ url, auth, wanted }) {
  const stream = await new Particle({ baseUrl: url }).getEventStream({ deviceId: 'mine', auth });
  const seen = [];
  const timer = setTimeout(() => finish(seen), LIMIT);
  stream.on('event', (event) => {
    seen.push([event.name, event.data, event.coreid, event.published_at]);
    if (seen.length === wanted) {
      clearTimeout(timer);
      finish(seen);
    }
  });
  process.stdout.write('listening\n');
}

function finish(seen) {
  process.stdout.write(JSON.stringify({ seen }) + '\n', () => process.exit(0));
}

let input = '';
process.stdin.on('data', (data) => { input += data; });
process.stdin.on('end', () => {
  listen(JSON.parse(input)).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});
