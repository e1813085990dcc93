// The smallest backend in Express that does what POST /v1/provisions of ours does: one look-up of
// the session in PostgreSQL, and one call to the cloud for a claim code, as the customer, whose
// token is kept. Prints its URL. Variables: CLOUD_URL, DATABASE_URL, PRODUCT, CLIENT_ID,
// CLIENT_SECRET.
'use strict';

const { createHash } = require('crypto');
const http = require('http');
const express = require('express');
const { Pool } = require('pg');

const { CLOUD_URL, DATABASE_URL, PRODUCT, CLIENT_ID, CLIENT_SECRET } = process.env;
const LIFETIME = 3600;
const LOOK_UP = {
	name: 'session', // a prepared statement, as our driver makes one too
	text: `SELECT customer.email FROM customer_session
		JOIN customer ON customer.id = customer_session.customer_id
		WHERE customer_session.token_hash = $1 AND customer_session.expires_at > now()`,
};

const pool = new Pool({ connectionString: DATABASE_URL, max: 10 });
const agent = new http.Agent({ keepAlive: true, maxSockets: 100 }); // both as many as ours
const cloud = new URL(CLOUD_URL);
const tokens = new Map();

function ask(path, authorization, type, body) {
	return new Promise((resolve, reject) => {
		const request = http.request({
			agent,
			host: cloud.hostname,
			port: cloud.port,
			path,
			method: 'POST',
			headers: {
				Authorization: authorization,
				'Content-Type': type,
				'Content-Length': Buffer.byteLength(body),
			},
		}, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part) => { text += part; });
			response.on('end', () => {
				if (response.statusCode >= 300) {
					reject(new Error(`the cloud answered ${response.statusCode}`));
				} else {
					resolve(JSON.parse(text));
				}
			});
		});
		request.on('error', reject);
		request.end(body);
	});
}

function tokenOf(email) {
	if (!tokens.has(email)) {
		const client = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64');
		const form = new URLSearchParams({
			grant_type: 'client_credentials',
			scope: `customer=${email}`,
			expires_in: LIFETIME,
		});
		const type = 'application/x-www-form-urlencoded';
		tokens.set(email, ask('/oauth/token', `Basic ${client}`, type, form.toString()));
	}
	return tokens.get(email);
}

const app = express();
app.use(express.json());

app.post('/v1/provisions', async (request, response) => {
	const session = (request.get('authorization') ?? '').replace(/^Bearer /, '');
	const hash = createHash('sha256').update(session).digest('hex');
	const found = await pool.query({ ...LOOK_UP, values: [hash] });
	if (found.rows.length === 0) {
		response.status(401).json({ error: 'sign in again' });
		return;
	}
	const { access_token } = await tokenOf(found.rows[0].email);
	const path = `/v1/products/${PRODUCT}/device_claims`;
	const claim = await ask(path, `Bearer ${access_token}`, 'application/json', '{}');
	response.status(201).json({
		claim_code: claim.claim_code,
		device_ids: claim.device_ids,
		access_token,
		expires_in: LIFETIME,
		cloud_url: CLOUD_URL,
		product: PRODUCT,
	});
});

const server = app.listen(0, '127.0.0.1', () => {
	console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
});
