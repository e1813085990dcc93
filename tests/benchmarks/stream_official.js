// The official client on one event stream. Argument: the cloud's URL and how many events.
// Prints one JSON line: seconds from the first to the last event, latencies and processor seconds.
'use strict';

const Particle = require('particle-api-js');

const MOST_TIMED = 1000; // events; more come too fast to be looked at one by one
const [url, wanted] = [process.argv[2], Number(process.argv[3])];
const client = new Particle({ baseUrl: url });

client.getEventStream({ deviceId: 'mine', auth: '0'.repeat(40) }).then((stream) => {
  let count = 0;
  let first = 0n;
  let used = null;
  const late = [];
  stream.on('event', (event) => {
    if (count === 0) {
      first = process.hrtime.bigint();
      used = process.cpuUsage();
    }
    count += 1;
    if (wanted <= MOST_TIMED) late.push(Date.now() - Number(event.data.slice(5)));
    if (count === wanted) {
      const seconds = Number(process.hrtime.bigint() - first) / 1e9;
      const { user, system } = process.cpuUsage(used);
      const cpu = (user + system) / 1e6;
      process.stdout.write(JSON.stringify({ count, seconds, cpu, late }) + '\n', () => process.exit(0));
    }
  });
});
