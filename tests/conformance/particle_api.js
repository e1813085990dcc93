// One journey of the official client against a simulated cloud.
// Standard input: JSON with the cloud's address and credentials. Standard output: one JSON line.
'use strict';

const Particle = require('particle-api-js');

const STREAM_LIMIT = 10000; // milliseconds for a stream on loopback to deliver everything

async function journey(given) {
  const { url, product, client_id: clientId, client_secret: clientSecret, device } = given;
  const seen = {};
  const user = new Particle({ baseUrl: url });
  const maker = new Particle({ baseUrl: url, clientId, clientSecret });
  const email = 'Jane@Example.com';

  const team = (await user.login({ username: given.username, password: given.password })).body;
  seen.login = { token_type: team.token_type, expires_in: team.expires_in };
  seen.current = (await user.get({ uri: '/v1/access_tokens/current', auth: team.access_token })).body;

  const created = await maker.createCustomer({ email, password: 'a-password', product });
  seen.created = { status: created.statusCode, token_type: created.body.token_type };
  seen.customer_exists = await refusal(
    maker.createCustomer({ email, password: 'a-password', product }));
  const owner = (await maker.loginAsClientOwner()).body;
  seen.product_devices = (await maker.listDevices({ product, auth: owner.access_token })).body;

  const scoped = await maker.request({
    uri: '/oauth/token',
    method: 'post',
    form: {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `customer=${email.toLowerCase()}`,
    },
  });
  const auth = scoped.body.access_token;
  const claim = (await maker.getClaimCode({ product, auth })).body;
  seen.claim = { length: claim.claim_code.length, device_ids: claim.device_ids };
  seen.foreign = await refusal(maker.getDevice({ deviceId: device, auth }));
  await control(given, '/online', { device_id: device, online: true, claim_code: claim.claim_code });

  seen.devices = (await maker.listDevices({ auth })).body.map((each) => each.id);
  seen.device = (await maker.getDevice({ deviceId: device, auth })).body;
  seen.called = (await maker.callFunction({ deviceId: device, name: 'led', argument: 'on', auth })).body;
  seen.read = (await maker.getVariable({ deviceId: device, name: 'temperature', auth })).body;
  seen.renamed = (await maker.renameDevice({ deviceId: device, name: 'kitchen', auth })).body;
  seen.signaled = (await maker.signalDevice({ deviceId: device, signal: true, auth })).body;

  const fromDevice = { device_id: device, name: 'demo/tick', data: 'ö 1', count: given.count };
  seen.own_stream = await streamed(
    maker, { deviceId: 'mine', name: 'demo/tick', auth }, given.count,
    () => control(given, '/publish', fromDevice));
  seen.product_stream = await streamed(
    maker, { product, auth: owner.access_token }, given.count,
    () => control(given, '/publish', fromDevice));
  seen.program_stream = await streamed(
    maker, { deviceId: 'mine', name: 'hello', auth }, 1,
    () => maker.publishEvent({ name: 'hello', data: 'x', isPrivate: true, auth }));

  seen.no_function = await refusal(maker.callFunction({ deviceId: device, name: 'blahblah', auth }));
  seen.no_variable = await refusal(maker.getVariable({ deviceId: device, name: 'blahblah', auth }));
  seen.no_product = await refusal(maker.listDevices({ product: 'other', auth: owner.access_token }));
  seen.wrong_password = await refusal(user.login({ username: given.username, password: 'wrong' }));
  seen.wrong_token = await refusal(maker.listDevices({ auth: '0'.repeat(40) }));
  seen.wrong_token_stream = await refusal(
    maker.getEventStream({ deviceId: 'mine', auth: '0'.repeat(40) }));
  await maker.removeDevice({ deviceId: device, auth });
  seen.removed = await refusal(maker.getDevice({ deviceId: device, auth }));
  await maker.deleteCurrentAccessToken({ auth });
  seen.ended = await refusal(maker.listDevices({ auth }));
  return seen;
}

async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return { status: error.statusCode, body: error.body, text: error.shortErrorDescription };
  }
  throw new Error('was not refused');
}

// The client reads each piece of the stream by itself: a letter that is cut in two is two wrong ones.
function whole(text) {
  return text.replace('\ufffd\ufffd', 'ö');
}

async function streamed(client, wanted, count, publish) {
  const stream = await client.getEventStream(wanted);
  const events = [];
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${events.length} of ${count} events`)), STREAM_LIMIT);
    stream.on('event', (event) => {
      events.push(event);
      if (events.length === count) {
        clearTimeout(timer);
        resolve();
      }
    });
    Promise.resolve(publish()).catch(reject);
  });
  stream.abort();
  stream.stopIdleTimeout(); // abort() leaves this timer, which would keep node alive
  return { count: events.length, first: events[0], alike: events.every((each) => whole(each.data) === events[0].data) };
}

async function control(given, path, body) {
  const answer = await fetch(given.control + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`control: ${answer.status}`);
}

let input = '';
process.stdin.on('data', (data) => { input += data; });
process.stdin.on('end', () => {
  journey(JSON.parse(input)).then(
    (seen) => process.stdout.write(JSON.stringify(seen) + '\n'),
    (error) => {
      process.stderr.write(`${error.stack}\n${JSON.stringify(error.body)}\n`);
      process.exitCode = 1;
    });
});
