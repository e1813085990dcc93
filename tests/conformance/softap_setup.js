// Sets a Photon up with the official client and prints what it heard as one JSON object.
// Arguments: protocol (tcp or http), port. What to send comes as JSON on standard input.
'use strict';

const fs = require('fs');
const SoftAPSetup = require('softap-setup');

const [protocol, port] = process.argv.slice(2);
const wanted = JSON.parse(fs.readFileSync(0, 'utf8'));
const device = new SoftAPSetup({ protocol, host: '127.0.0.1', port: Number(port), timeout: 5000 });

function ask(method, ...args) {
	return new Promise((resolve, reject) => {
		device[method](...args, (error, answer) => (error ? reject(error) : resolve(answer)));
	});
}

async function main() {
	const heard = {};
	heard.version = await ask('version');
	heard.info = await ask('deviceInfo');
	heard.scan = await ask('scan');
	heard.publicKey = await ask('publicKey');
	await ask('setClaimCode', wanted.claimCode);
	heard.configure = await ask('configure', wanted.network);
	await ask('connect');
	console.log(JSON.stringify(heard));
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
