// A cloud that answers after the given milliseconds, and counts. Written on bare sockets, without
// an HTTP library, so that it takes little of the processor that the measured servers need.
// Prints its URL; GET /claims tells how many claim codes it gave out.
'use strict';

const net = require('net');

const delay = Number(process.argv[2]);
const HEAD_END = '\r\n\r\n';
let claims = 0;

function answerTo(head) {
	if (head.startsWith('GET /claims ')) {
		return { claims };
	}
	if (head.includes('/device_claims ')) {
		claims += 1;
		return { claim_code: String(claims).padStart(63, 'c'), device_ids: ['0123456789abcdef01234567'] };
	}
	const answer = { token_type: 'bearer', access_token: 'f'.repeat(40), expires_in: 3600 };
	return { ...answer, refresh_token: 'e'.repeat(40) };
}

function send(socket, answer) {
	const body = JSON.stringify(answer);
	socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n'
		+ `Content-Length: ${body.length}${HEAD_END}${body}`);
}

const server = net.createServer((socket) => {
	let pending = '';
	socket.setNoDelay(true);
	socket.setEncoding('latin1');
	socket.on('error', () => socket.destroy());
	socket.on('data', (text) => {
		pending += text;
		const end = pending.indexOf(HEAD_END);
		if (end < 0) {
			return;
		}
		const head = pending.slice(0, end);
		const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
		if (pending.length < end + HEAD_END.length + length) {
			return;
		}
		pending = ''; // nobody sends a second request before the first is answered
		const answer = answerTo(head);
		if (delay === 0) {
			send(socket, answer);
		} else {
			setTimeout(send, delay, socket, answer);
		}
	});
});

server.listen(0, '127.0.0.1', 1024, () => {
	console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
