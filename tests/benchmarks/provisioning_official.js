// Sets a device up with the official client, once for each line on standard input: a JSON object
// with protocol, port, claimCode and network. Answers each with the milliseconds it took.
'use strict';

const readline = require('readline');
const SoftAPSetup = require('../conformance/node_modules/softap-setup');

function ask(device, method, ...args) {
	return new Promise((resolve, reject) => {
		device[method](...args, (error, answer) => (error ? reject(error) : resolve(answer)));
	});
}

async function setUp({ protocol, port, claimCode, network }) {
	const device = new SoftAPSetup({ protocol, host: '127.0.0.1', port, timeout: 30000 });
	await ask(device, 'version');
	await ask(device, 'deviceInfo');
	await ask(device, 'scan');
	await ask(device, 'setClaimCode', claimCode);
	await ask(device, 'publicKey');
	await ask(device, 'configure', network);
	await ask(device, 'connect');
}

async function main() {
	for await (const line of readline.createInterface({ input: process.stdin })) {
		const wanted = JSON.parse(line);
		const started = process.hrtime.bigint();
		await setUp(wanted);
		console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - started) / 1e6 }));
	}
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
