// The maker's plain emulator of a device on a port of its own choice. Prints its address as one
// JSON line; when standard input ends, prints what it was told as another, and ends.
'use strict';

const net = require('net');
const Emulator = require('softap-emulator-js');

const emulator = new Emulator();
const told = [];

for (const [command, answer] of Object.entries(emulator.commands)) {
	emulator.commands[command] = (socket, body) => {
		told.push({ command, body: body.trim() });
		answer(socket, body);
	};
}

const server = net.createServer(emulator.server());
server.listen(0, '127.0.0.1', () => {
	const { port } = server.address();
	console.log(JSON.stringify({ port, device_id: emulator.device.device_id }));
});

process.stdin.resume();
process.stdin.once('end', () => {
	console.log(JSON.stringify({ told }));
	process.exit(0);
});
